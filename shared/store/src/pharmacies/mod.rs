//! Pharmacies: what lies there, by lot, with a ledger of all that was ever done; what is set apart for patients; and where a
//! medicine is to be had.
//!
//! All lots of a medicine at a pharmacy are one item ([`shelf`]). A change of stock adds and takes under the condition that there
//! is as much, and writes a line in the ledger of each lot in the same transaction, so that no balance is ever below nought and
//! the lines of a lot come to its balance.

mod alerts;
mod erase;
mod expiring;
mod find;
mod movements;
mod recalls;
mod reservations;
mod reserving;
mod shelf;

use std::time::{Duration, Instant};

use domain::id::{OutboxId, PharmacyId};
use domain::notice::Notice;
use domain::pharmacy::{Pharmacy, PharmacyRefused};
use jiff::Timestamp;

use crate::activity::Line;
use crate::outbox::{Entry, Errand};
use crate::write::Write;
use crate::{Error, RefusedOr, Store, key, pause};

pub use alerts::{Low, list_low};
pub(crate) use erase::{erase_received, erase_reservation};
pub use expiring::{ExpiredLot, expired_lots, set_aside};
pub use find::{Found, Hit, Search, Where, search};
pub use movements::{Moving, Setting, ledger, move_stock, set_stock, shelf_of, shelves};
pub use recalls::{Recall, recall};
pub use reservations::{Ending, Lapsed, Parties, end, kept_at, lapsed, list_of, parties, release};
pub use reserving::{Reserved, Reserving, reserve};

pub type PharmacyError = RefusedOr<PharmacyRefused>;

impl From<PharmacyRefused> for PharmacyError {
    fn from(refused: PharmacyRefused) -> Self {
        Self::Refused(refused)
    }
}

/// How long a change is tried again while others change the same stock: within the time of a function.
const PATIENCE: Duration = Duration::from_secs(18);
/// DynamoDB takes a hundred; one is for the answer that is kept with them.
const MOST_WRITES: usize = 98;

pub async fn create(store: &Store, pharmacy: &Pharmacy) -> Result<(), Error> {
    store
        .write(Write::put(key::pharmacy(pharmacy.id), pharmacy)?.if_absent())
        .await
}

pub async fn get(store: &Store, id: PharmacyId) -> Result<Option<Pharmacy>, Error> {
    store.get(&key::pharmacy(id)).await
}

/// Over the version that was seen, with the line about it for admins, and those who are told.
pub async fn update(
    store: &Store,
    seen: &Pharmacy,
    after: &Pharmacy,
    line: &Line,
    told: &[Entry],
) -> Result<(), PharmacyError> {
    let changed = PharmacyRefused::Changed { version: seen.version };
    let put = Write::put(key::pharmacy(after.id), after)?.if_equals("version", &seen.version)?;
    let mut batch = Batch::default();
    batch.or(put, Meaning::Refused(changed));
    batch.add(line.write()?);
    batch.add_entries(store, told).await?;
    match batch.commit(store, false).await? {
        true => Ok(()),
        false => Err(PharmacyRefused::Busy.into()),
    }
}

/// Where there is little of something: tells those who run the pharmacy. `id`: drawn for it, in case.
fn told(id: OutboxId, pharmacy: PharmacyId, now: Timestamp) -> Entry {
    let notice = Notice::StockLow;
    Entry::new(id, Errand::TellPharmacy { pharmacy, notice }, now)
}

/// What it means when a condition of a write does not hold.
#[derive(Clone)]
enum Meaning {
    /// Somebody else was faster: look again.
    Again,
    Refused(PharmacyRefused),
}

/// Writes that belong together.
#[derive(Default)]
struct Batch {
    writes: Vec<Write>,
    meanings: Vec<Meaning>,
}

impl Batch {
    fn add(&mut self, write: Write) {
        self.or(write, Meaning::Again);
    }

    fn or(&mut self, write: Write, meaning: Meaning) {
        self.writes.push(write);
        self.meanings.push(meaning);
    }

    fn writes_also(&mut self, write: Option<Write>) {
        if let Some(write) = write {
            self.add(write);
        }
    }

    async fn add_entries(&mut self, store: &Store, entries: &[Entry]) -> Result<(), Error> {
        for entry in entries {
            self.add(entry.write(store).await?);
        }
        Ok(())
    }

    /// `true` where it is done, `false` where somebody was faster. `at_once`: not held back with the request that it happens to
    /// be done in.
    async fn commit(self, store: &Store, at_once: bool) -> Result<bool, PharmacyError> {
        if self.writes.len() > MOST_WRITES {
            return Err(PharmacyRefused::TooMuchAtOnce.into());
        }
        let outcome = match at_once {
            true => store.transact_now(self.writes).await,
            false => store.transact(self.writes).await,
        };
        match outcome {
            Ok(()) => Ok(true),
            Err(Error::Contended) => Ok(false),
            Err(Error::ConditionFailed(place)) => match self.meanings.get(place) {
                Some(Meaning::Refused(refused)) => Err(refused.clone().into()),
                _ => Ok(false),
            },
            Err(error) => Err(error.into()),
        }
    }
}

/// Who was late tries again, and waits longer each time.
struct Turn {
    since: Instant,
    attempt: u32,
}

impl Turn {
    fn new() -> Self {
        Self {
            since: Instant::now(),
            attempt: 0,
        }
    }

    async fn next(&mut self) -> Result<(), PharmacyError> {
        if self.since.elapsed() > PATIENCE {
            return Err(PharmacyRefused::Busy.into());
        }
        pause::before_trying_again(self.attempt).await;
        self.attempt += 1;
        Ok(())
    }
}
