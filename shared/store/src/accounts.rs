//! Accounts: one item with everything, one small item for each thing that must be unique, and one for each list the
//! person is on. What follows from an account is computed in one place ([`follow_ups`]), so that creating, changing
//! and deleting cannot disagree about it.

use domain::account::{Account, AccountGone, LogInName, Unique};
use domain::email_address::EmailAddress;
use domain::id::UserId;
use domain::phone_number::PhoneNumber;
use domain::refusal::{Kind, Refusal};
use domain::role::Role;
use domain::session::NotAllowed;
use domain::username::Username;
use jiff::Timestamp;
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
    /// Whoever changes it has lost the right to at this moment.
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
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
            AccountError::NotAllowed(refused) => refused.kind(),
            AccountError::Store(error) => error.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            AccountError::Taken(what) => what.taken_code(),
            AccountError::Gone(gone) => gone.code(),
            AccountError::Changed => "changed_meanwhile",
            AccountError::NotAllowed(refused) => refused.code(),
            AccountError::Store(error) => error.code(),
        }
    }
}

/// How often a change is tried again when others change the same account.
const CHANGE_RETRIES: u32 = 8;

/// Creates the account with all that follows from it, and notes what must happen next: of a hundred sign-ups with one
/// address at once, one succeeds.
pub async fn create(store: &Store, new: &StoredAccount, entries: &[Entry]) -> Result<(), AccountError> {
    let along = Along {
        entries,
        ..Along::default()
    };
    save(store, None, Some(new), &along).await
}

/// What goes into the transaction with a change of an account.
#[derive(Default)]
struct Along<'a> {
    entries: &'a [Entry],
    /// Who changes somebody else's account; an admin still, when the change happens.
    admin: Option<UserId>,
    /// When it happens, where the account does not say it.
    now: Option<Timestamp>,
}

/// Changes an account by a rule, again and again until nobody else did at the same moment. The rule may refuse.
pub async fn change<E: From<AccountError>>(
    store: &Store,
    user: UserId,
    entries: &[Entry],
    rule: impl Fn(&mut StoredAccount) -> Result<(), E>,
) -> Result<StoredAccount, E> {
    let along = Along {
        entries,
        ..Along::default()
    };
    change_along(store, user, &along, rule).await
}

/// The same by an admin. Nothing happens if they lost their role at this moment: of two who demote one another, one
/// stays.
pub async fn change_as_admin<E: From<AccountError>>(
    store: &Store,
    admin: UserId,
    user: UserId,
    entries: &[Entry],
    rule: impl Fn(&mut StoredAccount) -> Result<(), E>,
) -> Result<StoredAccount, E> {
    let along = Along {
        entries,
        admin: Some(admin).filter(|admin| *admin != user),
        ..Along::default()
    };
    change_along(store, user, &along, rule).await
}

async fn change_along<E: From<AccountError>>(
    store: &Store,
    user: UserId,
    along: &Along<'_>,
    rule: impl Fn(&mut StoredAccount) -> Result<(), E>,
) -> Result<StoredAccount, E> {
    for _ in 0..CHANGE_RETRIES {
        let before = get_stored(store, user).await.map_err(AccountError::from)?;
        let before = before.ok_or(AccountError::Gone(AccountGone))?;
        let mut after = before.clone();
        rule(&mut after)?;
        after.version += 1;
        match save(store, Some(&before), Some(&after), along).await {
            Err(AccountError::Changed) => {}
            Err(error) => return Err(error.into()),
            Ok(()) => return Ok(after),
        }
    }
    Err(AccountError::Changed.into())
}

/// Removes an account with all that follows from it, by its owner or an admin. What else belonged to the person goes
/// with an entry: see [`crate::outbox::Errand::erase`].
pub async fn delete(
    store: &Store,
    user: UserId,
    admin: Option<UserId>,
    entries: &[Entry],
    now: Timestamp,
) -> Result<Account, AccountError> {
    let along = Along {
        entries,
        admin,
        now: Some(now),
    };
    for _ in 0..CHANGE_RETRIES {
        let before = get_stored(store, user).await?.ok_or(AccountGone)?;
        match save(store, Some(&before), None, &along).await {
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
    along: &Along<'_>,
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
    let mut writes = vec![first];
    writes.extend(follow_ups);
    writes.extend(activity::of_change(before, after, along.now)?);
    for entry in along.entries {
        writes.push(entry.write(store).await?);
    }
    let admin_place = writes.len();
    writes.extend(along.admin.map(still_admin).transpose()?);
    store.transact(writes).await.map_err(|error| match error {
        Error::ConditionFailed(0) => AccountError::Changed,
        Error::ConditionFailed(place) if place == admin_place => NotAllowed::AdminOnly.into(),
        Error::ConditionFailed(place) => match uniques.get(place - 1).copied().flatten() {
            Some(what) => AccountError::Taken(what),
            None => AccountError::Changed,
        },
        other => other.into(),
    })
}

pub(crate) fn still_admin(admin: UserId) -> Result<Write, Error> {
    Write::check(key::account(admin))
        .if_equals("role", &Role::Admin)?
        .if_equals("is_suspended", &false)
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

/// That an account is as it was read: what somebody signs, they sign as who they are.
pub(crate) fn unchanged(stored: &StoredAccount) -> Result<Write, Error> {
    Write::check(key::account(stored.account.id)).if_equals("version", &stored.version)
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
