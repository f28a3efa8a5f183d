//! People to sign in as at once. Passwords are known to everybody, which is why this is local only.

use std::sync::Arc;

use domain::account::{Account, Personal, Practice};
use domain::id::{UserId, UserNumber};
use domain::role::Role;
use domain::verification::{self, Verification, VerificationStatus};
use jiff::Timestamp;
use runtime::{Platform, Problem, passwords};
use store::accounts::{self, AccountError, StoredAccount};

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
    let id = UserId::new(now, entropy.bytes()?);
    let account = Account {
        id,
        number: UserNumber::from_random(entropy.bytes()?),
        username: sign_in.username.parse().map_err(|_| malformed("user name"))?,
        role: sign_in.role,
        is_suspended: false,
        email: Some(sign_in.email.parse().map_err(|_| malformed("e-mail address"))?),
        email_is_proved: true,
        phone: None,
        phone_is_proved: false,
        name: None,
        verification: (sign_in.role == Role::Doctor).then(|| approved(id, now)),
        practice: Practice::default(),
        personal: Personal::default(),
        created_at: now,
        updated_at: now,
    };
    let store = platform.store();
    if accounts::find_by_username(&store, &account.username).await?.is_some() {
        return Ok(());
    }
    let hash = passwords::hash(sign_in.password.as_bytes(), entropy.bytes()?)?;
    match accounts::create(&store, &StoredAccount::new(account, Some(hash)), &[]).await {
        Ok(()) | Err(AccountError::Taken(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn approved(reviewer: UserId, now: Timestamp) -> Verification {
    Verification {
        status: VerificationStatus::Approved,
        reviewed_by: Some(reviewer),
        reviewed_at: Some(now),
        valid_until: Some(now + verification::USUAL_LIFE),
        ..Verification::asked_for(now)
    }
}
