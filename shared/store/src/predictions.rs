//! Predictions, in their patient's partition.

use domain::id::{PredictionId, UserId};
use domain::prediction::Prediction;

use crate::counters::{self, Counter};
use crate::outbox::Entry;
use crate::write::Write;
use crate::{Error, Page, PageRequest, Store, key, opinions, pictures, reviews};

/// How often removing one is tried again while doctors are being asked about it.
const ATTEMPTS: u32 = 8;

/// Keeps a prediction, with the note of it.
pub async fn add(store: &Store, prediction: &Prediction, audit: &Entry) -> Result<(), Error> {
    store
        .transact(vec![
            Write::put(key::prediction(prediction.patient, prediction.id), prediction)?.if_absent(),
            counters::change(Counter::Predictions, 1),
            audit.write(store).await?,
        ])
        .await
}

/// A patient's own, newest first.
pub async fn list(store: &Store, patient: UserId, page: &PageRequest) -> Result<Page<Prediction>, Error> {
    store.query_backwards(&key::predictions(patient), page).await
}

pub async fn get(store: &Store, patient: UserId, id: PredictionId) -> Result<Option<Prediction>, Error> {
    store.get(&key::prediction(patient, id)).await
}

/// For a patient whose account is gone. Repeatable: the picture goes first, so that it is found until it is gone.
pub(crate) async fn erase(store: &Store, prediction: &Prediction) -> Result<(), Error> {
    pictures::remove(store, &prediction.picture).await?;
    let writes = vec![
        Write::delete(key::prediction(prediction.patient, prediction.id)).if_present(),
        counters::change(Counter::Predictions, -1),
    ];
    match store.transact(writes).await {
        Err(Error::ConditionFailed(_)) => Ok(()),
        other => other,
    }
}

/// Removes a prediction with the opinions on it and the review requests that are open, and notes that its picture must
/// go. `ConditionFailed(0)` when another call was first.
pub async fn remove(store: &Store, prediction: &Prediction, picture_goes: &Entry, audit: &Entry) -> Result<(), Error> {
    let (patient, id) = (prediction.patient, prediction.id);
    let mut judged = prediction.readings.opinions;
    for _ in 0..ATTEMPTS {
        reviews::remove_open(store, patient, id).await?;
        let unjudged = Write::delete(key::prediction(patient, id)).if_present();
        let mut writes = vec![
            // Fails where an opinion was given in between.
            unjudged.if_less_or_absent("opinions", i64::from(judged) + 1),
            // Fails where a doctor was asked in between.
            Write::delete(key::open_reviews(patient, id)).if_less_or_absent("open", 1),
            counters::change(Counter::Predictions, -1),
            picture_goes.write(store).await?,
            audit.write(store).await?,
        ];
        if judged > 0 {
            writes.extend(opinions::removal(store, patient, id.into()).await?);
        }
        match store.transact(writes).await {
            Err(Error::ConditionFailed(0)) => {
                let found = get(store, patient, id).await?.ok_or(Error::ConditionFailed(0))?;
                judged = found.readings.opinions;
            }
            Err(Error::ConditionFailed(1)) => {}
            outcome => return outcome,
        }
    }
    Err(Error::Unavailable("a prediction kept being asked about".to_owned()))
}
