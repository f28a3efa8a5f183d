//! Consultations, sealed, in their patient's partition: the call itself, the mailboxes of its parties, what is written in
//! it, and its guests. The doctor finds it by a pointer of their own.
//!
//! A change is a rule of `domain::consultation`, written over the version that it was made from; of two at once, one is
//! made again from what the other left.

pub mod invites;
pub mod mailbox;
pub mod messages;
pub mod pass;

use domain::care::Care;
use domain::consultation::{Consultation, ConsultationRefused, Party};
use domain::id::{ConsultationId, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::key::{Key, KeyRange};
use crate::outbox::Entry;
use crate::query::Order;
use crate::sealing::Sealed;
use crate::write::{Item, Write};
use crate::{Cursor, Error, Page, PageRequest, RefusedOr, Store, care, key, pause};

/// How often a change is tried again while others change the same call.
const ATTEMPTS: u32 = 40;

pub type ConsultationError = RefusedOr<ConsultationRefused>;

impl From<ConsultationRefused> for ConsultationError {
    fn from(refused: ConsultationRefused) -> Self {
        Self::Refused(refused)
    }
}

impl Sealed for Consultation {
    const SEALED: &'static [&'static str] = &["reason", "notes"];
}

/// Whose it is.
#[derive(Serialize, Deserialize)]
struct Pointer {
    patient: UserId,
}

/// Keeps a new one. The doctor must be one that patients can find at this very moment.
pub async fn create(store: &Store, new: &Consultation, audit: &Entry) -> Result<(), ConsultationError> {
    let (id, patient) = (new.id, new.patient);
    let pointer = Pointer { patient };
    let place = key::consultation(patient, id);
    let mut writes = vec![
        // Who is not approved, or suspended, is not on that list.
        Write::check(key::doctor(new.doctor)).if_present(),
        store.sealed_put(place, new).await?.if_absent(),
        Write::put(key::consultation_of(patient, id), &pointer)?,
        Write::put(key::consultation_of(new.doctor, id), &pointer)?,
        Write::put(key::consultation_owner(id), &pointer)?,
        audit.write(store).await?,
    ];
    if let Some(tie) = new.care() {
        writes.push(care::begin(&tie)?);
    }
    store.transact(writes).await.map_err(|error| match error {
        Error::ConditionFailed(0) => ConsultationRefused::NotADoctor.into(),
        other => other.into(),
    })
}

/// For its patient or its doctor; for others it does not exist.
pub async fn find(store: &Store, person: UserId, id: ConsultationId) -> Result<Option<(Consultation, Party)>, Error> {
    // A patient's own is read at once.
    let own = key::consultation(person, id);
    let keys = [own.clone(), key::consultation_of(person, id)];
    let [item, pointer] = store.batch_get(&keys).await?.try_into().unwrap_or([None, None]);
    let found: Option<Consultation> = match (item, pointer) {
        (Some(item), _) => Some(store.open_item(&own, item).await?),
        (None, Some(pointer)) => {
            let Pointer { patient } = serde_dynamo::from_item(pointer)?;
            get(store, patient, id).await?
        }
        (None, None) => None,
    };
    Ok(found.and_then(|found| {
        let party = found.party_of(person)?;
        Some((found, party))
    }))
}

/// A patient's.
pub async fn get(store: &Store, patient: UserId, id: ConsultationId) -> Result<Option<Consultation>, Error> {
    store.get_sealed(&key::consultation(patient, id)).await
}

/// Whose it is that somebody asks for who is not in it: for the note of that, and nothing else.
pub async fn whose(store: &Store, id: ConsultationId) -> Result<Option<UserId>, Error> {
    let pointer: Option<Pointer> = store.get(&key::consultation_owner(id)).await?;
    Ok(pointer.map(|pointer| pointer.patient))
}

/// Those that somebody is in, newest first.
pub async fn list(store: &Store, person: UserId, page: &PageRequest) -> Result<Page<Consultation>, Error> {
    let range = key::consultations_of(person);
    let Page { items, next } = store.query(&range, page, Order::Backwards).await?;
    let mut places = Vec::new();
    for item in items {
        let id = crate::query::sort_key(&item).and_then(|sort| sort.strip_prefix(&range.sort_prefix)?.parse().ok());
        let id = id.ok_or_else(|| Error::Rejected("a consultation's pointer has another key".to_owned()))?;
        let Pointer { patient } = serde_dynamo::from_item(item)?;
        places.push(key::consultation(patient, id));
    }
    // One whose patient is gone is left out.
    let items = store.batch_get_sealed(&places).await?;
    Ok(Page { items, next })
}

/// Reads, changes and writes until nobody else was between. `rule`: what it becomes, or none where it stays as it is; then
/// nothing is written but `entries[0]`, the note of it.
pub async fn change(
    store: &Store,
    patient: UserId,
    id: ConsultationId,
    rule: impl Fn(&Consultation) -> Result<Option<Consultation>, ConsultationRefused>,
    entries: &[Entry],
) -> Result<Consultation, ConsultationError> {
    for attempt in 0..ATTEMPTS {
        let before = get(store, patient, id).await?.ok_or(ConsultationRefused::NotFound)?;
        let Some(after) = rule(&before)? else {
            if let Some(note) = entries.first() {
                crate::outbox::add(store, note).await?;
            }
            return Ok(before);
        };
        let mut writes = changed(store, &before, &after).await?;
        for entry in entries {
            writes.push(entry.write(store).await?);
        }
        match store.transact_as_seen(writes).await {
            Ok(()) => return Ok(after),
            Err(Error::ConditionFailed(0) | Error::Contended) => pause::before_trying_again(attempt).await,
            Err(error) => return Err(error.into()),
        }
    }
    Err(busy().into())
}

