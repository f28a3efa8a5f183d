//! `PUT /users/{username}/password`: set a password, one's own or as an admin (contract #40). Ends all sessions.

use domain::notice::Notice;
use domain::password::Password;
use domain::refusal::FieldError;
use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::{OptionalJson, Path, Query};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route, passwords};
use schemars::JsonSchema;
use serde::Deserialize;
use store::accounts;

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
        let salt = context.random()?;
        let hash = context.busy(move || passwords::hash(new.as_bytes(), salt)).await??;
        let message = context.tell(account.id, Notice::PasswordChanged)?;
        accounts::change::<Problem>(&context.store, account.id, &[message], |stored| {
            stored.password_hash = Some(hash.clone());
            stored.epoch += 1;
            stored.account.updated_at = context.now;
            Ok(())
        })
        .await?;
        Ok(Json(Said::to(context, "Password updated successfully")))
    }
}
