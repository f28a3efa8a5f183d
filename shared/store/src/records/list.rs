//! Lists of records: pages of those that are not deleted, all changes in their order, and the versions of one.

use domain::id::{RecordId, UserId};
use domain::record::{Record, RecordType, RecordVersion, SyncStatus};
use futures_util::future::try_join_all;

use super::{Book, Pointer, Waiting};
use crate::query::Order;
use crate::{Cursor, Error, Page, PageRequest, Store, Window, key};

/// Numbered pages cost more the deeper they go, so there is an end to it.
pub const DEEPEST: usize = 2_000;

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
    Ok(Listed {
        records: read(store, patient, &page).await?,
        total: book.count(record_type),
    })
}

/// The records at these places; without those that have changed since, and so are at others.
async fn read(store: &Store, patient: UserId, pointers: &[Pointer]) -> Result<Vec<Record>, Error> {
    let keys: Vec<_> = pointers
        .iter()
        .map(|pointer| key::record(patient, pointer.record))
        .collect();
    let items = store.batch_get(&keys).await?;
    let mut records = Vec::with_capacity(items.len());
    for ((key, pointer), item) in keys.iter().zip(pointers).zip(items) {
        let Some(item) = item else { continue };
        let record: Record = store.open_item(key, item).await?;
        if record.sequence == pointer.sequence {
            records.push(record);
        }
    }
    Ok(records)
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
pub async fn changes_after(store: &Store, patient: UserId, after: u64, limit: u16) -> Result<Changes, Error> {
    // One more tells whether there are more: storage says so of a page that ends with the last one too.
    let request = PageRequest {
        limit: limit + 1,
        after: (after > 0).then(|| Cursor::at(&key::record_change(patient, after).sort)),
    };
    let (range, book) = (key::record_changes(patient), key::record_book(patient));
    let (page, book) =
        futures_util::try_join!(store.query(&range, &request, Order::Forwards), store.get::<Book>(&book))?;
    let has_more = page.items.len() > usize::from(limit);
    let mut pointers = Vec::with_capacity(page.items.len());
    for item in page.items.into_iter().take(usize::from(limit)) {
        pointers.push(serde_dynamo::from_item::<_, Pointer>(item)?);
    }
    let upto = pointers.last().map_or(after, |last| last.sequence);
    let last = book.unwrap_or_default().sequence;
    Ok(Changes {
        upto,
        has_more,
        remaining: if has_more { last.saturating_sub(upto).max(1) } else { 0 },
        records: read(store, patient, &pointers).await?,
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
