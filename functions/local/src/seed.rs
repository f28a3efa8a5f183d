//! People to sign in as at once. Passwords are known to everybody, which is why this is local only.

use std::sync::Arc;

use domain::account::{Account, Personal, Practice, SignUpRefused};
use domain::id::{OutboxId, UserId, UserNumber};
use domain::role::Role;
use runtime::{Platform, Problem, passwords};
use store::accounts::{self, CreateError, StoredAccount};
use store::outbox::Entry;

/// A sign-in as it is printed.
#[derive(Debug, Clone)]
pub struct SignIn {
    pub role: Role,
    pub email: String,
    pub username: String,
    pub password: String,
}

/// A patient, a verified doctor, and the first admin, who can be given by `ADMIN_EMAIL` and `ADMIN_PASSWORD`.
pub fn sign_ins() -> Vec<SignIn> {
    let sign_in = |role, username: &str, email: String, password: String| SignIn {
        role,
        email,
        username: username.to_owned(),
        password,
    };
    let setting = |name, default: &str| {
        std::env::var(name)
            .ok()
            .filter(|value| !value.is_empty())
            .unwrap_or_else(|| default.to_owned())
    };
    vec![
        sign_in(
            Role::Patient,
            "patient",
            "patient@example.org".to_owned(),
            "patient-password".to_owned(),
        ),
        sign_in(
            Role::Doctor,
            "doctor",
            "doctor@example.org".to_owned(),
            "doctor-password".to_owned(),
        ),
        sign_in(
            Role::Admin,
            "admin",
            setting("ADMIN_EMAIL", "admin@example.org"),
            setting("ADMIN_PASSWORD", "admin-password"),
        ),
    ]
}

/// Creates those who are not there yet.
pub async fn seed(platform: &Arc<Platform>, sign_ins: &[SignIn]) -> Result<(), Problem> {
    for sign_in in sign_ins {
        create(platform, sign_in).await?;
    }
    Ok(())
}

async fn create(platform: &Arc<Platform>, sign_in: &SignIn) -> Result<(), Problem> {
    let (now, entropy) = (platform.clock.now(), platform.entropy);
    let malformed = |what: &str| Problem::internal(format!("the seeded {what} is malformed"));
    let account = Account {
        id: UserId::new(now, entropy.bytes()?),
        number: UserNumber::from_random(entropy.bytes()?),
        username: sign_in.username.parse().map_err(|_| malformed("user name"))?,
        email: sign_in.email.parse().map_err(|_| malformed("e-mail address"))?,
        role: sign_in.role,
        name: None,
        is_suspended: false,
        is_verified: true,
        practice: Practice::default(),
        personal: Personal::default(),
        created_at: now,
        updated_at: now,
    };
    let store = platform.store();
    let name = domain::account::LogInName::Email(account.email.clone());
    if accounts::find(&store, &name).await?.is_some() {
        return Ok(());
    }
    let welcome = Entry::new(OutboxId::new(now, entropy.bytes()?), accounts::welcome(account.id), now);
    let stored = StoredAccount {
        account,
        password_hash: passwords::hash(sign_in.password.as_bytes(), entropy.bytes()?)?,
    };
    match accounts::create(&store, &stored, &welcome).await {
        Ok(()) | Err(CreateError::Taken(SignUpRefused::EmailTaken | SignUpRefused::UsernameTaken)) => Ok(()),
        Err(CreateError::Taken(refused)) => Err(refused.into()),
        Err(CreateError::Store(error)) => Err(error.into()),
        Err(CreateError::NumberTaken) => Err(Problem::internal("the user number is taken")),
    }
}
