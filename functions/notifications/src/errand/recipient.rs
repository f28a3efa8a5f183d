//! What is asked of an account before its owner is told something, as it is at that moment.

use domain::email_address::EmailAddress;
use domain::id::UserId;
use domain::phone_number::PhoneNumber;
use domain::wording::Reader;
use store::{Store, accounts};

pub struct Recipient {
    pub email: Option<EmailAddress>,
    /// One that is known to be theirs.
    pub phone: Option<PhoneNumber>,
    pub reader: Reader,
}

/// Somebody whose account is gone is told nothing.
pub async fn find(store: &Store, user: UserId) -> Result<Option<Recipient>, store::Error> {
    let account = accounts::get(store, user).await?;
    Ok(account.map(|account| Recipient {
        email: account.email,
        phone: account.phone.filter(|_| account.phone_is_proved),
        reader: Reader {
            language: account.personal.language,
            zone: account.personal.time_zone,
        },
    }))
}
