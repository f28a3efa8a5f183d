//! Who treats whom: one item for each cause, beside the patient's grants, written with what causes it.

use domain::care::{Care, Cause};
use domain::id::UserId;
use jiff::Timestamp;

use crate::write::Write;
use crate::{Error, Store, key, table};

/// Ties of one patient and one doctor that are looked at. One that stands is enough, and they lapse.
const MOST: usize = 25;

/// Whether the doctor treats the patient now.
pub async fn stands(store: &Store, patient: UserId, doctor: UserId, now: Timestamp) -> Result<bool, Error> {
    Ok(find(store, patient, doctor, now).await?.is_some())
}

/// A tie that stands now, if there is one.
pub(crate) async fn find(
    store: &Store,
    patient: UserId,
    doctor: UserId,
    now: Timestamp,
) -> Result<Option<Care>, Error> {
    let items = store.query_all_backwards(&key::care_of(patient, doctor), MOST).await?;
    for item in items {
        let care: Care = serde_dynamo::from_item(item)?;
        if care.stands(now) {
            return Ok(Some(care));
        }
    }
    Ok(None)
}

/// That a tie is as it was read.
pub(crate) fn unchanged(care: &Care) -> Result<Write, Error> {
    Write::check(key::care(care.patient, care.doctor, care.cause)).if_equals("until", &care.until)
}

/// Begins a tie, or moves its end: part of the transaction of what causes it.
pub(crate) fn begin(care: &Care) -> Result<Write, Error> {
    let mut item: crate::write::Item = serde_dynamo::to_item(care)?;
    let expiry = serde_dynamo::to_attribute_value(care.until.as_second())?;
    item.insert(table::EXPIRY.to_owned(), expiry);
    Ok(Write::put_item(key::care(care.patient, care.doctor, care.cause), item))
}

pub(crate) fn end(patient: UserId, doctor: UserId, cause: Cause) -> Write {
    Write::delete(key::care(patient, doctor, cause))
}
