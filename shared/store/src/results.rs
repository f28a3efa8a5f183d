//! Results of pictures of skin, as both products share them: found by what they are, and read again by newer models.

use std::future::Future;

use domain::id::{PredictionId, RecordNumber, UserId};
use domain::prediction::Prediction;
use domain::readings::{Reading, ResultId, SkinResult};
use domain::skin_record::SkinRecord;

use crate::outbox::Entry;
use crate::write::Write;
use crate::{Error, Store, key, predictions, skin_records};

/// How often a reading is tried to be added while other models' are.
const ATTEMPTS: u32 = 8;

/// A kind of result that is kept.
pub trait Kept: SkinResult + Clone + Send + Sync + 'static {
    type Id: Copy + Into<ResultId> + Send;

    fn get(store: &Store, patient: UserId, id: Self::Id) -> impl Future<Output = Result<Option<Self>, Error>> + Send;
}

impl Kept for Prediction {
    type Id = PredictionId;

    fn get(
        store: &Store,
        patient: UserId,
        id: PredictionId,
    ) -> impl Future<Output = Result<Option<Self>, Error>> + Send {
        predictions::get(store, patient, id)
    }
}

impl Kept for SkinRecord {
    type Id = RecordNumber;

    fn get(
        store: &Store,
        patient: UserId,
        number: RecordNumber,
    ) -> impl Future<Output = Result<Option<Self>, Error>> + Send {
        skin_records::get(store, patient, number)
    }
}

/// Adds what a newer model says, with the note of it, and gives the result as it is then; none if it is gone. Of many
/// at once by one model, one is added.
pub async fn add_reading<R: Kept>(
    store: &Store,
    id: R::Id,
    result: &R,
    reading: &Reading<R::Class>,
    audit: &Entry,
) -> Result<Option<R>, Error> {
    let mut result = result.clone();
    for _ in 0..ATTEMPTS {
        let readings = result.readings_mut();
        if readings.include(&reading.model) {
            return Ok(Some(result));
        }
        let before = i64::try_from(readings.later.len()).unwrap_or(i64::MAX);
        readings.later.push(reading.clone());
        let write = Write::update(key::result(result.patient(), result.id()))
            .set("later", &result.readings().later)?
            .add("rereadings", 1)
            .if_present()
            // It counts every reading that was added: there is none that was not seen here.
            .if_less_or_absent("rereadings", before + 1);
        match store.transact(vec![write, audit.write(store).await?]).await {
            Ok(()) => return Ok(Some(result)),
            Err(Error::ConditionFailed(0)) => {}
            Err(error) => return Err(error),
        }
        match R::get(store, result.patient(), id).await? {
            Some(found) => result = found,
            None => return Ok(None),
        }
    }
    Err(Error::Unavailable("a result kept being read again".to_owned()))
}
