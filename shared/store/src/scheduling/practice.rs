//! A doctor who can be booked: approved, not suspended, with their hours.

use domain::id::{UserId, UserNumber};
use domain::scheduling::availability::Availability;
use jiff::Timestamp;
use serde::Deserialize;

use super::availability;
use crate::accounts::StoredAccount;
use crate::write::{Item, Write};
use crate::{Error, Store, key};

const VALID_UNTIL: &str = "valid_until";

pub(super) struct Practice {
    pub doctor: UserId,
    pub number: UserNumber,
    pub availability: Availability,
    /// Their place among the doctors that patients can find.
    listed: Item,
    account: Item,
}

#[derive(Deserialize)]
struct Listed {
    #[serde(default)]
    valid_until: Option<Timestamp>,
}

#[derive(Deserialize)]
pub(super) struct Numbered {
    pub number: UserNumber,
    pub is_suspended: bool,
}

/// In the order asked for; none for who cannot be booked now.
pub(super) async fn find(store: &Store, doctors: &[UserId], now: Timestamp) -> Result<Vec<Option<Practice>>, Error> {
    let parts = |doctor: &UserId| [key::doctor(*doctor), key::account(*doctor), key::availability(*doctor)];
    let keys: Vec<_> = doctors.iter().flat_map(parts).collect();
    let mut items = store.batch_get(&keys).await?.into_iter();
    let mut next = || items.next().flatten();
    let mut found = Vec::with_capacity(doctors.len());
    for doctor in doctors {
        let (listed, account, said) = (next(), next(), next());
        let practice = match listed.zip(account) {
            Some((listed, account)) => practice(*doctor, listed, account, said, now)?,
            None => None,
        };
        found.push(practice);
    }
    Ok(found)
}

pub(super) async fn one(store: &Store, doctor: UserId, now: Timestamp) -> Result<Option<Practice>, Error> {
    Ok(find(store, &[doctor], now).await?.into_iter().next().flatten())
}

fn practice(
    doctor: UserId,
    listed: Item,
    account: Item,
    said: Option<Item>,
    now: Timestamp,
) -> Result<Option<Practice>, Error> {
    let approval: Listed = serde_dynamo::from_item(listed.clone())?;
    if approval.valid_until.is_some_and(|end| end <= now) {
        return Ok(None);
    }
    let Numbered { number, .. } = serde_dynamo::from_item(account.clone())?;
    let said = said.map(serde_dynamo::from_item).transpose()?;
    Ok(Some(Practice {
        doctor,
        number,
        availability: said.unwrap_or_else(Availability::unsaid),
        listed,
        account,
    }))
}

impl Practice {
    pub async fn specialization(&self, store: &Store) -> Result<Option<String>, Error> {
        let stored: StoredAccount = store
            .open_item(&key::account(self.doctor), self.account.clone())
            .await?;
        Ok(stored.account.practice.specialization)
    }

    /// Part of a booking: approved and not suspended at that very moment.
    pub fn still_listed(&self) -> Write {
        Write::check(key::doctor(self.doctor))
            .if_present()
            .if_unchanged(VALID_UNTIL, &self.listed)
    }

    pub fn hours_unchanged(&self) -> Result<Write, Error> {
        availability::unchanged(self.doctor, &self.availability)
    }
}
