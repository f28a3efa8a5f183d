//! The dermatology clinic's records, in their patient's partition.

use domain::id::{RecordNumber, UserId};
use domain::skin_record::SkinRecord;
use jiff::Timestamp;

use crate::outbox::Entry;
use crate::query::Order;
use crate::sealing::Sealed;
use crate::write::Write;
use crate::{Error, Page, PageRequest, Store, key};

impl Sealed for SkinRecord {
    const SEALED: &'static [&'static str] = &["notes"];
}

/// Keeps a record, with the note of it.
pub async fn add(store: &Store, record: &SkinRecord, audit: &Entry) -> Result<(), Error> {
    let put = store
        .sealed_put(key::skin_record(record.patient, record.number), record)
        .await?;
    store.transact(vec![put.if_absent(), audit.write(store).await?]).await
}

pub async fn get(store: &Store, patient: UserId, number: RecordNumber) -> Result<Option<SkinRecord>, Error> {
    store.get_sealed(&key::skin_record(patient, number)).await
}

/// A patient's own, newest first.
pub async fn list(store: &Store, patient: UserId, page: &PageRequest) -> Result<Page<SkinRecord>, Error> {
    store
        .query_sealed(&key::skin_records(patient), page, Order::Backwards)
        .await
}

/// Notes that a consultation is asked for: the first time counts. `ConditionFailed(0)` when there is no such record, or
/// another call was first.
pub async fn ask_for_consultation(
    store: &Store,
    record: &SkinRecord,
    now: Timestamp,
    audit: &Entry,
) -> Result<(), Error> {
    let place = key::skin_record(record.patient, record.number);
    let update = Write::update(place).set("consultation_asked_at", &now)?;
    let update = update
        .if_present()
        .if_equals("consultation_asked_at", &record.consultation_asked_at)?;
    store.transact(vec![update, audit.write(store).await?]).await
}
