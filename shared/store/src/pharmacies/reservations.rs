//! What is set apart for patients: a reservation lies with its patient, with a pointer for the pharmacy that keeps it, and waits
//! in a queue for its time to be over.

use std::collections::{BTreeMap, HashMap};

use domain::id::{OutboxId, PharmacyId, ReservationId, StockMovementId, UserId};
use domain::notice::Notice;
use domain::pharmacy::PharmacyRefused;
use domain::pharmacy::lot::LotCode;
use domain::pharmacy::medicine::MedicineName;
use domain::pharmacy::movement::{Kind, Received};
use domain::pharmacy::reservation::{Reservation, Status};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::shelf::{Cause, Change, known, see};
use super::{Batch, PharmacyError, Turn, told};
use crate::outbox::{Entry, Errand};
use crate::query::{Order, place_in, sort_key};
use crate::sealing::Sealed;
use crate::write::Write;
use crate::{Error, Page, PageRequest, RefusedOr, Store, key};

/// Which medicine, from which record: between the patient and the pharmacy.
impl Sealed for Reservation {
    const SEALED: &'static [&'static str] = &[
        "medicine",
        "medicine_name",
        "unit",
        "price",
        "quantity",
        "lots",
        "record",
        "medication",
        "is_signed",
    ];
}

/// Whose a reservation is, and who keeps it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Parties {
    pub patient: UserId,
    pub pharmacy: PharmacyId,
}

/// What is held until a moment; it does not name the patient.
#[derive(Serialize, Deserialize)]
pub(super) struct Held {
    pub reservation: ReservationId,
    pub pharmacy: PharmacyId,
    pub medicine: MedicineName,
    pub lots: Vec<(LotCode, u64)>,
}

impl Held {
    pub fn of(reservation: &Reservation) -> Self {
        Self {
            reservation: reservation.id,
            pharmacy: reservation.pharmacy,
            medicine: reservation.medicine.clone(),
            lots: reservation.lots.clone(),
        }
    }
}

pub async fn parties(store: &Store, id: ReservationId) -> Result<Option<Parties>, Error> {
    store.get(&key::reservation_holder(id)).await
}

pub async fn get(store: &Store, patient: UserId, id: ReservationId) -> Result<Option<Reservation>, Error> {
    store.get_sealed(&key::reservation(patient, id)).await
}

/// A patient's, newest first.
pub async fn list_of(store: &Store, patient: UserId, page: &PageRequest) -> Result<Page<Reservation>, Error> {
    let range = key::reservations_of(patient);
    store.query_sealed(&range, page, Order::Backwards).await
}

/// What a pharmacy keeps or kept, newest first, without what went meanwhile.
pub async fn kept_at(store: &Store, pharmacy: PharmacyId, page: &PageRequest) -> Result<Page<Reservation>, Error> {
    let range = key::kept_reservations(pharmacy);
    let Page { items, next } = store.query(&range, page, Order::Backwards).await?;
    let mut places = Vec::with_capacity(items.len());
    for item in items {
        let id = sort_key(&item).and_then(|sort| sort.strip_prefix(&range.sort_prefix)?.parse().ok());
        let id = id.ok_or_else(|| Error::Rejected("a reservation's pointer has another key".to_owned()))?;
        let Parties { patient, .. } = serde_dynamo::from_item(item)?;
        places.push(key::reservation(patient, id));
    }
    let items = store.batch_get_sealed(&places).await?;
    Ok(Page { items, next })
}

/// How a reservation ends.
pub struct Ending<'a> {
    /// Of those who run the pharmacy; none where the patient or the time ends it.
    pub by: Option<UserId>,
    pub movement: StockMovementId,
    /// For who is told that there is little left, in case.
    pub low: OutboxId,
    pub entries: &'a [Entry],
    pub now: Timestamp,
    /// Not held back with the request that it happens to be done in.
    pub is_at_once: bool,
}

/// By a rule, again and again until nobody else was between. A rule that gives none leaves it as it is. What was held is given
/// out or free again, and the prescription knows of it, all in one transaction.
pub async fn end(
    store: &Store,
    (patient, id): (UserId, ReservationId),
    ending: &Ending<'_>,
    rule: impl Fn(&Reservation) -> Result<Option<Reservation>, PharmacyRefused>,
) -> Result<Reservation, PharmacyError> {
    let mut turn = Turn::new();
    loop {
        let before = get(store, patient, id).await?.ok_or(PharmacyRefused::NoReservation)?;
        let Some(after) = rule(&before)? else { return Ok(before) };
        if write_end(store, &before, &after, ending).await? {
            return Ok(after);
        }
        turn.next().await?;
    }
}

