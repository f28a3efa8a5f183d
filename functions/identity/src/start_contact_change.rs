//! `POST /api/auth/contact`: begin to change the own e-mail address or phone.
//!
//! A code goes to the new one and another to the one it replaces, if that was proved; the password is asked for too.

use domain::account::AccountGone;
use domain::email_address::EmailAddress;
use domain::language::Language;
use domain::notice::Destination;
use domain::one_time_code::{self, Purpose};
use domain::phone_number::PhoneNumber;
use domain::refusal::FieldError;
use runtime::answer::Json as JsonAnswer;
use runtime::callers::SignedIn;
use runtime::input::Json;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Retry, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::accounts::{self, StoredAccount};
use store::codes::Registration;
use store::failures;

use crate::guessing::{is_right, require_leave};
use crate::new_password::PasswordRefused;
use crate::sending::{self, BudgetSpent};

pub static FUNCTION: Function = Function::endpoint::<StartContactChange>();

pub struct StartContactChange;

#[derive(Deserialize, JsonSchema)]
pub struct Body {
    /// The new address; or
    email: Option<EmailAddress>,
    /// the new number.
    phone: Option<PhoneNumber>,
    /// The current password, of somebody who has one.
    password: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    message: &'static str,
    /// Whether a code was sent to the present address or number too.
    needs_old_code: bool,
    /// Seconds.
    expires_in: i64,
}

impl Endpoint for StartContactChange {
    const NAME: &'static str = "start-contact-change";
    const SUMMARY: &'static str = "Begin to change the own e-mail address or phone";
    const ROUTES: &'static [Route] = &[Route::post("/api/auth/contact")];
    const RATE: RateClass = RateClass::Credentials;
    const RETRY: Retry =
        Retry::HandledAgain("each guess at a password counts, and a later code takes the place of the one before");
    const NEEDS: &'static [Need] = &[
        Need::Items(
            store::table::Table::Identity,
            &[
                store::table::ItemAction::Get,
                store::table::ItemAction::Put,
                store::table::ItemAction::Update,
                store::table::ItemAction::Delete,
            ],
        ),
        sending::NEEDS[1],
        sending::NEEDS[2],
    ];
    const MEMORY_MB: u16 = 1024;

    type Caller = SignedIn;
    type Input = Json<Body>;
    type Output = JsonAnswer<Answer>;

    async fn handle(context: &Context, caller: SignedIn, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        let new = new_contact(body.email, body.phone)?;
        let user = caller.user_id();
        let stored = accounts::get_stored(&context.store, user).await?.ok_or(AccountGone)?;
        require_password(context, &stored, body.password.as_deref()).await?;
        let registration = Registration {
            user: Some(user),
            ..Registration::default()
        };
        let language = stored.account.personal.language;
        let old = proved_contact(&stored, &new);
        send(context, Purpose::EnterContact, &new, registration.clone(), language).await?;
        if let Some(old) = &old {
            send(context, Purpose::LeaveContact, old, registration, language).await?;
        }
        Ok(JsonAnswer(Answer {
            message: "Codes were sent; confirm the change with them",
            needs_old_code: old.is_some(),
            expires_in: one_time_code::LIFE.as_secs(),
        }))
    }
}

/// One of the two, not both.
pub fn new_contact(email: Option<EmailAddress>, phone: Option<PhoneNumber>) -> Result<Destination, Problem> {
    match (email, phone) {
        (Some(email), None) => Ok(Destination::Email(email)),
        (None, Some(phone)) => Ok(Destination::Phone(phone)),
        _ => {
            let rule = "one of email and phone is required";
            let error = FieldError::new("body", "email", "missing", rule);
            Err(Problem::invalid(vec![error]))
        }
    }
}

async fn require_password(context: &Context, stored: &StoredAccount, password: Option<&str>) -> Result<(), Problem> {
    let Some(hash) = stored.password_hash.clone() else {
        return Ok(());
    };
    let counted = format!("user:{}", stored.account.id);
    require_leave(context, &counted).await?;
    if !is_right(context, password.unwrap_or_default(), Some(hash)).await? {
        return Err(PasswordRefused::Incorrect.into());
    }
    Ok(failures::forget(&context.store, &counted, &context.network()).await?)
}

/// What the new one takes the place of, if its owner ever proved it.
pub fn proved_contact(stored: &StoredAccount, new: &Destination) -> Option<Destination> {
    let account = &stored.account;
    match new {
        Destination::Email(_) => account
            .email
            .clone()
            .filter(|_| account.email_is_proved)
            .map(Destination::Email),
        Destination::Phone(_) => account
            .phone
            .clone()
            .filter(|_| account.phone_is_proved)
            .map(Destination::Phone),
    }
}

async fn send(
    context: &Context,
    purpose: Purpose,
    to: &Destination,
    registration: Registration,
    language: Language,
) -> Result<(), Problem> {
    let is_sent = match to {
        Destination::Email(email) => {
            sending::to_mailbox(context, purpose, email, Some(registration), language, true).await?
        }
        Destination::Phone(phone) => {
            let sent = sending::to_phone(context, purpose, phone, Some(registration), language).await?;
            sent.is_some()
        }
    };
    if is_sent { Ok(()) } else { Err(BudgetSpent.into()) }
}
