//! Setting medicine apart for a prescription, at the nearest pharmacy that has it.

use domain::id::{OutboxId, PharmacyId, ReservationId, StockMovementId, UserId};
use domain::pharmacy::movement::Kind;
use domain::pharmacy::prescription::{Fills, Prescribed};
use domain::pharmacy::reservation::{LIFE, MOST_OPEN, MOST_OPEN_UNSIGNED, Reservation, Status};
use domain::pharmacy::shelf::{Portions, Shelf, signed};
use domain::pharmacy::{Pharmacy, PharmacyRefused};
use domain::record::Record;
use jiff::Timestamp;

use super::find::{Found, Hit, Search, Where, offered_by, search};
use super::reservations::{Held, Parties, fills_place, release_at, release_of};
use super::shelf::{Cause, Change, Seen, see};
use super::{Batch, Meaning, PharmacyError, Turn, told};
use crate::key::Key;
use crate::outbox::Entry;
use crate::write::Write;
use crate::{Error, RefusedOr, Store, key};

/// Pharmacies that are tried, the nearest first.
const MOST_TRIED: usize = 10;

/// What is to be set apart.
pub struct Reserving<'a> {
    pub id: ReservationId,
    pub patient: UserId,
    pub by: UserId,
    pub record: &'a Record,
    pub medication: u16,
    pub prescribed: &'a Prescribed,
    /// Where to look, if not at a pharmacy of their choice.
    pub place: &'a Where<'a>,
    pub pharmacy: Option<PharmacyId>,
    pub movement: StockMovementId,
    pub low: OutboxId,
    pub now: Timestamp,
}

/// What was set apart, and where.
pub struct Reserved {
    pub reservation: Reservation,
    pub pharmacy: Pharmacy,
    pub metres: Option<f64>,
}

/// All of what is wanted at one pharmacy; where none has that, and the prescription allows it, what the nearest has.
pub async fn reserve(store: &Store, reserving: &Reserving<'_>, audit: &Entry) -> Result<Reserved, PharmacyError> {
    let (mut turn, mut has_looked_back) = (Turn::new(), false);
    let place = (reserving.record.id, &reserving.prescribed.counted);
    let fills = fills_place(store, reserving.patient, place).await?;
    loop {
        match attempt(store, reserving, &fills, audit).await {
            Ok(Some(reserved)) => return Ok(reserved),
            Ok(None) => turn.next().await?,
            // What the patient did not collect in time is over, whether or not somebody has noted it.
            Err(RefusedOr::Refused(refused)) if !has_looked_back && is_for_earlier_ones(&refused) => {
                has_looked_back = true;
                if release_of(store, reserving.patient, reserving.now).await? == 0 {
                    return Err(refused.into());
                }
            }
            Err(error) => return Err(error),
        }
    }
}

fn is_for_earlier_ones(refused: &PharmacyRefused) -> bool {
    use PharmacyRefused::{NoFillsLeft, ReservedAlready, TooManyReserved, TooManyUnsigned};
    matches!(
        refused,
        ReservedAlready | NoFillsLeft | TooManyReserved | TooManyUnsigned
    )
}

/// None where somebody else was faster.
async fn attempt(
    store: &Store,
    reserving: &Reserving<'_>,
    fills: &Key,
    audit: &Entry,
) -> Result<Option<Reserved>, PharmacyError> {
    let before: Option<Fills> = store.get(fills).await?;
    let before = before.unwrap_or_default();
    let wanted = reserving.prescribed.wanted(&before)?;
    let least = if reserving.prescribed.may_be_partial { 1 } else { wanted };
    for at_least in if least < wanted {
        vec![wanted, least]
    } else {
        vec![wanted]
    } {
        for hit in candidates(store, reserving, at_least).await? {
            match try_at(store, reserving, (fills, &before), hit, (at_least, wanted), audit).await? {
                Tried::Reserved(reserved) => return Ok(Some(*reserved)),
                Tried::NotThere => {}
                Tried::Beaten => return Ok(None),
            }
        }
    }
    Err(PharmacyRefused::NowhereInStock.into())
}

