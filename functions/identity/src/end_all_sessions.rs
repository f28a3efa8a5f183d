//! `POST /api/auth/logout-everywhere`: sign out all of one's devices, this one too, effective within five seconds.

use runtime::answer::Json;
use runtime::callers::SignedInOrSuspended;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Retry, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::accounts;
use store::table::{ItemAction, Table};

pub static FUNCTION: Function = Function::endpoint::<EndAllSessions>();

pub struct EndAllSessions;

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    message: &'static str,
}

impl Endpoint for EndAllSessions {
    const NAME: &'static str = "end-all-sessions";
    const SUMMARY: &'static str = "Sign out everywhere";
    const ROUTES: &'static [Route] = &[Route::post("/api/auth/logout-everywhere")];
    const RETRY: Retry = Retry::HandledAgain("it ends the session that asks: whoever asks again is signed out");
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Identity, &[ItemAction::Get, ItemAction::Put]),
        Need::Items(Table::Notifications, &[ItemAction::Put]),
        Need::FieldKeys,
    ];

    type Caller = SignedInOrSuspended;
    type Input = ();
    type Output = Json<Answer>;

    async fn handle(context: &Context, caller: SignedInOrSuspended, (): ()) -> Result<Self::Output, Problem> {
        // Sessions name the epoch they were opened in: one write ends them all.
        let user = caller.session.user_id;
        let follows = context.close_sockets(user)?;
        accounts::change::<Problem>(&context.store, user, &[follows], |stored| {
            stored.epoch += 1;
            Ok(())
        })
        .await?;
        context.platform.forget_session(caller.session.id);
        let message = "Signed out everywhere";
        Ok(Json(Answer { message }))
    }
}
