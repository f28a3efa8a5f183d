//! `POST /api/auth/forgot-password`: a code by e-mail for a new password (contract #22).
//!
//! Always 200 and as long, whether there is such an account or not (decision D6).

use domain::email_address::EmailAddress;
use domain::language::Language;
use domain::one_time_code::Purpose;
use domain::session::Product;
use runtime::answer::Json as JsonAnswer;
use runtime::callers::Anyone;
use runtime::input::{AcceptLanguage, Json};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::accounts;

use crate::sending;

pub static FUNCTION: Function = Function::endpoint::<ForgotPassword>();

pub struct ForgotPassword;

#[derive(Deserialize, JsonSchema)]
pub struct Body {
    email: EmailAddress,
}

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    message: &'static str,
}

impl Endpoint for ForgotPassword {
    const NAME: &'static str = "forgot-password";
    const SUMMARY: &'static str = "Send a code for a new password";
    const ROUTES: &'static [Route] = &[Route::post("/api/auth/forgot-password").of(Product::FacialDerma)];
    const RATE: RateClass = RateClass::Credentials;
    const NEEDS: &'static [Need] = &sending::NEEDS;

    type Caller = Anyone;
    type Input = (Json<Body>, AcceptLanguage);
    type Output = JsonAnswer<Answer>;

    async fn handle(
        context: &Context,
        _: Anyone,
        (Json(Body { email }), AcceptLanguage(language)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let stored = accounts::find_by_email(&context.store, &email).await?;
        let language = match &stored {
            Some(stored) => stored.account.personal.language,
            None => Language::preferred(&language),
        };
        let is_known = stored.is_some();
        // A budget that is spent is not told either.
        sending::to_mailbox(context, Purpose::ResetPassword, &email, None, language, is_known).await?;
        let message = "If an account with this e-mail exists, a code was sent to it";
        Ok(JsonAnswer(Answer { message }))
    }
}
