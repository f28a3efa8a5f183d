//! Sending one-time codes: within the budgets, alike for known and unknown people, and never in the request's way.

use domain::email_address::EmailAddress;
use domain::id::CodeRequestId;
use domain::language::Language;
use domain::notice::{Confidential, Destination, Notice};
use domain::one_time_code::{OneTimeCode, Purpose};
use domain::phone_number::PhoneNumber;
use domain::refusal::{Kind, Refusal};
use domain::throttle::{OWNERS_BUDGETS, SendBudget, SharedBy, mail_budgets, strangers_budgets};
use runtime::messaging::CodeProvider;
use runtime::need::Need;
use runtime::{Context, Problem};
use store::codes::{self, Asked, Registration};
use store::outbox::{Entry, Errand};
use store::table::{ItemAction, Table};
use store::{budgets, homes};

pub const NEEDS: [Need; 3] = [
    Need::Items(
        Table::Identity,
        &[ItemAction::Get, ItemAction::Query, ItemAction::Put, ItemAction::Update],
    ),
    Need::Items(Table::Notifications, &[ItemAction::Put]),
    Need::FieldKeys,
];

pub const TOO_MANY: &str = "Too many codes were requested. Please wait and try again later.";

/// Too many codes have been asked for. It says nothing of whether anybody has an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{TOO_MANY}")]
pub struct BudgetSpent;

impl Refusal for BudgetSpent {
    fn kind(&self) -> Kind {
        Kind::TooManyRequests
    }

    fn code(&self) -> &'static str {
        "codes_too_many"
    }

    fn retry_after_seconds(&self) -> Option<u64> {
        Some(3600)
    }
}

/// A code to a phone, for signing in or as proof of the number. `Ok(None)` when the budget is spent.
pub async fn to_phone(
    context: &Context,
    purpose: Purpose,
    phone: &PhoneNumber,
    registration: Option<Registration>,
    language: Language,
) -> Result<Option<CodeRequestId>, Problem> {
    if !may_send_to_phone(context, phone).await? {
        return Ok(None);
    }
    let code = OneTimeCode::from_random(context.random()?);
    let is_outside = context.platform.settings.messaging.codes == CodeProvider::Twilio;
    let errand = if is_outside {
        let phone = phone.clone();
        Errand::StartVerification { phone, language }
    } else {
        Errand::text_message(phone.clone(), notice(purpose, &code), language)
    };
    let asked = Asked {
        request_id: context.new_id(CodeRequestId::new)?,
        purpose,
        destination: phone.as_str(),
        network: &context.network(),
        code: (!is_outside).then_some(&code),
        registration,
        now: context.now,
    };
    let request_id = asked.request_id;
    let message = context.entry(errand)?;
    codes::ask(&context.store, asked, Some(&message)).await?;
    Ok(Some(request_id))
}

async fn may_send_to_phone(context: &Context, phone: &PhoneNumber) -> Result<bool, Problem> {
    let (store, number) = (&context.store, phone.as_str().to_owned());
    if homes::is_home(store, &number, &context.network(), context.now).await? {
        let own = OWNERS_BUDGETS.map(|budget| (budget, number.clone()));
        if budgets::spend(store, &own, context.now).await? {
            return Ok(true);
        }
    }
    let limits = &context.platform.settings.sign_in;
    let all = strangers_budgets(limits.codes_a_day_and_country, limits.codes_a_day);
    let all = all.map(|budget| (budget, shared_value(context, budget, phone)));
    Ok(budgets::spend(store, &all, context.now).await?)
}

fn shared_value(context: &Context, budget: SendBudget, phone: &PhoneNumber) -> String {
    match budget.by {
        SharedBy::Number | SharedBy::NumberAtHome => phone.as_str().to_owned(),
        SharedBy::Device => format!("{} {}", context.client.address, context.client.user_agent),
        SharedBy::Block => context.network(),
        SharedBy::Range => phone.range().to_owned(),
        SharedBy::Country => phone.calling_code().to_owned(),
        // Emergencies are no messages, and have no budget among these.
        SharedBy::Everything | SharedBy::Emergencies => "texts".to_owned(),
    }
}

/// A code to a mailbox. With `is_known` false all is done but the sending, so that it takes as long.
pub async fn to_mailbox(
    context: &Context,
    purpose: Purpose,
    email: &EmailAddress,
    registration: Option<Registration>,
    language: Language,
    is_known: bool,
) -> Result<bool, Problem> {
    if !may_send_to_mailbox(context, email).await? {
        return Ok(false);
    }
    let code = OneTimeCode::from_random(context.random()?);
    let errand = Errand::mail(email.clone(), notice(purpose, &code), language);
    let message = context.entry(errand)?;
    ask(
        context,
        purpose,
        email,
        &code,
        registration,
        is_known.then_some(&message),
    )
    .await?;
    Ok(true)
}

/// Counts a mail against its budgets, for unknown addresses too: being refused must tell nothing.
pub async fn may_send_to_mailbox(context: &Context, email: &EmailAddress) -> Result<bool, Problem> {
    let all = mail_budgets().map(|budget| {
        let value = match budget.by {
            SharedBy::Block => context.network(),
            _ => email.as_str().to_owned(),
        };
        (budget, value)
    });
    Ok(budgets::spend(&context.store, &all, context.now).await?)
}

/// Notes a code for a mailbox, and the message that brings it if this is not part of another.
pub async fn ask(
    context: &Context,
    purpose: Purpose,
    email: &EmailAddress,
    code: &OneTimeCode,
    registration: Option<Registration>,
    message: Option<&Entry>,
) -> Result<(), Problem> {
    let asked = Asked {
        request_id: context.new_id(CodeRequestId::new)?,
        purpose,
        destination: email.as_str(),
        network: &context.network(),
        code: Some(code),
        registration,
        now: context.now,
    };
    Ok(codes::ask(&context.store, asked, message).await?)
}

fn notice(purpose: Purpose, code: &OneTimeCode) -> Notice {
    let code = Confidential::new(code.as_str());
    match purpose {
        Purpose::SignIn | Purpose::VerifyEmail => Notice::CodeForSignIn { code },
        Purpose::ResetPassword => Notice::PasswordResetCode { code },
        Purpose::LeaveContact | Purpose::EnterContact => Notice::ContactChangeCode { code },
    }
}

/// Where somebody can be written to, as text.
pub fn text(destination: &Destination) -> &str {
    match destination {
        Destination::Email(email) => email.as_str(),
        Destination::Phone(phone) => phone.as_str(),
    }
}
