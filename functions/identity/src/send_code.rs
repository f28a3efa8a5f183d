//! `POST /auth/login/send-otp`: a code by text message (contract #1, #5, #10).
//!
//! Known and unknown numbers are answered alike: the first right code makes the account (decision D6).

use domain::language::Language;
use domain::one_time_code::Purpose;
use domain::phone_number::PhoneNumber;
use domain::session::Product;
use runtime::answer::Json as JsonAnswer;
use runtime::callers::Anyone;
use runtime::input::{AcceptLanguage, Json, MethodAndPath};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::codes;

use crate::envelope::CodeSent;
use crate::sending::{self, BudgetSpent};

pub static FUNCTION: Function = Function::endpoint::<SendCode>();

pub struct SendCode;

#[derive(Deserialize, JsonSchema)]
pub struct Body {
    /// E.164.
    #[serde(alias = "phone")]
    mobile_number: PhoneNumber,
}

const FIRST_VERSION: &str = "/auth/login/send-otp";
const RESEND: &str = "/api/auth/resend-otp";

impl Endpoint for SendCode {
    const NAME: &'static str = "send-code";
    const SUMMARY: &'static str = "Send a one-time code by text message";
    const ROUTES: &'static [Route] = &[
        Route::post(FIRST_VERSION).of(Product::Dental),
        Route::post("/api/auth/login/send-otp").of(Product::Dental),
        Route::post(RESEND).of(Product::Dental),
    ];
    const RATE: RateClass = RateClass::Credentials;
    const NEEDS: &'static [Need] = &sending::NEEDS;

    type Caller = Anyone;
    type Input = (Json<Body>, (AcceptLanguage, MethodAndPath));
    type Output = JsonAnswer<CodeSent>;

    async fn handle(
        context: &Context,
        _: Anyone,
        (Json(body), (AcceptLanguage(language), target)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let phone = body.mobile_number;
        let path = target.path.trim_end_matches('/');
        let language = Language::preferred(&language);
        // Nobody can be sent codes by somebody who only knows this path.
        if path == RESEND && !codes::is_pending(&context.store, Purpose::SignIn, phone.as_str(), context.now).await? {
            return Ok(JsonAnswer(CodeSent::failed(
                "No code is pending for this number",
                "SEND_FAILED",
            )));
        }
        match sending::to_phone(context, Purpose::SignIn, &phone, None, language).await? {
            Some(request_id) => Ok(JsonAnswer(CodeSent::sent(phone, request_id, None))),
            None if path == FIRST_VERSION => Err(BudgetSpent.into()),
            None => Ok(JsonAnswer(CodeSent::failed(sending::TOO_MANY, "RATE_LIMIT_EXCEEDED"))),
        }
    }
}
