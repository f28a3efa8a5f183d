//! Readings that cannot be true, set apart for people to look at: one book for each source.

use domain::id::UserId;
use domain::vital::{MOST_QUARANTINED, Quarantined, Source};
use serde::{Deserialize, Serialize};

use crate::query::place_in;
use crate::sealing::Sealed;
use crate::write::Write;
use crate::{Error, Store, key};

/// Of one source, the newest last.
#[derive(Clone, Serialize, Deserialize)]
pub struct QuarantineBook {
    pub source: Source,
    pub entries: Vec<Quarantined>,
    /// How many older ones made room.
    pub dropped: u64,
}

impl Sealed for QuarantineBook {
    const SEALED: &'static [&'static str] = &["entries"];
}

/// More sources than a person has had.
const MOST_BOOKS: usize = 100;

/// What is set apart, by source.
pub async fn quarantined(store: &Store, owner: UserId) -> Result<Vec<QuarantineBook>, Error> {
    let range = key::vital_quarantines(owner);
    let items = store.query_all(&range, MOST_BOOKS).await?;
    let mut books = Vec::with_capacity(items.len());
    for item in items {
        books.push(store.open_item(&place_in(&range, &item)?, item).await?);
    }
    Ok(books)
}

/// The write that sets readings apart, and takes out what was sent again and is good now. None where nothing changes.
pub(super) async fn book(
    store: &Store,
    (owner, source): (UserId, Source),
    bad: &[&Quarantined],
    is_good: impl Fn(&Quarantined) -> bool,
) -> Result<Option<Write>, Error> {
    let place = key::vital_quarantine(owner, source);
    let found: Option<QuarantineBook> = store.get_sealed(&place).await?;
    if found.is_none() && bad.is_empty() {
        return Ok(None);
    }
    let mut book = found.clone().unwrap_or(QuarantineBook {
        source,
        entries: Vec::new(),
        dropped: 0,
    });
    book.entries.retain(|entry| !is_good(entry));
    for new in bad {
        let is_again = |old: &Quarantined| old.kind == new.kind && old.at == new.at;
        book.entries.retain(|old| !is_again(old));
        book.entries.push((*new).clone());
    }
    let superfluous = book.entries.len().saturating_sub(MOST_QUARANTINED);
    book.entries.drain(..superfluous);
    book.dropped += superfluous as u64;
    if found.is_some_and(|found| found.entries == book.entries) {
        return Ok(None);
    }
    store.sealed_put(place, &book).await.map(Some)
}
