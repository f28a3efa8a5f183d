//! What is set apart for patients: a reservation lies with its patient, with a pointer for the pharmacy that keeps it, and waits
//! in a queue for its time to be over.

use std::collections::{BTreeMap, HashMap};

use domain::id::{OutboxId, PharmacyId, RecordId, ReservationId, StockMovementId, UserId};
use domain::notice::Notice;
use domain::pharmacy::PharmacyRefused;
use domain::pharmacy::lot::LotCode;
use domain::pharmacy::medicine::MedicineName;
use domain::pharmacy::movement::{Kind, Received};
use domain::pharmacy::prescription::{Counted, Fills, Prescribed};
use domain::pharmacy::reservation::{Reservation, Status};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::shelf::{Cause, Change, known, see};
use super::{Batch, Meaning, PharmacyError, Turn, told};
use crate::key::Key;
use crate::outbox::{Entry, Errand};
use crate::query::{Order, place_in, sort_key};
use crate::sealing::Sealed;
use crate::write::Write;
use crate::{Error, Page, PageRequest, RefusedOr, Store, key, records};

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
        "counted",
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
    let count = Write::update(key::reservation_count(patient)).add("open", -1);
    batch.add(match before.is_signed {
        true => count,
        false => count.add("unsigned", -1),
    });
    let place = fills_place(store, patient, (after.record, &after.counted)).await?;
    let fills = Write::update(place.clone());
    let fills = fills.set("open", &None::<ReservationId>)?.if_equals("open", &id)?;
    let is_collected = after.status == Status::Collected;
    if is_collected {
        batch.add(fills);
        let taken: Option<Fills> = store.get(&place).await?;
        let taken = taken.unwrap_or_default().taken;
        batch.add(still_prescribed(store, after, taken, ending.now).await?);
        batch.or(received(store, after, ending).await?, Meaning::Again);
    } else {
        batch.add(fills.add("taken", -domain::pharmacy::shelf::signed(after.quantity)));
    }
    stock(store, after, ending, &mut batch).await?;
    batch.add_entries(store, ending.entries).await?;
    batch.commit(store, ending.is_at_once).await
}

/// The prescription may have been withdrawn, changed or over since: what it says counts when the medicine is handed over.
/// `taken`: of it, with what is handed over; nobody changes that while it is reserved. Gives the condition that it is as read.
async fn still_prescribed(
    store: &Store,
    reservation: &Reservation,
    taken: u64,
    now: Timestamp,
) -> Result<Write, PharmacyError> {
    let record = records::get(store, reservation.patient, reservation.record)
        .await?
        .ok_or(PharmacyRefused::PrescriptionOver)?;
    let is_signed = records::is_authentic(store, &record).await?;
    let prescribed = Prescribed::read_again(&record, &reservation.counted, is_signed, now)?;
    if reservation.quantity > prescribed.quantity || taken > prescribed.all() {
        return Err(PharmacyRefused::PrescriptionChanged.into());
    }
    let record_as_read = Write::check(key::record(reservation.patient, record.id));
    Ok(record_as_read.if_equals("sequence", &record.sequence)?)
}

/// What the patient has from it.
async fn received(store: &Store, reservation: &Reservation, ending: &Ending<'_>) -> Result<Write, Error> {
    let received = Received {
        id: ending.movement,
        patient: reservation.patient,
        pharmacy: reservation.pharmacy,
        medicine: reservation.medicine.clone(),
        medicine_name: reservation.medicine_name.clone(),
        lots: reservation.lots.clone(),
        reservation: Some(reservation.id),
        given_at: ending.now,
    };
    let place = key::received(received.patient, received.id, received.pharmacy, 0);
    Ok(store.sealed_put(place, &received).await?.if_absent())
}

const FILLS: &str = "medication of a prescription";

