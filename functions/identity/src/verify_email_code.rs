//! `POST /api/auth/verify-email-otp`: the code from the mail that proves its address (contract #20).

use domain::email_address::EmailAddress;
use domain::one_time_code::{CodeRefused, Purpose};
use domain::session::Product;
use runtime::answer::Json as JsonAnswer;
use runtime::callers::Anyone;
use runtime::input::Json;
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Retry, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::{accounts, codes};

use crate::verify_email::{Answer, VERIFIED};
use crate::{codes_checked, registration, sending};

pub static FUNCTION: Function = Function::endpoint::<VerifyEmailCode>();

pub struct VerifyEmailCode;

#[derive(Deserialize, JsonSchema)]
pub struct Body {
    email: EmailAddress,
    otp: String,
}

impl Endpoint for VerifyEmailCode {
    const NAME: &'static str = "verify-email-code";
    const SUMMARY: &'static str = "Prove an e-mail address by the code that was sent to it";
    const ROUTES: &'static [Route] = &[Route::post("/api/auth/verify-email-otp").of(Product::FacialDerma)];
    const RATE: RateClass = RateClass::Credentials;
    const RETRY: Retry = Retry::HandledAgain("each guess at a code counts, and a right one is spent");
    const NEEDS: &'static [Need] = &[
        registration::NEEDS[0],
        sending::NEEDS[0],
        registration::NEEDS[1],
        registration::NEEDS[2],
        Need::Secret(Secret::TwilioAuthToken),
    ];

    type Caller = Anyone;
    type Input = Json<Body>;
    type Output = JsonAnswer<Answer>;

    async fn handle(context: &Context, _: Anyone, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        let code = body.otp.parse().map_err(|_| CodeRefused::Wrong)?;
        let proof = codes_checked::check(context, Purpose::VerifyEmail, body.email.as_str(), &code).await?;
        let stored = accounts::find_by_email(&context.store, &body.email).await?;
        let user = stored.ok_or(CodeRefused::Wrong)?.account.id;
        accounts::change::<Problem>(&context.store, user, &[], |stored| {
            if stored.account.email.as_ref() != Some(&body.email) {
                return Err(CodeRefused::Wrong.into());
            }
            stored.account.email_is_proved = true;
            Ok(())
        })
        .await?;
        codes::spend(&context.store, &proof).await?;
        Ok(JsonAnswer(Answer { message: VERIFIED }))
    }
}
