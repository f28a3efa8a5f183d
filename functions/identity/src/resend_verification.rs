//! `POST /api/auth/verification/resend`: link and code again (contract #21). Always 200 (decision D6).

use domain::email_address::EmailAddress;
use domain::session::Product;
use runtime::answer::Json as JsonAnswer;
use runtime::callers::Anyone;
use runtime::input::Json;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::{accounts, outbox};

use crate::registration::{self, prove_address};
use crate::sending::{self, BudgetSpent};
use crate::verify_email::Answer;

pub static FUNCTION: Function = Function::endpoint::<ResendVerification>();

pub struct ResendVerification;

#[derive(Deserialize, JsonSchema)]
pub struct Body {
    email: EmailAddress,
}

impl Endpoint for ResendVerification {
    const NAME: &'static str = "resend-verification";
    const SUMMARY: &'static str = "Send the mail that proves an address again";
    const ROUTES: &'static [Route] = &[Route::post("/api/auth/verification/resend").of(Product::FacialDerma)];
    const RATE: RateClass = RateClass::Credentials;
    const NEEDS: &'static [Need] = &[
        registration::NEEDS[0],
        sending::NEEDS[0],
        registration::NEEDS[1],
        registration::NEEDS[2],
    ];

    type Caller = Anyone;
    type Input = Json<Body>;
    type Output = JsonAnswer<Answer>;

    async fn handle(context: &Context, _: Anyone, Json(Body { email }): Json<Body>) -> Result<Self::Output, Problem> {
        if !sending::may_send_to_mailbox(context, &email).await? {
            return Err(BudgetSpent.into());
        }
        let stored = accounts::find_by_email(&context.store, &email).await?;
        let waiting = stored.filter(|stored| !stored.account.email_is_proved);
        if let Some(stored) = waiting {
            let account = stored.account;
            let message = prove_address(context, account.id, &email, account.personal.language).await?;
            outbox::add(&context.store, &message).await?;
        }
        let message = "If the address waits for verification, a new code was sent to it";
        Ok(JsonAnswer(Answer { message }))
    }
}
