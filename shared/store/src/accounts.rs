//! Accounts: one item with everything, and one small item for each name that must be unique.

use domain::account::{Account, LogInName, SignUpRefused};
use domain::id::UserId;
use domain::notice::Notice;
use serde::{Deserialize, Serialize};

use crate::outbox::Entry;
use crate::write::Write;
use crate::{Error, Store, key};

/// An account with what proves it; the hash never leaves towards a client.
#[derive(Clone, Serialize, Deserialize)]
pub struct StoredAccount {
    pub account: Account,
    /// Argon2id in PHC form.
    pub password_hash: String,
}

#[derive(Serialize, Deserialize)]
struct Holder {
    user: UserId,
}

/// Why an account could not be created.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    #[error(transparent)]
    Taken(#[from] SignUpRefused),
    #[error(transparent)]
    Store(#[from] Error),
    /// Two random numbers met: try again with another.
    #[error("the user number is taken")]
    NumberTaken,
}

/// Creates the account and its names, and notes the welcome in the same transaction: of a hundred sign-ups with one
/// address at once, one succeeds.
pub async fn create(store: &Store, new: &StoredAccount, welcome: &Entry) -> Result<(), CreateError> {
    let holder = Holder { user: new.account.id };
    let writes = vec![
        Write::put(key::account(new.account.id), new)?.if_absent(),
        Write::put(key::email_holder(&new.account.email), &holder)?.if_absent(),
        Write::put(key::username_holder(&new.account.username), &holder)?.if_absent(),
        Write::put(key::number_holder(new.account.number), &holder)?.if_absent(),
        welcome.write(store).await?,
    ];
    store.transact(writes).await.map_err(|error| {
        error.or_if_condition_failed(|place| match place {
            1 => SignUpRefused::EmailTaken.into(),
            2 => SignUpRefused::UsernameTaken.into(),
            _ => CreateError::NumberTaken,
        })
    })
}

/// The account that a log-in names, if any. Two reads in either case, so that the time taken tells nothing.
pub async fn find(store: &Store, name: &LogInName) -> Result<Option<StoredAccount>, Error> {
    let holder = match name {
        LogInName::Email(email) => key::email_holder(email),
        LogInName::Username(username) => key::username_holder(username),
    };
    let account = match store.get::<Holder>(&holder).await? {
        Some(Holder { user }) => key::account(user),
        None => key::no_account(),
    };
    store.get(&account).await
}

/// A person's own account.
pub async fn get(store: &Store, user: UserId) -> Result<Option<Account>, Error> {
    let stored: Option<StoredAccount> = store.get(&key::account(user)).await?;
    Ok(stored.map(|stored| stored.account))
}

/// The notice that goes with a new account.
pub fn welcome(user: UserId) -> crate::outbox::Errand {
    crate::outbox::Errand::Tell {
        user,
        notice: Notice::SignedUp,
    }
}
