//! Lists of records: pages of those that are not deleted, all changes in their order, and the versions of one.

use std::cmp::Ordering;

use domain::id::{RecordId, UserId};
use domain::record::{Record, RecordType, RecordVersion, SyncStatus};
use futures_util::future::try_join_all;

use super::{Book, Pointer, Waiting};
use crate::query::Order;
use crate::{Cursor, Error, Page, PageRequest, Store, Window, key, pause};

/// Numbered pages cost more the deeper they go, so there is an end to it.
pub const DEEPEST: usize = 2_000;
/// How often a page is read again that holds what does not show yet: transactions take milliseconds.
const TRIES: u32 = 6;

pub struct Listed {
    pub records: Vec<Record>,
    pub total: u64,
}

/// Latest change first.
pub async fn list(
    store: &Store,
    patient: UserId,
    record_type: Option<RecordType>,
    window: Window,
) -> Result<Listed, Error> {
    let wanted = window.skip.min(DEEPEST) + window.limit;
    let book: Option<Book> = store.get(&key::record_book(patient)).await?;
    let book = book.unwrap_or_default();
    let types = RecordType::ALL
        .into_iter()
        .filter(|each| record_type.is_none_or(|wanted| wanted == *each));
    // The book says where there is nothing to ask for.
    let ranges: Vec<_> = types
        .filter(|each| book.count(Some(*each)) > 0)
        .map(|each| key::live_records(patient, each))
        .collect();
    let lists = try_join_all(ranges.iter().map(|range| store.query_all_backwards(range, wanted))).await?;
    let mut pointers = Vec::new();
    for item in lists.into_iter().flatten() {
        pointers.push(serde_dynamo::from_item::<_, Pointer>(item)?);
    }
    pointers.sort_by_key(|pointer| std::cmp::Reverse(pointer.sequence));
    let page: Vec<Pointer> = pointers.into_iter().skip(window.skip).take(window.limit).collect();
    let places = read(store, patient, &page).await?.into_iter();
    let records = places.filter_map(|place| match place {
        Place::Here(record) => Some(*record),
        Place::FurtherOn | Place::NotYet => None,
    });
    Ok(Listed {
        records: records.collect(),
        total: book.count(record_type),
    })
}

/// What is at a place in the order of changes.
enum Place {
    Here(Box<Record>),
    /// It has changed since, and so is further on.
    FurtherOn,
    /// Its transaction does not show here yet.
    NotYet,
}

/// A transaction shows item by item: where a pointer shows and its record does not, this reads again.
async fn read(store: &Store, patient: UserId, pointers: &[Pointer]) -> Result<Vec<Place>, Error> {
    let mut attempt = 0;
    loop {
        let places = read_once(store, patient, pointers).await?;
        if attempt == TRIES || !places.iter().any(|place| matches!(place, Place::NotYet)) {
            return Ok(places);
        }
        pause::before_trying_again(attempt).await;
        attempt += 1;
    }
}

async fn read_once(store: &Store, patient: UserId, pointers: &[Pointer]) -> Result<Vec<Place>, Error> {
    let keys: Vec<_> = pointers
        .iter()
        .map(|pointer| key::record(patient, pointer.record))
        .collect();
    let items = store.batch_get(&keys).await?;
    let mut places = Vec::with_capacity(items.len());
    for ((key, pointer), item) in keys.iter().zip(pointers).zip(items) {
        let Some(item) = item else {
            places.push(Place::NotYet);
            continue;
        };
        let record: Record = store.open_item(key, item).await?;
        places.push(match record.sequence.cmp(&pointer.sequence) {
            Ordering::Equal => Place::Here(Box::new(record)),
            Ordering::Greater => Place::FurtherOn,
            Ordering::Less => Place::NotYet,
        });
    }
    Ok(places)
}

/// Some of all changes.
pub struct Changes {
    /// In the order of their changes; those that were deleted or erased too.
    pub records: Vec<Record>,
    /// Where to go on.
    pub upto: u64,
    pub has_more: bool,
    /// At most so many changes come after these; a record that has changed more than once counts each time.
    pub remaining: u64,
}

/// What has changed after a number. A record that changes while this reads is not here but further on.
///
/// The book is read first. Its number was drawn once the change before that showed (`follow`), so of those up to it only
/// the last can still be missing here, and nothing before what is found; what is above it is left for the next page.
pub async fn changes_after(store: &Store, patient: UserId, after: u64, limit: u16) -> Result<Changes, Error> {
    let book: Option<Book> = store.get(&key::record_book(patient)).await?;
    let last = book.unwrap_or_default().sequence;
    // One more tells whether there are more: storage says so of a page that ends with the last one too.
    let request = PageRequest {
        limit: limit + 1,
        after: (after > 0).then(|| Cursor::at(&key::record_change(patient, after).sort)),
    };
    let page = store
        .query(&key::record_changes(patient), &request, Order::Forwards)
        .await?;
    let mut pointers: Vec<Pointer> = serde_dynamo::from_items(page.items)?;
    let found = pointers.len();
    pointers.truncate(usize::from(limit));
    pointers.retain(|pointer| pointer.sequence <= last);
    let (mut upto, mut passed, mut records) = (after, 0, Vec::new());
    for (pointer, place) in pointers.iter().zip(read(store, patient, &pointers).await?) {
        match place {
            Place::Here(record) => records.push(*record),
            Place::FurtherOn => {}
            Place::NotYet => break,
        }
        upto = pointer.sequence;
        passed += 1;
    }
    let has_more = passed < found;
    Ok(Changes {
        upto,
        has_more,
        remaining: if has_more { last.saturating_sub(upto).max(1) } else { 0 },
        records,
    })
}

/// Those that wait for files, by age. One that has become whole while this reads is not here any more.
pub async fn pending(store: &Store, patient: UserId, page: &PageRequest) -> Result<Page<Record>, Error> {
    let found = store
        .query(&key::pending_records(patient), page, Order::Forwards)
        .await?;
    let mut keys = Vec::with_capacity(found.items.len());
    for item in found.items {
        let waiting: Waiting = serde_dynamo::from_item(item)?;
        keys.push(key::record(patient, waiting.record));
    }
    let mut items = Vec::with_capacity(keys.len());
    for (key, item) in keys.iter().zip(store.batch_get(&keys).await?) {
        let Some(item) = item else { continue };
        let record: Record = store.open_item(key, item).await?;
        if record.sync_status() == SyncStatus::Pending {
            items.push(record);
        }
    }
    Ok(Page {
        items,
        next: found.next,
    })
}

/// Newest first; none of a record that is not there or erased, whatever is left of it.
pub async fn versions(
    store: &Store,
    patient: UserId,
    id: RecordId,
    page: &PageRequest,
) -> Result<Option<Page<RecordVersion>>, Error> {
    let range = key::record_versions(patient, id);
    let (head, versions) = futures_util::try_join!(
        super::get(store, patient, id),
        store.query_sealed(&range, page, Order::Backwards)
    )?;
    Ok(head.map(|_| versions))
}
