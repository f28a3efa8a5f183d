//! `DELETE /api/notifications/{id}`: remove an own notification from the list (contract #142).

use domain::notification::NotificationUnknown;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::notifications;
use store::table::{ItemAction, Table};

use crate::notification::Parameters;

pub static FUNCTION: Function = Function::endpoint::<DeleteNotification>();

pub struct DeleteNotification;

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    message: &'static str,
}

impl Endpoint for DeleteNotification {
    const NAME: &'static str = "delete-notification";
    const SUMMARY: &'static str = "Remove an own notification";
    const ROUTES: &'static [Route] = &[Route::delete("/api/notifications/{id}")];
    const NEEDS: &'static [Need] = &[Need::Items(
        Table::Notifications,
        &[ItemAction::Update, ItemAction::Delete],
    )];

    type Caller = SignedIn;
    type Input = Path<Parameters>;
    type Output = Json<Answer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        Path(parameters): Path<Parameters>,
    ) -> Result<Self::Output, Problem> {
        let removed = notifications::remove(&context.store, caller.user_id(), parameters.id()?).await;
        removed.map_err(|error| error.or_if_condition_failed(|_| Problem::from(NotificationUnknown::NotFound)))?;
        Ok(Json(Answer {
            message: "Notification deleted",
        }))
    }
}
