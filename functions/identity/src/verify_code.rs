//! `POST /auth/login/verify-otp`: sign in by a code, or check a password reset code (contract #2, #4, #9; clash C3).

use domain::email_address::EmailAddress;
use domain::one_time_code::{CodeRefused, OneTimeCode, Purpose};
use domain::phone_number::PhoneNumber;
use domain::refusal::{FieldError, Kind, Refusal};
use domain::session::Product;
use runtime::answer::JsonWithCookies;
use runtime::callers::Anyone;
use runtime::input::{Json, MethodAndPath};
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Retry, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::codes;

use crate::envelope::CodeVerified;
use crate::log_in::malformed_phone;
use crate::{codes_checked, opening, phone_accounts, sending};

pub static FUNCTION: Function = Function::endpoint::<VerifyCode>();

pub struct VerifyCode;

#[derive(Deserialize, JsonSchema)]
pub struct Body {
    #[serde(alias = "mobile_number")]
    phone: Option<String>,
    /// With this instead of a phone: a code for a forgotten password is looked at and stays good.
    email: Option<EmailAddress>,
    #[serde(alias = "otp_code")]
    otp: Option<String>,
}

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Answer {
    Checked { message: &'static str },
    Verified(Box<CodeVerified>),
}

/// A registration that nobody asked for, or that is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("No pending registration for this number")]
struct NoRegistration;

impl Refusal for NoRegistration {
    fn kind(&self) -> Kind {
        Kind::BadRequest
    }

    fn code(&self) -> &'static str {
        "registration_missing"
    }
}

const NEWER: &str = "/api/auth/verify-otp";
const REGISTRATION: &str = "/auth/register/verify-otp";

impl Endpoint for VerifyCode {
    const NAME: &'static str = "verify-code";
    const SUMMARY: &'static str = "Sign in by a one-time code, or check a code for a forgotten password";
    const ROUTES: &'static [Route] = &[
        Route::post("/auth/login/verify-otp").of(Product::Dental),
        Route::post(REGISTRATION).of(Product::Dental),
        Route::post(NEWER),
    ];
    const RATE: RateClass = RateClass::Credentials;
    const RETRY: Retry = Retry::HandledAgain(
        "each guess at a code counts, and its answer is a new session, whose tokens are kept nowhere",
    );
    const NEEDS: &'static [Need] = &[
        opening::NEEDS[0],
        sending::NEEDS[0],
        opening::NEEDS[1],
        opening::NEEDS[2],
        opening::NEEDS[3],
        Need::Secret(Secret::LinkSigningKey),
        Need::Secret(Secret::TwilioAuthToken),
    ];

    type Caller = Anyone;
    type Input = (Json<Body>, MethodAndPath);
    type Output = JsonWithCookies<Answer>;

    async fn handle(context: &Context, _: Anyone, (Json(body), target): Self::Input) -> Result<Self::Output, Problem> {
        let path = target.path.trim_end_matches('/');
        match (body.phone, body.email) {
            (None, Some(email)) if path == NEWER => check_reset_code(context, &email, body.otp).await,
            (Some(_), Some(_)) => Err(wrong("phone", "cannot be sent together with an e-mail address")),
            (phone, _) if path == NEWER => in_envelope(context, phone, body.otp).await,
            (phone, _) => {
                let phone = phone.ok_or_else(|| wrong("mobile_number", "is required"))?;
                let phone: PhoneNumber = phone.parse().map_err(|error| malformed_phone("mobile_number", error))?;
                let code = body.otp.as_deref().unwrap_or_default().parse();
                let code = code.map_err(|error| wrong("otp_code", &format!("{error}")))?;
                sign_in(context, &phone, &code, path == REGISTRATION).await
            }
        }
    }
}

fn wrong(field: &str, rule: &str) -> Problem {
    Problem::invalid(vec![FieldError::new("body", field, "invalid", rule)])
}

/// The newer apps read failures from an envelope with status 200.
async fn in_envelope(
    context: &Context,
    phone: Option<String>,
    code: Option<String>,
) -> Result<JsonWithCookies<Answer>, Problem> {
    let failed = |message, code| {
        Ok(JsonWithCookies {
            value: Answer::Verified(Box::new(CodeVerified::failed(message, code))),
            cookies: Vec::new(),
        })
    };
    let Some(phone) = phone.filter(|phone| !phone.trim().is_empty()) else {
        return failed("Phone number is required", "MISSING_PHONE");
    };
    let Some(code) = code.filter(|code| !code.trim().is_empty()) else {
        return failed("OTP is required", "MISSING_OTP");
    };
    let Ok(code) = code.parse::<OneTimeCode>() else {
        return failed("OTP must be 6 digits", "INVALID_OTP_FORMAT");
    };
    let phone: PhoneNumber = phone.parse().map_err(|error| malformed_phone("phone", error))?;
    if !codes::is_pending(&context.store, Purpose::SignIn, phone.as_str(), context.now).await? {
        return failed("OTP not found or expired", "OTP_NOT_FOUND");
    }
    match sign_in(context, &phone, &code, false).await {
        Err(problem) if problem.code == CodeRefused::Wrong.code() => failed("Invalid OTP", "INVALID_OTP"),
        Err(problem) if problem.code == CodeRefused::Burnt.code() => {
            failed("Too many attempts. Ask for a new code.", "OTP_NOT_FOUND")
        }
        outcome => outcome,
    }
}

async fn sign_in(
    context: &Context,
    phone: &PhoneNumber,
    code: &OneTimeCode,
    needs_registration: bool,
) -> Result<JsonWithCookies<Answer>, Problem> {
    // Burnt, wrong, used, expired, never sent: one answer for the first version's clients.
    let proof = codes_checked::check(context, Purpose::SignIn, phone.as_str(), code).await?;
    if needs_registration && proof.registration.is_none() {
        return Err(NoRegistration.into());
    }
    let stored = phone_accounts::find_or_make(context, phone, proof.registration.as_ref()).await?;
    let tokens = opening::open(context, &stored, Product::Dental, phone.as_str(), Some(&proof)).await?;
    let answer = CodeVerified::signed_in(context, stored, &tokens).await?;
    Ok(JsonWithCookies {
        cookies: tokens.cookies(),
        value: Answer::Verified(Box::new(answer)),
    })
}

async fn check_reset_code(
    context: &Context,
    email: &EmailAddress,
    code: Option<String>,
) -> Result<JsonWithCookies<Answer>, Problem> {
    let code = code.unwrap_or_default().parse().map_err(|_| CodeRefused::Wrong)?;
    let proof = codes_checked::check(context, Purpose::ResetPassword, email.as_str(), &code).await?;
    codes::keep(&context.store, &proof).await?;
    let message = "OTP verified successfully";
    Ok(JsonWithCookies {
        value: Answer::Checked { message },
        cookies: Vec::new(),
    })
}
