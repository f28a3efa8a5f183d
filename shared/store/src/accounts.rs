//! Accounts: one item with everything, one small item for each thing that must be unique, and one for each list the
//! person is on. What follows from an account is computed in one place ([`follow_ups`]), so that creating, changing
//! and deleting cannot disagree about it.

use domain::account::{Account, AccountGone, LogInName, Unique};
use domain::email_address::EmailAddress;
use domain::id::UserId;
use domain::phone_number::PhoneNumber;
use domain::refusal::{Kind, Refusal};
use domain::username::Username;
use serde::{Deserialize, Serialize};

use crate::accounts::follow_ups::FollowUps;
use crate::outbox::Entry;
use crate::sealing::Sealed;
use crate::write::Write;
use crate::{Error, Store, activity, key};

mod follow_ups;

/// An account with what proves it; the hash never leaves towards a client.
#[derive(Clone, Serialize, Deserialize)]
pub struct StoredAccount {
    #[serde(flatten)]
    pub account: Account,
    /// Argon2id in PHC form; none for somebody who signs in by codes only.
    pub password_hash: Option<String>,
    /// Sessions of earlier epochs are over.
    pub epoch: u32,
    /// Counts changes: a write names the one it saw.
    pub version: u32,
}

impl Sealed for StoredAccount {
    const SEALED: &'static [&'static str] = &["email", "phone", "name", "practice", "personal", "password_hash"];
}