async fn write_end(
    store: &Store,
    before: &Reservation,
    after: &Reservation,
    ending: &Ending<'_>,
) -> Result<bool, PharmacyError> {
    let mut batch = Batch::default();
    let (patient, id) = (after.patient, after.id);
    let put = store.sealed_put(key::reservation(patient, id), after).await?;
    batch.add(put.if_equals("status", &before.status)?);
    batch.add(Write::delete(key::held_reservation(before.collect_by, id)));
    batch.add(Write::update(key::reservation_count(patient)).add("open", -1));
    let fills = Write::update(key::fills(patient, after.record, after.medication));
    let fills = fills.set("open", &None::<ReservationId>)?.if_equals("open", &id)?;
    let is_collected = after.status == Status::Collected;
    batch.add(match is_collected {
        true => fills,
        false => fills.add("taken", -domain::pharmacy::shelf::signed(after.quantity)),
    });
    stock(store, after, ending, &mut batch).await?;
    if is_collected {
        let received = Received {
            id: ending.movement,
            patient,
            pharmacy: after.pharmacy,
            medicine: after.medicine.clone(),
            medicine_name: after.medicine_name.clone(),
            lots: after.lots.clone(),
            reservation: Some(id),
            given_at: ending.now,
        };
        let place = key::received(patient, received.id, 0);
        batch.add(store.sealed_put(place, &received).await?);
    }
    batch.add_entries(store, ending.entries).await?;
    batch.commit(store, ending.is_at_once).await
}

async fn stock(
    store: &Store,
    reservation: &Reservation,
    ending: &Ending<'_>,
    batch: &mut Batch,
) -> Result<(), PharmacyError> {
    let house = super::get(store, reservation.pharmacy)
        .await?
        .ok_or(PharmacyRefused::NotFound)?;
    let seen = known(see(store, house.id, &reservation.medicine).await?)?;
    let mut shelf = seen.shelf.clone();
    let is_collected = reservation.status == Status::Collected;
    match is_collected {
        true => shelf.collect(&reservation.lots, ending.now)?,
        false => shelf.release(&reservation.lots)?,
    }
    let change = Change {
        pharmacy: &house,
        seen: Some(&seen),
        before: &seen.shelf,
        after: &shelf,
    };
    let cause = Cause {
        movement: ending.movement,
        kind: if is_collected { Kind::Collect } else { Kind::Release },
        by: ending.by,
        reason: None,
        patient: is_collected.then_some(reservation.patient),
        reservation: Some(reservation.id),
        now: ending.now,
        is_exact: false,
    };
    if change.enter(&cause, batch)? {
        batch
            .add_entries(store, &[told(ending.low, house.id, ending.now)])
            .await?;
    }
    Ok(())
}

/// At once; what is over beyond that waits for the next time.
const MOST_RELEASED: u16 = 200;
/// Looked at by a search.
const MOST_LAPSED: u16 = 100;

/// Lots that reservations hold whose time is over, by where they are.
pub(super) async fn lapsed(
    store: &Store,
    now: Timestamp,
) -> Result<HashMap<(PharmacyId, MedicineName), Vec<(LotCode, u64)>>, Error> {
    let items = store
        .query_until(&key::held_reservations(), &key::due_by(now), MOST_LAPSED)
        .await?;
    let mut lapsed: HashMap<_, BTreeMap<LotCode, u64>> = HashMap::new();
    for item in items {
        let held: Held = serde_dynamo::from_item(item)?;
        let lots = lapsed.entry((held.pharmacy, held.medicine)).or_default();
        for (lot, quantity) in held.lots {
            *lots.entry(lot).or_default() += quantity;
        }
    }
    Ok(lapsed
        .into_iter()
        .map(|(place, lots)| (place, lots.into_iter().collect()))
        .collect())
}

/// Frees what nobody came for in time, of one pharmacy or of all; gives how many there were. Their patients are told. Whoever
/// is short of stock does it, and a worker each minute.
pub async fn release_lapsed(
    store: &Store,
    pharmacy: Option<PharmacyId>,
    now: Timestamp,
) -> Result<usize, PharmacyError> {
    let range = key::held_reservations();
    let mut released = 0;
    for item in store.query_until(&range, &key::due_by(now), MOST_RELEASED).await? {
        let place = place_in(&range, &item)?;
        let held: Held = serde_dynamo::from_item(item).map_err(Error::from)?;
        if pharmacy.is_some_and(|pharmacy| pharmacy != held.pharmacy) {
            continue;
        }
        match release(store, held.reservation, now).await? {
            Some(ended) => released += usize::from(ended.status == Status::Expired),
            // Of an account that is gone.
            None => store.write_now(Write::delete(place)).await?,
        }
    }
    Ok(released)
}

async fn release(store: &Store, id: ReservationId, now: Timestamp) -> Result<Option<Reservation>, PharmacyError> {
    let Some(Parties { patient, .. }) = parties(store, id).await? else {
        return Ok(None);
    };
    let told = OutboxId::from(id);
    let notice = Notice::ReservationEnded;
    let ending = Ending {
        by: None,
        movement: StockMovementId::of(id, now),
        low: told.derived("low"),
        entries: &[Entry::new(told, Errand::Tell { user: patient, notice }, now)],
        now,
        is_at_once: true,
    };
    match end(store, (patient, id), &ending, |seen| Ok(seen.expired(now))).await {
        Ok(ended) => Ok(Some(ended)),
        Err(RefusedOr::Refused(PharmacyRefused::NoReservation)) => Ok(None),
        Err(error) => Err(error),
    }
}
