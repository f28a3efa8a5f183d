//! `PATCH /api/notifications/{id}/read`: mark an own notification as read; once more does no harm (contract #141).

use domain::notification::NotificationUnknown;
use runtime::answer::NoContent;
use runtime::callers::SignedIn;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::notifications;
use store::table::{ItemAction, Table};

use crate::notification::Parameters;

pub static FUNCTION: Function = Function::endpoint::<MarkNotificationRead>();

pub struct MarkNotificationRead;

impl Endpoint for MarkNotificationRead {
    const NAME: &'static str = "mark-notification-read";
    const SUMMARY: &'static str = "Mark an own notification as read";
    const ROUTES: &'static [Route] = &[Route::patch("/api/notifications/{id}/read")];
    const NEEDS: &'static [Need] = &[Need::Items(
        Table::Notifications,
        &[ItemAction::Get, ItemAction::Update, ItemAction::Delete],
    )];

    type Caller = SignedIn;
    type Input = Path<Parameters>;
    type Output = NoContent;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        Path(parameters): Path<Parameters>,
    ) -> Result<Self::Output, Problem> {
        let marked = notifications::mark_read(&context.store, caller.user_id(), parameters.id()?).await;
        marked.map_err(|error| error.or_if_condition_failed(|_| Problem::from(NotificationUnknown::NotFound)))?;
        Ok(NoContent)
    }
}