impl StoredAccount {
    pub fn new(account: Account, password_hash: Option<String>) -> Self {
        Self {
            account,
            password_hash,
            epoch: 0,
            version: 0,
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Holder {
    user: UserId,
}

/// Why an account could not be written.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error("{}", taken_sentence(*.0))]
    Taken(Unique),
    #[error(transparent)]
    Gone(#[from] AccountGone),
    /// Others kept changing it.
    #[error("the account changed meanwhile")]
    Changed,
    #[error(transparent)]
    Store(#[from] Error),
}

fn taken_sentence(what: Unique) -> &'static str {
    match what {
        Unique::Email => "Email already registered",
        Unique::Phone => "Phone number already registered",
        Unique::Username => "Username already taken",
        Unique::License => "License number already exists",
        Unique::Number => "The number is taken",
    }
}

impl Refusal for AccountError {
    fn kind(&self) -> Kind {
        match self {
            AccountError::Taken(_) => Kind::BadRequest,
            AccountError::Gone(gone) => gone.kind(),
            AccountError::Changed => Kind::Conflict,
            AccountError::Store(error) => error.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            AccountError::Taken(what) => what.taken_code(),
            AccountError::Gone(gone) => gone.code(),
            AccountError::Changed => "changed_meanwhile",
            AccountError::Store(error) => error.code(),
        }
    }
}

/// How often a change is tried again when others change the same account.
const CHANGE_RETRIES: u32 = 8;

/// Creates the account with all that follows from it, and notes what must happen next: of a hundred sign-ups with one
/// address at once, one succeeds.
pub async fn create(store: &Store, new: &StoredAccount, entries: &[Entry]) -> Result<(), AccountError> {
    save(store, None, Some(new), entries, Vec::new()).await
}

/// Changes an account by a rule, again and again until nobody else did at the same moment. The rule may refuse.
pub async fn change<E: From<AccountError>>(
    store: &Store,
    user: UserId,
    entries: &[Entry],
    rule: impl Fn(&mut StoredAccount) -> Result<(), E>,
) -> Result<StoredAccount, E> {
    change_with(store, user, entries, Vec::new(), rule).await
}

/// The same, together with other writes.
pub(crate) async fn change_with<E: From<AccountError>>(
    store: &Store,
    user: UserId,
    entries: &[Entry],
    others: Vec<Write>,
    rule: impl Fn(&mut StoredAccount) -> Result<(), E>,
) -> Result<StoredAccount, E> {
    for _ in 0..CHANGE_RETRIES {
        let before = get_stored(store, user).await.map_err(AccountError::from)?;
        let before = before.ok_or(AccountError::Gone(AccountGone))?;
        let mut after = before.clone();
        rule(&mut after)?;
        after.version += 1;
        match save(store, Some(&before), Some(&after), entries, others.clone()).await {
            Err(AccountError::Changed) => {}
            Err(error) => return Err(error.into()),
            Ok(()) => return Ok(after),
        }
    }
    Err(AccountError::Changed.into())
}

/// Removes an account with all that follows from it. What else belonged to the person goes with an entry.
pub async fn delete(store: &Store, user: UserId, entries: &[Entry]) -> Result<Account, AccountError> {
    for _ in 0..CHANGE_RETRIES {
        let before = get_stored(store, user).await?.ok_or(AccountGone)?;
        match save(store, Some(&before), None, entries, Vec::new()).await {
            Err(AccountError::Changed) => {}
            Err(error) => return Err(error),
            Ok(()) => return Ok(before.account),
        }
    }
    Err(AccountError::Changed)
}

async fn save(
    store: &Store,
    before: Option<&StoredAccount>,
    after: Option<&StoredAccount>,
    entries: &[Entry],
    others: Vec<Write>,
) -> Result<(), AccountError> {
    let first = match (before, after) {
        (None, Some(new)) => store.sealed_put(key::account(new.account.id), new).await?.if_absent(),
        (Some(old), Some(new)) => store
            .sealed_put(key::account(new.account.id), new)
            .await?
            .if_equals("version", &old.version)?,
        (Some(old), None) => Write::delete(key::account(old.account.id)).if_equals("version", &old.version)?,
        (None, None) => return Ok(()),
    };
    let old = FollowUps::of(store, before.map(|stored| &stored.account)).await?;
    let new = FollowUps::of(store, after.map(|stored| &stored.account)).await?;
    let (follow_ups, uniques) = new.writes_after(&old)?;
    let line = activity::note(
        store,
        before.map(|stored| &stored.account),
        after.map(|stored| &stored.account),
    )
    .await?;
    let mut writes = vec![first];
    writes.extend(follow_ups);
    writes.push(line);
    for entry in entries {
        writes.push(entry.write(store).await?);
    }
    let first_other = writes.len();
    writes.extend(others);
    store.transact(writes).await.map_err(|error| match error {
        Error::ConditionFailed(place) if place >= first_other => Error::ConditionFailed(place - first_other).into(),
        Error::ConditionFailed(0) => AccountError::Changed,
        Error::ConditionFailed(place) => match uniques.get(place - 1).copied().flatten() {
            Some(what) => AccountError::Taken(what),
            None => AccountError::Changed,
        },
        other => other.into(),
    })
}

/// The account that a log-in names, if any. Two reads in either case, so that the time taken tells nothing.
pub async fn find(store: &Store, name: &LogInName) -> Result<Option<StoredAccount>, Error> {
    let holder = match name {
        LogInName::Email(email) => email_holder(store, email).await?,
        LogInName::Phone(phone) => phone_holder(store, phone).await?,
        LogInName::Username(username) => key::username_holder(username),
    };
    let account = match store.get::<Holder>(&holder).await? {
        Some(Holder { user }) => key::account(user),
        None => key::no_account(),
    };
    store.get_sealed(&account).await
}

pub async fn find_by_email(store: &Store, email: &EmailAddress) -> Result<Option<StoredAccount>, Error> {
    find(store, &LogInName::Email(email.clone())).await
}

pub async fn find_by_phone(store: &Store, phone: &PhoneNumber) -> Result<Option<StoredAccount>, Error> {
    find(store, &LogInName::Phone(phone.clone())).await
}

pub async fn find_by_username(store: &Store, name: &Username) -> Result<Option<StoredAccount>, Error> {
    find(store, &LogInName::Username(name.clone())).await
}

pub async fn is_username_free(store: &Store, name: &Username) -> Result<bool, Error> {
    Ok(store.get::<Holder>(&key::username_holder(name)).await?.is_none())
}

/// A person's own account.
pub async fn get(store: &Store, user: UserId) -> Result<Option<Account>, Error> {
    Ok(get_stored(store, user).await?.map(|stored| stored.account))
}

/// With what proves it: for changes of the proof.
pub async fn get_stored(store: &Store, user: UserId) -> Result<Option<StoredAccount>, Error> {
    store.get_sealed(&key::account(user)).await
}

/// Several at once, in the order asked for; who is gone is left out.
pub async fn get_many(store: &Store, users: &[UserId]) -> Result<Vec<Account>, Error> {
    let keys: Vec<key::Key> = users.iter().map(|user| key::account(*user)).collect();
    let mut accounts = Vec::new();
    for (key, item) in keys.iter().zip(store.batch_get(&keys).await?) {
        let Some(item) = item else { continue };
        let stored: StoredAccount = store.open_item(key, item).await?;
        accounts.push(stored.account);
    }
    Ok(accounts)
}

async fn email_holder(store: &Store, email: &EmailAddress) -> Result<key::Key, Error> {
    Ok(key::holder("EMAIL", &store.blind_index("email", email.as_str()).await?))
}

async fn phone_holder(store: &Store, phone: &PhoneNumber) -> Result<key::Key, Error> {
    Ok(key::holder("PHONE", &store.blind_index("phone", phone.as_str()).await?))
}

async fn license_holder(store: &Store, license: &str) -> Result<key::Key, Error> {
    Ok(key::holder(
        "LICENSE",
        &store.blind_index("license", &license.to_lowercase()).await?,
    ))
}
