//! `POST /api/auth/logout`: end the session of this device (contract #12). It always succeeds.

use domain::session::Product;
use runtime::answer::{Cookie, JsonWithCookies};
use runtime::callers::Anyone;
use runtime::input::{LooseBearer, OptionalJson, RefreshCookie};
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Endpoint, Function, Problem, Retry, Route, tokens};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::table::{ItemAction, Table};
use store::{devices, sessions};

use crate::opening;

pub static FUNCTION: Function = Function::endpoint::<LogOut>();

pub struct LogOut;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Body {
    /// Names the session where the access token is over already.
    refresh_token: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    success: bool,
    message: &'static str,
}

impl Endpoint for LogOut {
    const NAME: &'static str = "log-out";
    const SUMMARY: &'static str = "End the session of this device";
    const ROUTES: &'static [Route] = &[Route::post("/api/auth/logout").of(Product::Dental)];
    const RETRY: Retry = Retry::HandledAgain("who is signed out already is told the same");
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Identity, &[ItemAction::Delete]),
        Need::Items(
            Table::Notifications,
            &[ItemAction::Query, ItemAction::Put, ItemAction::Delete],
        ),
        Need::FieldKeys,
        Need::Secret(Secret::TokenSigningKey),
    ];

    type Caller = Anyone;
    type Input = (LooseBearer, (OptionalJson<Body>, RefreshCookie));
    type Output = JsonWithCookies<Answer>;

    async fn handle(
        context: &Context,
        _: Anyone,
        (LooseBearer(access), (OptionalJson(body), RefreshCookie(cookie))): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let keys = &context.platform.settings.tokens.public_keys;
        let by_access = access.and_then(|token| tokens::verify(&token, keys, context.now).ok());
        let mut named = by_access.map(|claims| (claims.sub, claims.sid));
        if let (None, Some(token)) = (named, body.refresh_token.or(cookie)) {
            let claims = opening::signer(context).await?.read_refresh_token(&token);
            named = claims.map(|claims| (claims.user, claims.session));
        }
        let mut has_ended = false;
        if let Some((user, session)) = named {
            let follows = context.close_sockets(user)?;
            has_ended = sessions::end(&context.store, user, session, &follows).await?;
            devices::remove_of_session(&context.store, user, session).await?;
            context.platform.forget_session(session);
        }
        let message = if has_ended {
            "Logout successful"
        } else {
            "Already logged out"
        };
        let gone = |name| Cookie {
            name,
            value: String::new(),
            max_age_seconds: 0,
        };
        Ok(JsonWithCookies {
            value: Answer { success: true, message },
            cookies: vec![gone("access_token"), gone("refresh_token")],
        })
    }
}