async fn candidates(store: &Store, reserving: &Reserving<'_>, at_least: u64) -> Result<Vec<Hit>, PharmacyError> {
    if let Some(pharmacy) = reserving.pharmacy {
        return chosen(store, reserving, pharmacy).await;
    }
    for term in reserving.prescribed.terms() {
        let wanted = Search {
            term,
            place: reserving.place,
            at_least,
            only_open: true,
            limit: MOST_TRIED,
            now: reserving.now,
        };
        let Found { hits: mut found, .. } = search(store, &wanted).await?;
        // Whoever asks for what is near wants to go there.
        found.retain(|hit| hit.metres.is_some());
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

/// Whatever the hour: they know when they come. What a search finds there.
async fn chosen(store: &Store, reserving: &Reserving<'_>, id: PharmacyId) -> Result<Vec<Hit>, PharmacyError> {
    let pharmacy = super::get(store, id).await?.ok_or(PharmacyRefused::NotFound)?;
    let shelves = offered_by(store, &pharmacy, &reserving.prescribed.terms()).await?;
    let now = pharmacy.details.moment(reserving.now);
    let hits = shelves.into_iter().map(|shelf| Hit {
        available: shelf.available(now),
        pharmacy: pharmacy.clone(),
        shelf,
        metres: None,
    });
    Ok(hits.collect())
}

enum Tried {
    Reserved(Box<Reserved>),
    /// Not as much as is wanted.
    NotThere,
    /// Somebody else was faster: look again.
    Beaten,
}

async fn try_at(
    store: &Store,
    reserving: &Reserving<'_>,
    fills: (&Key, &Fills),
    hit: Hit,
    (at_least, wanted): (u64, u64),
    audit: &Entry,
) -> Result<Tried, PharmacyError> {
    let Hit {
        pharmacy,
        shelf,
        metres,
        ..
    } = hit;
    let Some(mut seen) = see(store, pharmacy.id, &shelf.medicine).await? else {
        return Ok(Tried::NotThere);
    };
    let now = pharmacy.details.moment(reserving.now);
    if seen.shelf.available(now) < at_least && seen.shelf.held() > 0 {
        release_at(store, pharmacy.id, reserving.now).await?;
        let Some(again) = see(store, pharmacy.id, &shelf.medicine).await? else {
            return Ok(Tried::NotThere);
        };
        seen = again;
    }
    let quantity = seen.shelf.available(now).min(wanted);
    if quantity < at_least || !seen.shelf.is_one_of(&reserving.prescribed.terms()) {
        return Ok(Tried::NotThere);
    }
    let mut after = seen.shelf.clone();
    let lots = after.hold(quantity, now)?;
    let reservation = reservation(reserving, &after, lots, quantity < wanted);
    let mut batch = Batch::default();
    enter(store, reserving, fills, &reservation, &mut batch).await?;
    set_apart(reserving, &pharmacy, &seen, &after, &reservation, &mut batch, store).await?;
    batch.add_entries(store, std::slice::from_ref(audit)).await?;
    Ok(match batch.commit(store, false).await? {
        true => Tried::Reserved(Box::new(Reserved {
            reservation,
            pharmacy,
            metres,
        })),
        false => Tried::Beaten,
    })
}

fn reservation(reserving: &Reserving<'_>, shelf: &Shelf, lots: Portions, is_partial: bool) -> Reservation {
    Reservation {
        id: reserving.id,
        patient: reserving.patient,
        pharmacy: shelf.pharmacy,
        status: Status::Open,
        medicine: shelf.medicine.clone(),
        medicine_name: shelf.name.clone(),
        unit: shelf.unit.clone(),
        price: shelf.price,
        quantity: lots.iter().map(|(_, quantity)| quantity).sum(),
        is_partial,
        lots,
        record: reserving.record.id,
        medication: reserving.medication,
        counted: reserving.prescribed.counted.clone(),
        is_signed: reserving.prescribed.is_signed,
        reserved_by: reserving.by,
        created_at: reserving.now,
        collect_by: reserving.now + LIFE,
        ended_at: None,
    }
}

/// The reservation with its places in lists, what the prescription has left, and that the prescription is as it was read.
async fn enter(
    store: &Store,
    reserving: &Reserving<'_>,
    (fills, before): (&Key, &Fills),
    reservation: &Reservation,
    batch: &mut Batch,
) -> Result<(), Error> {
    let (patient, id) = (reservation.patient, reservation.id);
    let parties = Parties {
        patient,
        pharmacy: reservation.pharmacy,
    };
    let fills = Write::update(fills.clone());
    let taken = before.taken + reservation.quantity;
    let fills = fills
        .set("taken", &signed(taken))?
        .set("open", &id)?
        .if_null_or_absent("open");
    batch.add(match before.taken {
        0 => fills.if_less_or_absent("taken", 1),
        taken => fills.if_equals("taken", &signed(taken))?,
    });
    count(reservation, batch);
    let record = Write::check(key::record(patient, reservation.record));
    let changed = Meaning::Refused(PharmacyRefused::Busy);
    batch.or(record.if_equals("sequence", &reserving.record.sequence)?, changed);
    let put = store.sealed_put(key::reservation(patient, id), reservation).await?;
    batch.add(put.if_absent());
    batch.add(Write::put(key::reservation_holder(id), &parties)?.if_absent());
    batch.add(Write::put(key::kept_reservation(reservation.pharmacy, id), &parties)?);
    let held = Held::of(reservation);
    batch.add(Write::put(key::held_reservation(reservation.collect_by, id), &held)?);
    Ok(())
}

/// Of one patient, and the same of what no doctor has signed here.
fn count(reservation: &Reservation, batch: &mut Batch) {
    let count = Write::update(key::reservation_count(reservation.patient)).add("open", 1);
    if reservation.is_signed {
        let too_many = Meaning::Refused(PharmacyRefused::TooManyReserved);
        batch.or(count.if_less_or_absent("open", MOST_OPEN), too_many);
    } else {
        // There is room for these before there is none for any, unless signed ones have taken it.
        let count = count.add("unsigned", 1).if_less_or_absent("open", MOST_OPEN);
        let too_many = Meaning::Refused(PharmacyRefused::TooManyUnsigned);
        batch.or(count.if_less_or_absent("unsigned", MOST_OPEN_UNSIGNED), too_many);
    }
}

async fn set_apart(
    reserving: &Reserving<'_>,
    pharmacy: &Pharmacy,
    seen: &Seen,
    after: &Shelf,
    reservation: &Reservation,
    batch: &mut Batch,
    store: &Store,
) -> Result<(), Error> {
    let change = Change {
        pharmacy,
        seen: Some(seen),
        before: &seen.shelf,
        after,
    };
    let cause = Cause {
        movement: reserving.movement,
        kind: Kind::Reserve,
        by: None,
        reason: None,
        patient: None,
        reservation: Some(reservation.id),
        now: reserving.now,
        is_exact: false,
    };
    if change.enter(&cause, batch)? {
        batch
            .add_entries(store, &[told(reserving.low, pharmacy.id, reserving.now)])
            .await?;
    }
    Ok(())
}
