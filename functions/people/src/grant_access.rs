//! `PUT /api/users/family/{id}/grant`: let the other side of a link see something of one's own, until it ends.

use domain::account::AccountGone;
use domain::family::{FamilyRefused, Grant, Scope, grant_end};
use jiff::Timestamp;
use runtime::answer::Json as JsonAnswer;
use runtime::callers::SignedIn;
use runtime::input::{Json, Path};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{accounts, families};

use crate::needs;
use crate::own_link::Target;

pub static FUNCTION: Function = Function::endpoint::<GrantAccess>();

pub struct GrantAccess;

#[derive(Deserialize, JsonSchema)]
pub struct Body {
    scopes: Vec<Scope>,
    /// A year from now if not said; for a minor, the eighteenth birthday at the latest.
    #[schemars(with = "Option<String>")]
    expires_at: Option<Timestamp>,
}

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    scopes: Vec<Scope>,
    #[schemars(with = "String")]
    expires_at: Timestamp,
}

impl Endpoint for GrantAccess {
    const NAME: &'static str = "grant-access";
    const SUMMARY: &'static str = "Let a family member see something of one's own";
    const ROUTES: &'static [Route] = &[Route::put("/api/users/family/{id}/grant")];
    const NEEDS: &'static [Need] = &needs::WRITE;

    type Caller = SignedIn;
    type Input = (Path<Target>, Json<Body>);
    type Output = JsonAnswer<Answer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Path(target), Json(mut body)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let owner = caller.user_id();
        let link = target.find(context, owner).await?;
        let account = accounts::get(&context.store, owner).await?.ok_or(AccountGone)?;
        body.scopes.sort_by_key(|scope| *scope as u8);
        body.scopes.dedup();
        let grant = Grant {
            owner,
            caregiver: link.seen_by(owner).0,
            link: link.id,
            scopes: body.scopes,
            granted_at: context.now,
            expires_at: grant_end(body.expires_at, account.personal.date_of_birth, context.now)?,
        };
        let granted = families::grant(&context.store, &grant).await;
        granted.map_err(|error| error.or_if_condition_failed(|_| Problem::from(FamilyRefused::NotAgreed)))?;
        Ok(JsonAnswer(Answer {
            scopes: grant.scopes,
            expires_at: grant.expires_at,
        }))
    }
}
