//! `POST /api/auth/reset-password`: a new password by the code from the mail (contract #23). Ends all sessions.

use domain::email_address::EmailAddress;
use domain::notice::Notice;
use domain::one_time_code::{CodeRefused, Purpose};
use domain::password::Password;
use domain::session::Product;
use runtime::answer::Json as JsonAnswer;
use runtime::callers::Anyone;
use runtime::input::Json;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Retry, Route, passwords};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{accounts, codes};

use crate::new_password::PasswordRefused;
use crate::{codes_checked, registration, sending};

pub static FUNCTION: Function = Function::endpoint::<ResetPassword>();

pub struct ResetPassword;

#[derive(Deserialize, JsonSchema)]
pub struct Body {
    email: EmailAddress,
    otp: String,
    /// At least 8 characters.
    #[serde(rename = "newPassword")]
    new_password: String,
}

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    message: &'static str,
}

impl Endpoint for ResetPassword {
    const NAME: &'static str = "reset-password";
    const SUMMARY: &'static str = "Set a new password with a code from an e-mail";
    const ROUTES: &'static [Route] = &[Route::post("/api/auth/reset-password").of(Product::FacialDerma)];
    const RATE: RateClass = RateClass::Credentials;
    const RETRY: Retry = Retry::HandledAgain("each guess at a code counts, and a right one is spent");
    const NEEDS: &'static [Need] = &[
        registration::NEEDS[0],
        sending::NEEDS[0],
        registration::NEEDS[1],
        registration::NEEDS[2],
        Need::Secret(runtime::secrets::Secret::TwilioAuthToken),
    ];
    const MEMORY_MB: u16 = 1024;

    type Caller = Anyone;
    type Input = Json<Body>;
    type Output = JsonAnswer<Answer>;

    async fn handle(context: &Context, _: Anyone, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        let new: Password = body.new_password.parse().map_err(PasswordRefused::from)?;
        let code = body.otp.parse().map_err(|_| CodeRefused::Wrong)?;
        let proof = codes_checked::check(context, Purpose::ResetPassword, body.email.as_str(), &code).await?;
        let salt = context.random()?;
        let hash = context.busy(move || passwords::hash(new.as_bytes(), salt)).await??;
        // Used up first: of two who hold the code, one sets a password.
        if !codes::spend(&context.store, &proof).await? {
            return Err(CodeRefused::Wrong.into());
        }
        let stored = accounts::find_by_email(&context.store, &body.email).await?;
        let user = stored.ok_or(CodeRefused::Wrong)?.account.id;
        let message = context.tell(user, Notice::PasswordChanged)?;
        accounts::change::<Problem>(&context.store, user, &[message], |stored| {
            let account = &mut stored.account;
            if account.email.as_ref() != Some(&body.email) {
                return Err(CodeRefused::Wrong.into());
            }
            // Whoever reads the mailbox is the owner; a number that was only claimed may be another's.
            account.email_is_proved = true;
            if !account.phone_is_proved {
                account.phone = None;
            }
            account.updated_at = context.now;
            stored.password_hash = Some(hash.clone());
            stored.epoch += 1;
            Ok(())
        })
        .await?;
        let message = "Password has been reset successfully";
        Ok(JsonAnswer(Answer { message }))
    }
}
