//! Lists of records: pages of those that are not deleted, all changes in their order, and the versions of one.

use std::cmp::Ordering;

use domain::id::{RecordId, UserId};
use domain::record::{Record, RecordRefused, RecordType, RecordVersion, SyncStatus};
use futures_util::future::try_join_all;

use super::{Book, Pointer, RecordError, Waiting};
use crate::query::Order;
use crate::{Cursor, Error, Page, PageRequest, Store, Window, key, pause};

/// Numbered pages cost more the deeper they go, so there is an end to it.
pub const DEEPEST: usize = 2_000;
/// Of an answer through Lambda, which holds 6 MB; records in it are text in JSON.
const MOST_BYTES: usize = 5_000_000;
/// What a record takes beside its data at most: a signature with its reason.
const BESIDE_ITS_DATA: usize = 8_000;
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
) -> Result<Listed, RecordError> {
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
        pointers.push(serde_dynamo::from_item::<_, Pointer>(item).map_err(Error::from)?);
    }
    pointers.sort_by_key(|pointer| std::cmp::Reverse(pointer.sequence));
    let page: Vec<Pointer> = pointers.into_iter().skip(window.skip).take(window.limit).collect();
    let (mut records, mut room) = (Vec::new(), Room::new());
    for place in read(store, patient, &page).await? {
        if let Place::Here(record) = place {
            // The next page begins at a number, so none can be left for it.
            if !room.takes(&record) {
                return Err(RecordRefused::PageTooLarge.into());
            }
            records.push(*record);
        }
    }
    Ok(Listed {
        records,
        total: book.count(record_type),
    })
}

/// What a page may still take.
struct Room(usize);

impl Room {
    fn new() -> Self {
        Self(MOST_BYTES)
    }

    /// The first always fits.
    fn takes(&mut self, record: &Record) -> bool {
        let text = serde_json::to_string(&record.data).unwrap_or_default();
        let escaped = text.bytes().filter(|byte| matches!(byte, b'"' | b'\\')).count();
        let size = text.len() + escaped + BESIDE_ITS_DATA;
        let fits = size <= self.0 || self.0 == MOST_BYTES;
        self.0 = self.0.saturating_sub(size);
        fits
    }
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
    let mut room = Room::new();
    for (pointer, place) in pointers.iter().zip(read(store, patient, &pointers).await?) {
        match place {
            Place::Here(record) if room.takes(&record) => records.push(*record),
            Place::FurtherOn => {}
            Place::Here(_) | Place::NotYet => break,
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
    let waiting: Vec<Waiting> = serde_dynamo::from_items(found.items)?;
    let keys: Vec<_> = waiting.iter().map(|one| key::record(patient, one.record)).collect();
    let (mut items, mut next, mut room) = (Vec::new(), found.next, Room::new());
    for (key, item) in keys.iter().zip(store.batch_get(&keys).await?) {
        let Some(item) = item else { continue };
        let record: Record = store.open_item(key, item).await?;
        if record.sync_status() != SyncStatus::Pending {
            continue;
        }
        if !room.takes(&record) {
            let last = items.last().map(|last: &Record| key::pending_record(patient, last.id));
            next = last.map(|last| Cursor::at(&last.sort));
            break;
        }
        items.push(record);
    }
    Ok(Page { items, next })
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
