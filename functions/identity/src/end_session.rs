//! `DELETE /api/auth/sessions/{id}`: sign out one of one's own devices, effective within five seconds.

use domain::id::SessionId;
use domain::refusal::{Kind, Refusal};
use runtime::answer::Json;
use runtime::callers::SignedInOrSuspended;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::table::{ItemAction, Table};
use store::{devices, sessions};

pub static FUNCTION: Function = Function::endpoint::<EndSession>();

pub struct EndSession;

#[derive(Deserialize, JsonSchema)]
pub struct Target {
    id: SessionId,
}

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    message: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Session not found")]
struct NoSession;

impl Refusal for NoSession {
    fn kind(&self) -> Kind {
        Kind::NotFound
    }

    fn code(&self) -> &'static str {
        "session_not_found"
    }
}

impl Endpoint for EndSession {
    const NAME: &'static str = "end-session";
    const SUMMARY: &'static str = "Sign out one of one's own devices";
    const ROUTES: &'static [Route] = &[Route::delete("/api/auth/sessions/{id}")];
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Identity, &[ItemAction::Delete]),
        Need::Items(
            Table::Notifications,
            &[ItemAction::Query, ItemAction::Put, ItemAction::Delete],
        ),
        Need::FieldKeys,
    ];

    type Caller = SignedInOrSuspended;
    type Input = Path<Target>;
    type Output = Json<Answer>;

    async fn handle(
        context: &Context,
        caller: SignedInOrSuspended,
        Path(target): Path<Target>,
    ) -> Result<Self::Output, Problem> {
        let user = caller.session.user_id;
        let follows = context.close_sockets(user)?;
        if !sessions::end(&context.store, user, target.id, &follows).await? {
            return Err(NoSession.into());
        }
        devices::remove_of_session(&context.store, user, target.id).await?;
        context.platform.forget_session(target.id);
        let message = "The device was signed out";
        Ok(Json(Answer { message }))
    }
}
