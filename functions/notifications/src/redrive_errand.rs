//! `POST /api/admin/outbox/{id}/redrive`: let what failed for good be tried again, from its first try on.

use domain::errand::ErrandUnknown;
use domain::id::OutboxId;
use runtime::answer::Json;
use runtime::callers::Admin;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::outbox;
use store::table::{ItemAction, Table};

pub static FUNCTION: Function = Function::endpoint::<RedriveErrand>();

pub struct RedriveErrand;

#[derive(Deserialize, JsonSchema)]
pub struct Parameters {
    /// 24 hexadecimal digits.
    id: String,
}

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    message: &'static str,
}

impl Endpoint for RedriveErrand {
    const NAME: &'static str = "redrive-errand";
    const SUMMARY: &'static str = "Let a message or removal that failed for good be tried again";
    const ROUTES: &'static [Route] = &[Route::post("/api/admin/outbox/{id}/redrive")];
    const NEEDS: &'static [Need] = &[
        Need::Items(
            Table::Notifications,
            &[ItemAction::Get, ItemAction::Put, ItemAction::Update, ItemAction::Delete],
        ),
        Need::FieldKeys,
    ];

    type Caller = Admin;
    type Input = Path<Parameters>;
    type Output = Json<Answer>;

    async fn handle(context: &Context, _: Admin, Path(parameters): Path<Parameters>) -> Result<Self::Output, Problem> {
        let id: OutboxId = parameters.id.parse().map_err(|_| ErrandUnknown)?;
        let redriven = outbox::redrive(&context.store, id, context.now).await;
        redriven.map_err(|error| error.or_if_condition_failed(|_| Problem::from(ErrandUnknown)))?;
        Ok(Json(Answer {
            message: "It will be tried again within a minute",
        }))
    }
}
