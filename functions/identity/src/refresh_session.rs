//! `POST /api/auth/refresh`: a new pair of tokens (contract #11; clash C4).
//!
//! A refresh token is good for one turn. Requests at the same moment, and those whose answer got lost, get the same
//! successor; one that is presented later was copied, and ends the session of that device.

use domain::notice::Notice;
use domain::session::{Product, RefreshRefused};
use runtime::answer::JsonWithCookies;
use runtime::callers::Anyone;
use runtime::input::{OptionalJson, Query, RefreshCookie};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Retry, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::sessions::{self, Refreshed};

use crate::opening;

pub static FUNCTION: Function = Function::endpoint::<RefreshSession>();

pub struct RefreshSession;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Body {
    /// Or in a cookie of this name.
    refresh_token: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    access_token: String,
    refresh_token: Option<String>,
    token_type: &'static str,
    /// Seconds.
    expires_in: i64,
}

impl Endpoint for RefreshSession {
    const NAME: &'static str = "refresh-session";
    const SUMMARY: &'static str = "Exchange a refresh token for a new pair of tokens";
    const ROUTES: &'static [Route] = &[Route::post("/api/auth/refresh").of(Product::Telemedicine)];
    const RATE: RateClass = RateClass::Credentials;
    const RETRY: Retry = Retry::HandledAgain("a token that is shown again within its grace gets the same successor");
    const NEEDS: &'static [Need] = &opening::NEEDS;

    type Caller = Anyone;
    type Input = (OptionalJson<Body>, (Query<Body>, RefreshCookie));
    type Output = JsonWithCookies<Answer>;

    async fn handle(
        context: &Context,
        _: Anyone,
        (OptionalJson(body), (Query(query), RefreshCookie(cookie))): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let has_cookie = cookie.is_some();
        let token = body.refresh_token.or(query.refresh_token).or(cookie);
        let token = token.filter(|token| !token.is_empty()).ok_or(RefreshRefused::Missing)?;
        let claims = opening::signer(context).await?.read_refresh_token(&token);
        let claims = claims.ok_or(RefreshRefused::Invalid)?;
        let warning = context.tell(claims.user, Notice::SessionChainEnded)?;
        let store = &context.store;
        let refreshed = sessions::refresh(
            store,
            claims.user,
            claims.session,
            claims.generation,
            &warning,
            context.now,
        )
        .await?;
        let Refreshed::Moved { session, generation } = refreshed else {
            return Err(RefreshRefused::Invalid.into());
        };
        let tokens = opening::tokens(context, &session, generation).await?;
        Ok(JsonWithCookies {
            cookies: if has_cookie { tokens.cookies() } else { Vec::new() },
            value: Answer {
                access_token: tokens.access_token,
                refresh_token: tokens.refresh_token,
                token_type: "bearer",
                expires_in: tokens.expires_in,
            },
        })
    }
}
