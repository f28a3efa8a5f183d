//! `POST /api/auth/login`: log in with a password, or ask for a code (contract #6, #16; clash C1).
//!
//! The body tells the products apart: `emailOrUsername` is facial-derma's, a password beside `phone` or `email`
//! telemedicine's, a phone alone the dental product's wish for a code. `POST /auth/login` is the derma product's.

use domain::account::{Account, LogInRefused};
use domain::id::UserId;
use domain::language::Language;
use domain::one_time_code::Purpose;
use domain::phone_number::PhoneNumber;
use domain::refusal::FieldError;
use domain::role::{FacialDermaRole, Role};
use domain::session::Product;
use domain::username::Username;
use domain::verification::VerificationStatus;
use runtime::answer::Json as JsonAnswer;
use runtime::callers::Anyone;
use runtime::input::{AcceptLanguage, Json};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Retry, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::accounts::StoredAccount;

use crate::envelope::CodeSent;
use crate::guessing::{Outcome, counted_name, try_password};
use crate::{opening, sending};

pub static FUNCTION: Function = Function::endpoint::<LogIn>();

pub struct LogIn;

#[derive(Deserialize, JsonSchema)]
pub struct Body {
    /// Facial-derma.
    #[serde(rename = "emailOrUsername")]
    email_or_username: Option<String>,
    /// Derma.
    username_or_email: Option<String>,
    /// Telemedicine with a password; dental without.
    phone: Option<String>,
    mobile_number: Option<String>,
    email: Option<String>,
    password: Option<String>,
    /// Checked only when sent.
    role: Option<FacialDermaRole>,
}

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Answer {
    FacialDerma(FacialDermaAnswer),
    Tokens(TokensAnswer),
    CodeSent(CodeSent),
}

#[derive(Serialize, JsonSchema)]
pub struct FacialDermaAnswer {
    /// Send it as `Authorization: Bearer …`; lives a day.
    token: String,
    user: User,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FacialDermaUser")]
#[serde(rename_all = "camelCase")]
struct User {
    id: UserId,
    username: Username,
    /// Empty for somebody who has none.
    email: String,
    role: FacialDermaRole,
    name: Option<String>,
    is_suspended: bool,
}

#[derive(Serialize, JsonSchema)]
pub struct TokensAnswer {
    access_token: String,
    /// Telemedicine only.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    token_type: &'static str,
    /// Seconds.
    expires_in: i64,
}

/// What a body asks for.
enum Wish {
    FacialDerma { name: String, password: String },
    Derma { name: String, password: String },
    Telemedicine { name: String, password: String },
    Code(String),
}

impl Endpoint for LogIn {
    const NAME: &'static str = "log-in";
    const SUMMARY: &'static str = "Log in with a password, or ask for a code by phone";
    const ROUTES: &'static [Route] = &[
        Route::post("/api/auth/login"),
        Route::post("/auth/login").of(Product::Derma),
    ];
    const RATE: RateClass = RateClass::Credentials;
    const RETRY: Retry = Retry::HandledAgain("its answer is a new session, whose tokens are kept nowhere");
    const NEEDS: &'static [Need] = &[
        opening::NEEDS[0],
        sending::NEEDS[0],
        opening::NEEDS[1],
        opening::NEEDS[2],
        opening::NEEDS[3],
    ];
    const MEMORY_MB: u16 = 1024;

    type Caller = Anyone;
    type Input = (Json<Body>, AcceptLanguage);
    type Output = JsonAnswer<Answer>;

    async fn handle(
        context: &Context,
        _: Anyone,
        (Json(body), AcceptLanguage(language)): (Json<Body>, AcceptLanguage),
    ) -> Result<Self::Output, Problem> {
        let role = body.role;
        let answer = match Wish::of(body, context.product)? {
            Wish::FacialDerma { name, password } => facial_derma(context, &name, &password, role).await?,
            Wish::Derma { name, password } => {
                one_answer(context, Product::Derma, &name, &password, LogInRefused::DermaMismatch).await?
            }
            Wish::Telemedicine { name, password } => {
                let refused = LogInRefused::TelemedicineMismatch;
                one_answer(context, Product::Telemedicine, &name, &password, refused).await?
            }
            Wish::Code(phone) => code(context, &phone, Language::preferred(&language)).await?,
        };
        Ok(JsonAnswer(answer))
    }
}

