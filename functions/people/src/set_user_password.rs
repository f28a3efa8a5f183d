//! `PUT /users/{username}/password`: set a password, one's own or as an admin (contract #40). Ends all sessions.

use domain::account::{Account, AccountGone, LogInRefused};
use domain::notice::Notice;
use domain::password::Password;
use domain::refusal::{FieldError, Kind, Refusal};
use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::{OptionalJson, Path, Query};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route, passwords};
use schemars::JsonSchema;
use serde::Deserialize;
use store::accounts::{self, StoredAccount};
use store::failures::{self, Leave};

use crate::needs;
use crate::target::Target;
use crate::views::Said;

pub static FUNCTION: Function = Function::endpoint::<SetUserPassword>();

pub struct SetUserPassword;

/// In the body, or in the query, which is never logged.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Change {
    new_password: Option<String>,
    /// Where somebody gives it for their own, it must be right.
    old_password: Option<String>,
}

/// A 400, not a 401, which would log clients out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Current password is incorrect")]
struct OldPasswordWrong;

impl Refusal for OldPasswordWrong {
    fn kind(&self) -> Kind {
        Kind::BadRequest
    }

    fn code(&self) -> &'static str {
        "password_incorrect"
    }
}

impl Endpoint for SetUserPassword {
    const NAME: &'static str = "set-user-password";
    const SUMMARY: &'static str = "Set a password, one's own or as an admin";
    const ROUTES: &'static [Route] = &[Route::put("/users/{username}/password").of(Product::Derma)];
    const RATE: RateClass = RateClass::Credentials;
    const NEEDS: &'static [Need] = &needs::WRITE;
    const MEMORY_MB: u16 = 1024;

    type Caller = SignedIn;
    type Input = (Path<Target>, (Query<Change>, OptionalJson<Change>));
    type Output = Json<Said>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Path(target), (Query(query), OptionalJson(body))): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let account = target.find_for(context, &caller.session).await?;
        let new = body.new_password.or(query.new_password).unwrap_or_default();
        let new: Password = new
            .parse()
            .map_err(|rule| Problem::invalid(vec![FieldError::new("body", "new_password", "invalid", rule)]))?;
        let is_own = account.id == caller.user_id();
        if let (true, Some(old)) = (is_own, body.old_password.or(query.old_password)) {
            require(context, &account, old).await?;
        }
        set(context, &caller, &account, new).await?;
        context.platform.forget_user(account.id);
        Ok(Json(Said::to(context, "Password updated successfully")))
    }
}

/// Counted like the guesses of a sign-in.
async fn require(context: &Context, account: &Account, old: String) -> Result<(), Problem> {
    let (counted, network) = (format!("user:{}", account.id), context.network());
    if let Leave::Refused(wait) = failures::before_guess(&context.store, &counted, &network, false, context.now).await?
    {
        let seconds = u32::try_from(wait.as_secs().max(1)).unwrap_or(u32::MAX);
        return Err(LogInRefused::Locked { seconds }.into());
    }
    let stored = accounts::get_stored(&context.store, account.id)
        .await?
        .ok_or(AccountGone)?;
    let hash = stored.password_hash;
    let is_right = hash.is_none() || {
        let verify = move || passwords::verify(old.as_bytes(), hash.as_deref());
        context.busy(verify).await??
    };
    if !is_right {
        return Err(OldPasswordWrong.into());
    }
    Ok(failures::forget(&context.store, &counted, &network).await?)
}

async fn set(context: &Context, caller: &SignedIn, account: &Account, new: Password) -> Result<(), Problem> {
    let salt = context.random()?;
    let hash = context.busy(move || passwords::hash(new.as_bytes(), salt)).await??;
    let message = context.tell(account.id, Notice::PasswordChanged)?;
    let rule = |stored: &mut StoredAccount| -> Result<(), Problem> {
        stored.password_hash = Some(hash.clone());
        stored.epoch += 1;
        stored.account.updated_at = context.now;
        Ok(())
    };
    // One's own needs no other right.
    accounts::change_as_admin(&context.store, caller.user_id(), account.id, &[message], rule).await?;
    Ok(())
}
