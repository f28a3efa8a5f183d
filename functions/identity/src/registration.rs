//! Making an account from what somebody says of themselves, whichever product they register at.

use domain::account::{Account, Personal, Practice, SignUpRefused, Unique};
use domain::email_address::EmailAddress;
use domain::id::{UserId, UserNumber};
use domain::language::Language;
use domain::notice::{Confidential, Notice};
use domain::one_time_code::{OneTimeCode, Purpose};
use domain::password::Password;
use domain::phone_number::PhoneNumber;
use domain::role::Role;
use domain::session::Product;
use domain::username::Username;
use domain::verification::Verification;
use runtime::need::Need;
use runtime::{Context, Problem, passwords};
use store::accounts::{self, AccountError, StoredAccount};
use store::outbox::{Entry, Errand};
use store::table::{ItemAction, Table};

use crate::{email_link, phone_accounts, sending};

pub const NEEDS: [Need; 3] = [
    Need::Items(
        Table::Identity,
        &[ItemAction::Get, ItemAction::Put, ItemAction::Update, ItemAction::Delete],
    ),
    Need::Items(Table::Notifications, &[ItemAction::Put]),
    Need::FieldKeys,
];

/// What may become an account with a password.
pub struct Registration {
    pub product: Product,
    pub role: Role,
    /// Made up for products that have none.
    pub username: Option<Username>,
    pub email: Option<EmailAddress>,
    pub phone: Option<PhoneNumber>,
    pub password: Password,
    pub name: Option<String>,
    pub practice: Practice,
    pub language: Language,
}

/// Random numbers and names meet another in a blue moon.
const ATTEMPTS: u32 = 3;

/// Makes the account with its welcome, and for an address the mail that proves it.
pub async fn register(context: &Context, registration: Registration) -> Result<Account, Problem> {
    let (product, language) = (registration.product, registration.language);
    let salt = context.random()?;
    let password = registration.password.clone();
    let hash = context
        .busy(move || passwords::hash(password.as_bytes(), salt))
        .await??;
    let has_made_up_name = registration.username.is_none();
    let mut stored = StoredAccount::new(account(context, registration)?, Some(hash));
    let user = stored.account.id;
    let mut entries = vec![context.tell(user, Notice::SignedUp)?];
    if let Some(email) = stored.account.email.clone() {
        entries.push(prove_address(context, user, &email, language).await?);
    }
    for _ in 0..ATTEMPTS {
        match accounts::create(&context.store, &stored, &entries).await {
            Err(AccountError::Taken(Unique::Number)) => {
                stored.account.number = UserNumber::from_random(context.random()?);
            }
            Err(AccountError::Taken(Unique::Username)) if has_made_up_name => {
                stored.account.username = phone_accounts::made_up_username(context.random()?)?;
            }
            Err(AccountError::Taken(what)) => return Err(SignUpRefused::Taken { what, product }.into()),
            Err(error) => return Err(error.into()),
            Ok(()) => return Ok(stored.account),
        }
    }
    Err(Problem::unavailable("no free number was found"))
}

fn account(context: &Context, registration: Registration) -> Result<Account, Problem> {
    let username = match registration.username {
        Some(username) => username,
        None => phone_accounts::made_up_username(context.random()?)?,
    };
    Ok(Account {
        id: context.new_id(UserId::new)?,
        number: UserNumber::from_random(context.random()?),
        username,
        role: registration.role,
        is_suspended: false,
        email: registration.email,
        email_is_proved: false,
        phone: registration.phone,
        phone_is_proved: false,
        name: registration.name,
        verification: (registration.role == Role::Doctor).then(|| Verification::asked_for(context.now)),
        practice: registration.practice,
        personal: Personal {
            language: registration.language,
            ..Personal::default()
        },
        created_at: context.now,
        updated_at: context.now,
    })
}

/// Notes a code for an address and gives the mail with it and a link, either of which proves the address.
pub async fn prove_address(
    context: &Context,
    user: UserId,
    email: &EmailAddress,
    language: Language,
) -> Result<Entry, Problem> {
    let code = OneTimeCode::from_random(context.random()?);
    sending::ask(context, Purpose::VerifyEmail, email, &code, None, None).await?;
    let token = email_link::make(context, user, email).await?;
    let notice = Notice::EmailVerification {
        code: Confidential::new(code.as_str()),
        link: Confidential::new(format!("{}/api/auth/verify-email?token={token}", context.base_url)),
    };
    let errand = Errand::mail(email.clone(), notice, language);
    Ok(context.entry(errand)?)
}
