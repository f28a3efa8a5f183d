//! Review requests, sealed; found by each of the two people in them, all or by status, and by what was asked about.
//! Lists and counts are written in the same transactions.

use domain::id::{PredictionId, ReviewRequestId, UserId};
use domain::prediction::Prediction;
use domain::review::{MOST_OPEN, ReviewRequest, ReviewRequestRefused, ReviewStatus, Verdict};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::counters::{self, Counter};
use crate::key::KeyRange;
use crate::outbox::Entry;
use crate::sealing::Sealed;
use crate::write::{Item, Write};
use crate::{Error, RefusedOr, Store, accounts, key, predictions};

/// Requests that one list reads past, at most: who wants older ones asks by status.
pub const MOST_SKIPPED: usize = 2_000;
/// How often a change is tried again while others change the same things.
const ATTEMPTS: u32 = 8;
/// Keeps the proof of opinions apart from other proofs.
const SIGNATURE: &str = "review";

impl Sealed for ReviewRequest {
    const SEALED: &'static [&'static str] = &["message", "opinion"];
}

/// A place in a list, without what the request says.
#[derive(Serialize, Deserialize)]
struct Pointer {
    id: ReviewRequestId,
}

/// How far a request is, without what it says.
#[derive(Deserialize)]
struct State {
    status: ReviewStatus,
}

/// Why a request could not be made or changed.
pub type ReviewError = RefusedOr<ReviewRequestRefused>;

impl From<ReviewRequestRefused> for ReviewError {
    fn from(refused: ReviewRequestRefused) -> Self {
        Self::Refused(refused)
    }
}

/// Of many at once for one prediction and doctor, one is made; and only while there are both. `entries`: what goes out
/// and is noted with it.
pub async fn ask(store: &Store, request: &ReviewRequest, entries: &[Entry]) -> Result<(), ReviewError> {
    let (id, patient, doctor) = (request.id, request.patient, request.doctor);
    let pointer = Pointer { id };
    let open = key::open_reviews(patient, request.prediction);
    let mut writes = vec![
        Write::put(key::asked(patient, request.prediction, doctor), &pointer)?.if_absent(),
        Write::check(key::prediction(patient, request.prediction)).if_present(),
        // Who is not approved, or suspended, is not on that list.
        Write::check(key::doctor(doctor)).if_present(),
        Write::update(open)
            .add("open", 1)
            .if_less_or_absent("open", i64::from(MOST_OPEN)),
        store.sealed_put(key::review_request(id), request).await?.if_absent(),
        counters::change(Counter::ReviewRequests, 1),
    ];
    for person in [patient, doctor] {
        writes.push(Write::put(key::review_of(person, None, id), &pointer)?);
        writes.push(Write::put(key::review_of(person, Some(request.status), id), &pointer)?);
        writes.push(count(person, request.status, 1));
    }
    for entry in entries {
        writes.push(entry.write(store).await?);
    }
    store.transact(writes).await.map_err(|error| match error {
        Error::ConditionFailed(0) => ReviewRequestRefused::Exists.into(),
        Error::ConditionFailed(1) => ReviewRequestRefused::NoPrediction.into(),
        Error::ConditionFailed(2) => ReviewRequestRefused::NoDoctor.into(),
        Error::ConditionFailed(3) => ReviewRequestRefused::TooMany.into(),
        other => other.into(),
    })
}

/// For one of the two people in it; for others it does not exist.
pub async fn find(store: &Store, person: UserId, id: ReviewRequestId) -> Result<ReviewRequest, ReviewError> {
    let request: Option<ReviewRequest> = store.get_sealed(&key::review_request(id)).await?;
    let request = request.filter(|request| request.is_between(person));
    Ok(request.ok_or(ReviewRequestRefused::NotFound)?)
}

/// Whether a patient has asked this doctor about a prediction, who has answered or may still. Who declined is out.
pub async fn is_asked(store: &Store, doctor: UserId, patient: UserId, about: PredictionId) -> Result<bool, Error> {
    let pointer: Option<Pointer> = store.get(&key::asked(patient, about, doctor)).await?;
    let Some(Pointer { id }) = pointer else {
        return Ok(false);
    };
    let state: Option<State> = store.get(&key::review_request(id)).await?;
    Ok(state.is_some_and(|state| state.status != ReviewStatus::Rejected))
}

