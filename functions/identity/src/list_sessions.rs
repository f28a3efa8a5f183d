//! `GET /api/auth/sessions`: the devices on which one is signed in, newest first.

use domain::account::AccountGone;
use domain::id::SessionId;
use domain::session::Product;
use jiff::Timestamp;
use runtime::answer::Json;
use runtime::callers::SignedInOrSuspended;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::table::{ItemAction, Table};
use store::{accounts, sessions};

pub static FUNCTION: Function = Function::endpoint::<ListSessions>();

pub struct ListSessions;

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    sessions: Vec<OpenSession>,
}

#[derive(Serialize, JsonSchema)]
struct OpenSession {
    id: SessionId,
    #[schemars(with = "String")]
    product: Product,
    /// Network address and program at the sign-in.
    address: String,
    user_agent: String,
    /// Whether it is the one that asks.
    is_current: bool,
    #[schemars(with = "String")]
    created_at: Timestamp,
    /// The last refresh.
    #[schemars(with = "String")]
    last_used_at: Timestamp,
    #[schemars(with = "String")]
    expires_at: Timestamp,
}

impl Endpoint for ListSessions {
    const NAME: &'static str = "list-sessions";
    const SUMMARY: &'static str = "The devices on which one is signed in";
    const ROUTES: &'static [Route] = &[Route::get("/api/auth/sessions")];
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Identity, &[ItemAction::Get, ItemAction::Query]),
        Need::FieldKeys,
    ];

    type Caller = SignedInOrSuspended;
    type Input = ();
    type Output = Json<Answer>;

    async fn handle(context: &Context, caller: SignedInOrSuspended, (): ()) -> Result<Self::Output, Problem> {
        let user = caller.session.user_id;
        let stored = accounts::get_stored(&context.store, user).await?.ok_or(AccountGone)?;
        let sessions = sessions::list(&context.store, user, stored.epoch, context.now).await?;
        let sessions = sessions.into_iter().map(|session| OpenSession {
            is_current: session.id == caller.session.id,
            id: session.id,
            product: session.product,
            address: session.device.address,
            user_agent: session.device.user_agent,
            created_at: session.created_at,
            last_used_at: session.moved_at,
            expires_at: session.expires_at,
        });
        Ok(Json(Answer {
            sessions: sessions.collect(),
        }))
    }
}