/// The first says what it was made from.
async fn changed(store: &Store, before: &Consultation, after: &Consultation) -> Result<Vec<Write>, Error> {
    let place = key::consultation(after.patient, after.id);
    let put = store.sealed_put(place, after).await?;
    let mut writes = vec![put.if_equals("version", &before.version)?];
    match (before.care(), after.care()) {
        (was, is) if was == is => {}
        (_, Some(tie)) => writes.push(care::begin(&tie)?),
        (
            Some(Care {
                patient, doctor, cause, ..
            }),
            None,
        ) => writes.push(care::end(patient, doctor, cause)),
        (None, None) => {}
    }
    Ok(writes)
}

/// What comes of joining: the call as it is now, and the number of the new connection; none for whoever waits.
pub struct Joined {
    pub consultation: Consultation,
    pub connection: Option<u64>,
    /// Whether anything of the call has changed: others may want to know.
    pub is_changed: bool,
}

/// Joins. The connection is the newest of its party: what is not acknowledged goes to it, and no longer to others.
pub async fn join(
    store: &Store,
    found: &Consultation,
    party: Party,
    now: Timestamp,
    audit: &Entry,
) -> Result<Joined, ConsultationError> {
    let (patient, id) = (found.patient, found.id);
    let places = [key::consultation(patient, id), key::mailbox(patient, id, party)];
    for attempt in 0..ATTEMPTS {
        let [item, head] = store.batch_get(&places).await?.try_into().unwrap_or([None, None]);
        let item = item.ok_or(ConsultationRefused::NotFound)?;
        let before: Consultation = store.open_item(&places[0], item).await?;
        let joined = before.joined(party, now)?;
        // Whoever asks again while they wait has learnt nothing, and it is noted that they wait.
        if joined.waits && !joined.is_changed {
            return Ok(Joined {
                consultation: before,
                connection: None,
                is_changed: false,
            });
        }
        let mut writes = match joined.is_changed {
            true => changed(store, &before, &joined.after).await?,
            false => vec![unchanged(&before)?],
        };
        let mut connection = None;
        if !joined.waits {
            let (number, write) = mailbox::taken_over(&joined.after, party, head.unwrap_or_default())?;
            connection = Some(number);
            writes.push(write);
        }
        writes.push(audit.write(store).await?);
        match store.transact_as_seen(writes).await {
            Ok(()) => {
                return Ok(Joined {
                    consultation: joined.after,
                    connection,
                    is_changed: joined.is_changed,
                });
            }
            Err(Error::ConditionFailed(_) | Error::Contended) => pause::before_trying_again(attempt).await,
            Err(error) => return Err(error.into()),
        }
    }
    Err(busy().into())
}

fn unchanged(seen: &Consultation) -> Result<Write, Error> {
    Write::check(key::consultation(seen.patient, seen.id)).if_equals("version", &seen.version)
}

/// Whoever writes into a call needs it to go on at that very moment.
fn goes_on(consultation: &Consultation) -> Result<Write, Error> {
    let place = key::consultation(consultation.patient, consultation.id);
    Write::check(place).if_equals("status", &domain::consultation::Status::Active)
}

/// When the account of one of its people goes: from the list of a doctor, and altogether with its patient. Repeatable.
pub(crate) async fn erase_pointer(store: &Store, person: UserId, item: Item) -> Result<(), Error> {
    let range = key::consultations_of(person);
    let place = crate::query::place_in(&range, &item)?;
    let Pointer { patient } = serde_dynamo::from_item(item)?;
    let id = place
        .sort
        .strip_prefix(&range.sort_prefix)
        .and_then(|id| id.parse().ok());
    if let Some(id) = id.filter(|_| patient == person) {
        if let Some(call) = get(store, patient, id).await? {
            store
                .write(Write::delete(key::consultation_of(call.doctor, id)))
                .await?;
        }
        store.write(Write::delete(key::consultation_owner(id))).await?;
    }
    store.write(Write::delete(place)).await
}

fn busy() -> Error {
    Error::Unavailable("a consultation kept changing".to_owned())
}

/// Numbered items after the one at `start`, whose number is `after`, up to the first that is not there yet, and whether there
/// are more: a page of a query is no snapshot, and may hold one that was put while it was read, but not the one before it.
async fn row_after<T: Sealed>(
    store: &Store,
    range: &KeyRange,
    (start, after): (Key, u64),
    limit: u16,
    number: impl Fn(&T) -> u64,
) -> Result<(Vec<T>, bool), Error> {
    let page = PageRequest {
        limit,
        after: Some(Cursor::at(&start.sort)),
    };
    let Page { items, next } = store.query_sealed::<T>(range, &page, Order::Forwards).await?;
    let in_a_row = items.into_iter().zip(after.saturating_add(1)..);
    let in_a_row = in_a_row.take_while(|(item, expected)| number(item) == *expected);
    Ok((in_a_row.map(|(item, _)| item).collect(), next.is_some()))
}