/// A doctor's answer, signed: of several at once, one stands. The licence is the one that the doctor's account holds at
/// the moment of the write.
pub async fn settle(
    store: &Store,
    request: &ReviewRequest,
    verdict: &Verdict,
    entries: &[Entry],
    now: Timestamp,
) -> Result<ReviewRequest, ReviewError> {
    for _ in 0..ATTEMPTS {
        let prediction = predictions::get(store, request.patient, request.prediction);
        let account = accounts::get_stored(store, request.doctor);
        let (prediction, account) = futures_util::try_join!(prediction, account)?;
        // What was open goes with either.
        let prediction = prediction.ok_or(ReviewRequestRefused::NotFound)?;
        let account = account.ok_or(ReviewRequestRefused::NotFound)?;
        let license = account.account.practice.license.clone();
        let settled = request.settled(verdict, license, &prediction, now)?;
        let text = settled.to_be_signed().unwrap_or_default();
        let settled = settled.signed(crate::keyed_text(store, SIGNATURE, &text).await?);
        let still_theirs = accounts::unchanged(&account)?;
        let mut writes = settlement(store, request, &settled).await?;
        writes.push(still_theirs);
        let account_place = writes.len() - 1;
        for entry in entries {
            writes.push(entry.write(store).await?);
        }
        match store.transact(writes).await {
            Err(Error::ConditionFailed(0)) => {
                let found = find(store, request.doctor, request.id).await?;
                return Err(ReviewRequestRefused::Settled(found.status).into());
            }
            Err(Error::ConditionFailed(place)) if place == account_place => {}
            outcome => return Ok(outcome.map(|()| settled)?),
        }
    }
    Err(busy().into())
}

/// Whether an opinion is as it was given.
pub async fn is_authentic(store: &Store, request: &ReviewRequest) -> Result<bool, Error> {
    let (Some(opinion), Some(text)) = (&request.opinion, request.to_be_signed()) else {
        return Ok(false);
    };
    Ok(crate::keyed_text(store, SIGNATURE, &text).await? == opinion.signature)
}

async fn settlement(store: &Store, before: &ReviewRequest, after: &ReviewRequest) -> Result<Vec<Write>, Error> {
    let id = before.id;
    let put = store.sealed_put(key::review_request(id), after).await?;
    let mut writes = vec![
        put.if_equals("status", &ReviewStatus::Pending)?,
        Write::update(key::open_reviews(before.patient, before.prediction)).add("open", -1),
    ];
    for person in [before.patient, before.doctor] {
        writes.push(Write::delete(key::review_of(person, Some(before.status), id)));
        writes.push(Write::put(
            key::review_of(person, Some(after.status), id),
            &Pointer { id },
        )?);
        let counts = count(person, before.status, -1);
        writes.push(counts.add(after.status.word(), 1));
    }
    Ok(writes)
}

/// Takes a request away from both people in it. `ConditionFailed(0)` when it changed since it was read.
async fn remove_once(store: &Store, request: &ReviewRequest, audit: Option<&Entry>) -> Result<(), Error> {
    let id = request.id;
    let mut writes = vec![
        Write::delete(key::review_request(id)).if_equals("status", &request.status)?,
        Write::delete(key::asked(request.patient, request.prediction, request.doctor)),
        counters::change(Counter::ReviewRequests, -1),
    ];
    if request.status == ReviewStatus::Pending {
        let open = key::open_reviews(request.patient, request.prediction);
        writes.push(Write::update(open).add("open", -1));
    }
    for person in [request.patient, request.doctor] {
        writes.push(Write::delete(key::review_of(person, None, id)));
        writes.push(Write::delete(key::review_of(person, Some(request.status), id)));
        writes.push(count(person, request.status, -1));
    }
    if let Some(audit) = audit {
        writes.push(audit.write(store).await?);
    }
    store.transact(writes).await
}