impl Wish {
    /// The first that fits wins. An empty text counts as sent for facial-derma, whose product answers 400 for it.
    fn of(body: Body, product: Option<Product>) -> Result<Self, Problem> {
        if product == Some(Product::Derma) {
            let name = body.username_or_email.ok_or_else(|| missing("username_or_email"))?;
            let password = body.password.ok_or_else(|| missing("password"))?;
            return Ok(Wish::Derma { name, password });
        }
        if let Some(name) = body.email_or_username {
            let password = body.password.unwrap_or_default();
            return Ok(Wish::FacialDerma { name, password });
        }
        let phone = body.phone.or(body.mobile_number);
        match (phone, body.email, body.password) {
            (Some(name), _, Some(password)) | (None, Some(name), Some(password)) => {
                Ok(Wish::Telemedicine { name, password })
            }
            (Some(phone), None, None) => Ok(Wish::Code(phone)),
            (Some(_) | None, Some(_), None) => Err(missing("password")),
            (None, None, _) => Err(missing("phone")),
        }
    }
}

fn missing(field: &str) -> Problem {
    Problem::invalid(vec![FieldError::new("body", field, "missing", "is required")])
}

async fn facial_derma(
    context: &Context,
    name: &str,
    password: &str,
    asked: Option<FacialDermaRole>,
) -> Result<Answer, Problem> {
    if name.is_empty() || password.is_empty() {
        return Err(LogInRefused::FieldsMissing.into());
    }
    let stored = match try_password(context, name, password).await? {
        Outcome::Right(stored) => stored,
        Outcome::UnknownUser => return Err(LogInRefused::UnknownUser.into()),
        Outcome::WrongPassword => return Err(LogInRefused::WrongPassword.into()),
    };
    let role = FacialDermaRole::from(stored.account.role);
    if asked.is_some_and(|asked| Role::from(asked) != stored.account.role) {
        return Err(LogInRefused::RoleMismatch(role).into());
    }
    if context.platform.settings.sign_in.is_strict {
        strictly(&stored.account)?;
    }
    let tokens = opening::open(context, &stored, Product::FacialDerma, &counted_name(name), None).await?;
    let account = stored.account;
    Ok(Answer::FacialDerma(FacialDermaAnswer {
        token: tokens.access_token,
        user: User {
            id: account.id,
            username: account.username,
            email: account.email.map(String::from).unwrap_or_default(),
            role,
            name: account.name,
            is_suspended: account.is_suspended,
        },
    }))
}

/// The operator's switch: nobody gets in before what decision D2 otherwise leaves to rights.
fn strictly(account: &Account) -> Result<(), LogInRefused> {
    if !account.email_is_proved {
        return Err(LogInRefused::EmailNotVerified);
    }
    match account.verification.as_ref().map(|check| check.status) {
        Some(VerificationStatus::Pending) => Err(LogInRefused::PendingApproval),
        Some(VerificationStatus::Rejected) => Err(LogInRefused::VerificationRejected),
        Some(VerificationStatus::Approved) | None => Ok(()),
    }
}

/// One answer for every cause.
async fn one_answer(
    context: &Context,
    product: Product,
    name: &str,
    password: &str,
    refused: LogInRefused,
) -> Result<Answer, Problem> {
    let stored: Box<StoredAccount> = match try_password(context, name, password).await? {
        Outcome::Right(stored) => stored,
        Outcome::UnknownUser | Outcome::WrongPassword => return Err(refused.into()),
    };
    let tokens = opening::open(context, &stored, product, &counted_name(name), None).await?;
    Ok(Answer::Tokens(TokensAnswer {
        access_token: tokens.access_token,
        refresh_token: tokens.refresh_token,
        token_type: "bearer",
        expires_in: tokens.expires_in,
    }))
}

async fn code(context: &Context, phone: &str, language: Language) -> Result<Answer, Problem> {
    let phone: PhoneNumber = phone.parse().map_err(|error| malformed_phone("phone", error))?;
    let sent = sending::to_phone(context, Purpose::SignIn, &phone, None, language).await?;
    Ok(Answer::CodeSent(match sent {
        Some(request_id) => CodeSent::sent(phone, request_id, None),
        None => CodeSent::failed(sending::TOO_MANY, "RATE_LIMIT_EXCEEDED"),
    }))
}

pub fn malformed_phone(field: &str, error: domain::phone_number::MalformedPhoneNumber) -> Problem {
    Problem::invalid(vec![FieldError::new("body", field, "invalid", error)])
}
