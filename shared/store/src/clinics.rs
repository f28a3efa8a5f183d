//! What the map said of the clinics around a cell, kept for a while: nobody who asked is in it.

use domain::place::{Cell, Clinic, Radius};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::write::Write;
use crate::{Error, Store, key};

/// For so long an answer is as good as a new one.
const FRESH: SignedDuration = SignedDuration::from_hours(24);
/// For so long it is better than none.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

#[derive(Debug, Serialize, Deserialize)]
pub struct Remembered {
    pub clinics: Vec<Clinic>,
    pub found_at: Timestamp,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    expires_at: Timestamp,
}

impl Remembered {
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        now.duration_since(self.found_at) < FRESH
    }
}

/// Bytes of texts that an item takes beside the rest, of the 400 KB that it may have.
const MOST_BYTES: usize = 250_000;
/// What a clinic takes beside its texts: names of members and numbers.
const BESIDE: usize = 100;

/// The first that fit into an item, nearest first as they come.
fn fitting(clinics: &[Clinic]) -> Vec<Clinic> {
    let mut bytes = 0;
    let fits = |clinic: &&Clinic| {
        bytes += clinic.name.len() + clinic.address.len() + BESIDE;
        bytes <= MOST_BYTES
    };
    clinics.iter().take_while(fits).cloned().collect()
}

/// Fresh or not; none that is too old.
pub async fn recall(store: &Store, cell: Cell, radius: Radius, now: Timestamp) -> Result<Option<Remembered>, Error> {
    let found: Option<Remembered> = store.get(&key::clinics(cell, radius.step())).await?;
    Ok(found.filter(|found| now < found.expires_at))
}

/// Of two at once either may stay: both are what the map says.
pub async fn remember(
    store: &Store,
    cell: Cell,
    radius: Radius,
    clinics: &[Clinic],
    now: Timestamp,
) -> Result<(), Error> {
    let remembered = Remembered {
        clinics: fitting(clinics),
        found_at: now,
        expires_at: now + KEPT,
    };
    store
        .write(Write::put(key::clinics(cell, radius.step()), &remembered)?)
        .await
}
