//! Readings that cannot be true, set apart for people to look at: one book for each source.

use domain::id::UserId;
use domain::vital::{MOST_QUARANTINED, Quarantined, Source};
use serde::{Deserialize, Serialize};

use crate::query::Order;
use crate::sealing::Sealed;
use crate::write::Write;
use crate::{Cursor, Error, Page, PageRequest, Store, key};

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

/// Of a page: a book has some hundred kilobytes at most.
const MOST_BOOKS: u16 = 10;

/// What is set apart, by source, a page at a time.
pub async fn quarantined(store: &Store, owner: UserId, after: Option<Cursor>) -> Result<Page<QuarantineBook>, Error> {
    let limit = MOST_BOOKS;
    let request = PageRequest { limit, after };
    let range = key::vital_quarantines(owner);
    store.query_sealed(&range, &request, Order::Forwards).await
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
