//! What is asked of an account before its owner is told something, as it is at that moment.

use domain::email_address::EmailAddress;
use domain::id::UserId;
use domain::language::Language;
use store::{Store, accounts};

pub struct Recipient {
    pub email: Option<EmailAddress>,
    pub language: Language,
}

/// Somebody whose account is gone is told nothing.
pub async fn find(store: &Store, user: UserId) -> Result<Option<Recipient>, store::Error> {
    let account = accounts::get(store, user).await?;
    Ok(account.map(|account| Recipient {
        email: account.email,
        language: account.personal.language,
    }))
}
