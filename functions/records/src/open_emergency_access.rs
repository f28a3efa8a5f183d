//! `POST /api/patients/{patient_id}/emergency-access`: read a patient's records in an emergency, for an hour.
//!
//! The doctor must have signed in within 15 minutes. A password in the body would leave out those who sign in by code.

use domain::audit::{Action, Resource, ResourceKind, Why};
use domain::emergency::{EmergencyAccess, EmergencyRefused};
use domain::id::{EmergencyAccessId, UserId};
use domain::notice::Notice;
use domain::throttle::EMERGENCY_BUDGET;
use runtime::answer::Created;
use runtime::callers::VerifiedDoctor;
use runtime::input::{Json, Path};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::outbox::Errand;
use store::table::{ItemAction, Table};
use store::{budgets, emergencies};

use crate::emergency_answer::EmergencyAnswer;

pub static FUNCTION: Function = Function::endpoint::<OpenEmergencyAccess>();

pub struct OpenEmergencyAccess;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "EmergencyPatient")]
pub struct Target {
    patient_id: UserId,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "EmergencyReason")]
pub struct Body {
    /// 10 to 500 characters. The patient reads it in their log, and admins when they review it.
    reason: String,
}

impl Endpoint for OpenEmergencyAccess {
    const NAME: &'static str = "open-emergency-access";
    const SUMMARY: &'static str = "Read a patient's health records in an emergency, for an hour";
    const ROUTES: &'static [Route] = &[Route::post("/api/patients/{patient_id}/emergency-access")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &[
        Need::Items(
            Table::Identity,
            &[ItemAction::Get, ItemAction::Put, ItemAction::Update, ItemAction::Check],
        ),
        Need::Items(Table::Notifications, &[ItemAction::Put]),
        Need::FieldKeys,
    ];

    type Caller = VerifiedDoctor;
    type Input = (Path<Target>, Json<Body>);
    type Output = Created<EmergencyAnswer>;

    async fn handle(
        context: &Context,
        doctor: VerifiedDoctor,
        (Path(target), Json(body)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let (session, patient) = (&doctor.session, target.patient_id);
        let id = context.new_id(EmergencyAccessId::new)?;
        let people = (patient, session.user_id);
        let access = EmergencyAccess::open(id, people, &body.reason, session.created_at, context.now)?;
        let budget = [(EMERGENCY_BUDGET, session.user_id.to_string())];
        if !budgets::spend(&context.store, &budget, context.now).await? {
            return Err(EmergencyRefused::TooMany.into());
        }
        let why = Why::BreakGlass {
            reason: access.reason.clone(),
        };
        let resource = Resource::one(ResourceKind::EmergencyAccess, id);
        let entries = [
            context.audit(session, patient, Action::Create, resource, why)?,
            context.tell(patient, Notice::EmergencyAccess)?,
            context.entry(Errand::TellAdmins {
                notice: Notice::EmergencyAccessOpened,
            })?,
        ];
        emergencies::open(&context.store, &access, &entries).await?;
        Ok(Created(access.into()))
    }
}
