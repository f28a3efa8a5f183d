//! `POST /api/admin/emergency-access/{id}/review`: say whether an access in an emergency was justified, once.

use domain::emergency::{EmergencyRefused, Outcome};
use runtime::answer;
use runtime::callers::Admin;
use runtime::input::{Json, Path};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::emergencies;
use store::table::{ItemAction, Table};

use crate::emergency_answer::EmergencyAnswer;

pub static FUNCTION: Function = Function::endpoint::<ReviewEmergencyAccess>();

pub struct ReviewEmergencyAccess;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "EmergencyAccessName")]
pub struct Target {
    id: String,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "EmergencyAccessFinding")]
pub struct Body {
    outcome: Outcome,
}

impl Endpoint for ReviewEmergencyAccess {
    const NAME: &'static str = "review-emergency-access";
    const SUMMARY: &'static str = "Say whether an access in an emergency was justified";
    const ROUTES: &'static [Route] = &[Route::post("/api/admin/emergency-access/{id}/review")];
    const NEEDS: &'static [Need] = &[
        Need::Items(
            Table::Identity,
            &[
                ItemAction::Get,
                ItemAction::Update,
                ItemAction::Delete,
                ItemAction::Check,
            ],
        ),
        Need::FieldKeys,
    ];

    type Caller = Admin;
    type Input = (Path<Target>, Json<Body>);
    type Output = answer::Json<EmergencyAnswer>;

    async fn handle(
        context: &Context,
        admin: Admin,
        (Path(target), Json(body)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let id = target.id.parse().map_err(|_| EmergencyRefused::NotFound)?;
        let admin = admin.user_id();
        let reviewed = emergencies::review(&context.store, admin, id, body.outcome, context.now).await?;
        Ok(answer::Json(reviewed.into()))
    }
}
