//! Conflicts: the inbox of those that are open, and how they are settled.

use domain::id::{RecordConflictId, RecordId, UserId};
use domain::record::conflict::{Decision, Kept, RecordConflict};
use domain::record::{Data, Pen, Record, RecordRefused};

use super::{RecordError, Turn, see, write};
use crate::outbox::Entry;
use crate::query::Order;
use crate::write::Write;
use crate::{Error, Page, PageRequest, Store, key};

/// Settled by one choice, at most: each takes two of the hundred writes of a transaction.
const MOST_AT_ONCE: usize = 20;

/// Those that wait for somebody to decide.
pub async fn list_conflicts(store: &Store, patient: UserId, page: &PageRequest) -> Result<Page<RecordConflict>, Error> {
    store
        .query_sealed(&key::open_conflicts(patient), page, Order::Forwards)
        .await
}

/// Open or settled.
pub async fn get_conflict(
    store: &Store,
    patient: UserId,
    record: RecordId,
    id: RecordConflictId,
) -> Result<Option<RecordConflict>, Error> {
    let open = store.get_sealed(&key::open_conflict(patient, record, id)).await?;
    if open.is_some() {
        return Ok(open);
    }
    store.get_sealed(&key::settled_conflict(patient, record, id)).await
}

/// One conflict, by a decision on it.
pub async fn settle(
    store: &Store,
    conflict: &RecordConflict,
    decision: &Decision,
    pen: Pen,
    audit: &Entry,
) -> Result<Record, RecordError> {
    let place = key::open_conflict(conflict.patient, conflict.record, conflict.id);
    let mut turn = Turn::new();
    loop {
        let seen = see(store, conflict.patient, conflict.record, std::slice::from_ref(&place)).await?;
        let Some(Some(_)) = seen.beside.first() else {
            return Err(RecordRefused::ConflictSettled.into());
        };
        let record = seen.record.clone().ok_or(RecordRefused::NotFound)?;
        let (after, settled) = conflict.decide(&record, decision.clone(), pen)?;
        let others = moved(store, &settled).await?;
        match write(store, &seen, after, audit, others).await? {
            Some(record) => return Ok(record),
            None => turn.next().await?,
        }
    }
}

/// What somebody chose in place of everything there is, having seen a version.
pub struct Resolution {
    pub seen: u64,
    pub data: Data,
}

/// All conflicts over a record, by one choice.
pub async fn resolve(
    store: &Store,
    (patient, id): (UserId, RecordId),
    resolution: &Resolution,
    pen: Pen,
    audit: &Entry,
) -> Result<Record, RecordError> {
    let range = key::open_conflicts_of(patient, id);
    let mut turn = Turn::new();
    loop {
        let seen = see(store, patient, id, &[]).await?;
        let record = seen.record.clone().filter(|record| !record.is_erased);
        let record = record.ok_or(RecordRefused::NotFound)?;
        let (mut others, mut settled) = (Vec::new(), 0);
        let open = store.query_all(&range, MOST_AT_ONCE).await?;
        for conflict in store.open_items::<RecordConflict>(&range, open).await? {
            others.extend(moved(store, &conflict.settled(Kept::Merged, pen)).await?);
            settled += 1;
        }
        let after = record.resolved(resolution.data.clone(), resolution.seen, settled, pen)?;
        match write(store, &seen, after, audit, others).await? {
            Some(record) => return Ok(record),
            None => turn.next().await?,
        }
    }
}

/// From the open ones to the settled ones: both sides stay readable.
async fn moved(store: &Store, settled: &RecordConflict) -> Result<Vec<Write>, Error> {
    let (patient, record, id) = (settled.patient, settled.record, settled.id);
    Ok(vec![
        Write::delete(key::open_conflict(patient, record, id)).if_present(),
        store
            .sealed_put(key::settled_conflict(patient, record, id), settled)
            .await?,
    ])
}