/// For one of the two people in it: of several at once, one removes it.
pub async fn remove(store: &Store, person: UserId, request: &ReviewRequest, audit: &Entry) -> Result<(), ReviewError> {
    let mut request = request.clone();
    for _ in 0..ATTEMPTS {
        match remove_once(store, &request, Some(audit)).await {
            Err(Error::ConditionFailed(0)) => request = find(store, person, request.id).await?,
            outcome => return Ok(outcome?),
        }
    }
    Err(busy().into())
}

/// When a prediction goes, what is still open about it goes first; opinions stay. Repeatable.
pub(crate) async fn remove_open(store: &Store, patient: UserId, prediction: PredictionId) -> Result<(), Error> {
    let range = key::all_asked(patient, prediction);
    let pointers = store.query_all(&range, MOST_SKIPPED).await?;
    for pointer in pointers {
        let Pointer { id } = serde_dynamo::from_item(pointer)?;
        let request: Option<ReviewRequest> = store.get_sealed(&key::review_request(id)).await?;
        let open = request.filter(|request| request.status == ReviewStatus::Pending);
        let Some(open) = open else { continue };
        match remove_once(store, &open, None).await {
            // Settled or removed meanwhile.
            Ok(()) | Err(Error::ConditionFailed(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// When an account goes, all that it was in goes. Repeatable.
pub(crate) async fn erase(store: &Store, person: UserId, id: ReviewRequestId) -> Result<(), Error> {
    for _ in 0..ATTEMPTS {
        let request: Option<ReviewRequest> = store.get_sealed(&key::review_request(id)).await?;
        let Some(request) = request else {
            // Only a place in a list is left.
            return store.write(Write::delete(key::review_of(person, None, id))).await;
        };
        match remove_once(store, &request, None).await {
            Err(Error::ConditionFailed(_)) => {}
            outcome => return outcome,
        }
    }
    Err(busy())
}

/// Those that somebody is in, newest first.
pub async fn list(
    store: &Store,
    person: UserId,
    status: Option<ReviewStatus>,
    skip: usize,
    limit: usize,
) -> Result<Vec<ReviewRequest>, Error> {
    let range: KeyRange = key::reviews_of(person, status);
    let skip = skip.min(MOST_SKIPPED);
    let pointers = store.query_all_backwards(&range, skip + limit).await?;
    let mut places = Vec::new();
    for pointer in pointers.into_iter().skip(skip) {
        let Pointer { id } = serde_dynamo::from_item(pointer)?;
        places.push(key::review_request(id));
    }
    let mut requests = Vec::new();
    for (place, item) in places.iter().zip(store.batch_get(&places).await?) {
        // One that went while the list was read is left out.
        if let Some(item) = item {
            requests.push(store.open_item(place, item).await?);
        }
    }
    Ok(requests)
}

/// Of a status, or of all.
pub async fn total(store: &Store, person: UserId, status: Option<ReviewStatus>) -> Result<u64, Error> {
    let counts: Item = store.get_item(&key::review_counts(person)).await?.unwrap_or_default();
    let number = |status: ReviewStatus| -> u64 {
        let value = counts.get(status.word()).and_then(|value| value.as_n().ok());
        value.and_then(|text| text.parse().ok()).unwrap_or(0)
    };
    Ok(match status {
        Some(status) => number(status),
        None => ReviewStatus::ALL.into_iter().map(number).sum(),
    })
}

/// What the requests are about, in their order; none where it is gone.
pub async fn judged(store: &Store, requests: &[ReviewRequest]) -> Result<Vec<Option<Prediction>>, Error> {
    let places: Vec<_> = requests
        .iter()
        .map(|request| key::prediction(request.patient, request.prediction))
        .collect();
    let items = store.batch_get(&places).await?;
    items
        .into_iter()
        .map(|item| item.map(|item| Ok(serde_dynamo::from_item(item)?)).transpose())
        .collect()
}

fn count(person: UserId, status: ReviewStatus, by: i64) -> Write {
    Write::update(key::review_counts(person)).add(status.word(), by)
}

fn busy() -> Error {
    Error::Unavailable("a review request kept changing".to_owned())
}