/// Where it is noted how much of a medication has been reserved or given out.
pub(super) async fn fills_place(
    store: &Store,
    patient: UserId,
    (record, counted): (RecordId, &Counted),
) -> Result<Key, Error> {
    let text = format!("{record}#{}#{}", counted.medicine, counted.number);
    let hash = crate::keyed_text(store, FILLS, &text).await?;
    Ok(key::fills(patient, record, &hash))
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
        true => shelf.collect(&reservation.lots, house.details.moment(ending.now))?,
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

/// Read at once by whoever is short of stock.
const MOST_RELEASED: u16 = 200;
/// Looked at by a search.
const MOST_LAPSED: u16 = 100;
/// Of one patient: few are open at once.
const MOST_OF_ONE: u16 = 50;

/// What nobody came for in time.
pub struct Lapsed {
    place: Key,
    held: Held,
}

/// Those of all pharmacies, the first ones.
pub async fn lapsed(store: &Store, now: Timestamp, most: u16) -> Result<Vec<Lapsed>, Error> {
    let range = key::held_reservations();
    let items = store.query_until(&range, &key::due_by(now), most).await?;
    let lapsed = items.into_iter().map(|item| {
        let place = place_in(&range, &item)?;
        let held = serde_dynamo::from_item(item)?;
        Ok(Lapsed { place, held })
    });
    lapsed.collect()
}

/// Units by lot, of each shelf.
pub(super) type LotsOfShelves = HashMap<(PharmacyId, MedicineName), Vec<(LotCode, u64)>>;

/// Lots that they hold, by where they are.
pub(super) async fn lapsed_lots(store: &Store, now: Timestamp) -> Result<LotsOfShelves, Error> {
    let mut lots_of: HashMap<_, BTreeMap<LotCode, u64>> = HashMap::new();
    for Lapsed { held, .. } in lapsed(store, now, MOST_LAPSED).await? {
        let lots = lots_of.entry((held.pharmacy, held.medicine)).or_default();
        for (lot, quantity) in held.lots {
            *lots.entry(lot).or_default() += quantity;
        }
    }
    let lots_of = lots_of.into_iter();
    Ok(lots_of
        .map(|(place, lots)| (place, lots.into_iter().collect()))
        .collect())
}

/// For whoever is short of stock there; gives how many there were. One that cannot be released holds up no other: the worker says
/// so.
pub(super) async fn release_at(store: &Store, pharmacy: PharmacyId, now: Timestamp) -> Result<usize, Error> {
    let lapsed = lapsed(store, now, MOST_RELEASED).await?.into_iter();
    let mut released = 0;
    for lapsed in lapsed.filter(|lapsed| lapsed.held.pharmacy == pharmacy) {
        released += usize::from(matches!(release(store, &lapsed, now).await, Ok(true)));
    }
    Ok(released)
}

/// Those of one patient, so that what they did not collect keeps nothing from them.
pub(super) async fn release_of(store: &Store, patient: UserId, now: Timestamp) -> Result<usize, PharmacyError> {
    let page = PageRequest {
        limit: MOST_OF_ONE,
        after: None,
    };
    let newest = list_of(store, patient, &page).await?.items.into_iter();
    let mut released = 0;
    for lapsed in newest.filter(|reservation| reservation.expired(now).is_some()) {
        let ended = release_by_id(store, lapsed.id, now).await?;
        released += usize::from(ended.is_some());
    }
    Ok(released)
}

/// What was held is free, and its patient is told. `true` where it is over by that.
pub async fn release(store: &Store, lapsed: &Lapsed, now: Timestamp) -> Result<bool, PharmacyError> {
    match release_by_id(store, lapsed.held.reservation, now).await? {
        Some(ended) => Ok(ended.status == Status::Expired),
        None => {
            // Of an account that is gone.
            store.write_now(Write::delete(lapsed.place.clone())).await?;
            Ok(false)
        }
    }
}

async fn release_by_id(store: &Store, id: ReservationId, now: Timestamp) -> Result<Option<Reservation>, PharmacyError> {
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
