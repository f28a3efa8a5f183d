//! Setting medicine apart for a prescription, at the nearest pharmacy that has it.

use domain::id::{OutboxId, PharmacyId, ReservationId, StockMovementId, UserId};
use domain::pharmacy::movement::Kind;
use domain::pharmacy::prescription::{Fills, Prescribed};
use domain::pharmacy::reservation::{LIFE, MOST_OPEN, Reservation, Status};
use domain::pharmacy::shelf::{Portions, Shelf, signed};
use domain::pharmacy::{Pharmacy, PharmacyRefused};
use domain::record::Record;
use jiff::Timestamp;

use super::find::{Hit, Search, Where, search};
use super::reservations::{Held, Parties, release_lapsed};
use super::shelf::{Cause, Change, Seen, read, see};
use super::{Batch, Meaning, PharmacyError, Turn, told};
use crate::outbox::Entry;
use crate::write::Write;
use crate::{Error, Store, key};

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

/// How much of a medication has been reserved or given out.
async fn fills(store: &Store, patient: UserId, record: &Record, medication: u16) -> Result<Fills, Error> {
    let fills: Option<Fills> = store.get(&key::fills(patient, record.id, medication)).await?;
    Ok(fills.unwrap_or_default())
}

/// All of what is wanted at one pharmacy; where none has that, and the prescription allows it, what the nearest has.
pub async fn reserve(store: &Store, reserving: &Reserving<'_>, audit: &Entry) -> Result<Reserved, PharmacyError> {
    let mut turn = Turn::new();
    loop {
        let before = fills(store, reserving.patient, reserving.record, reserving.medication).await?;
        let wanted = reserving.prescribed.wanted(&before)?;
        let least = if reserving.prescribed.may_be_partial { 1 } else { wanted };
        let mut is_beaten = false;
        for at_least in if least < wanted {
            vec![wanted, least]
        } else {
            vec![wanted]
        } {
            for hit in candidates(store, reserving, at_least).await? {
                match try_at(store, reserving, &before, hit, (at_least, wanted), audit).await? {
                    Tried::Reserved(reserved) => return Ok(*reserved),
                    Tried::NotThere => {}
                    Tried::Beaten => is_beaten = true,
                }
                if is_beaten {
                    break;
                }
            }
            if is_beaten {
                break;
            }
        }
        if !is_beaten {
            return Err(PharmacyRefused::NowhereInStock.into());
        }
        turn.next().await?;
    }
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
        let mut found = search(store, &wanted).await?;
        // Whoever asks for what is near wants to go there.
        found.retain(|hit| hit.metres.is_some());
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

/// Whatever the hour: they know when they come.
async fn chosen(store: &Store, reserving: &Reserving<'_>, id: PharmacyId) -> Result<Vec<Hit>, PharmacyError> {
    let pharmacy = super::get(store, id).await?.ok_or(PharmacyRefused::NotFound)?;
    let mut names = vec![reserving.prescribed.medicine.clone()];
    names.extend(reserving.prescribed.generic.clone());
    names.extend(reserving.prescribed.terms());
    names.sort();
    names.dedup();
    let keys: Vec<_> = names.iter().map(|name| key::shelf(id, name)).collect();
    let found = store.batch_get(&keys).await?.into_iter().flatten();
    let hits = found.map(|item| {
        let shelf = read(item)?.shelf;
        Ok(Hit {
            available: shelf.available(reserving.now),
            pharmacy: pharmacy.clone(),
            shelf,
            metres: None,
        })
    });
    Ok(hits.collect::<Result<_, Error>>()?)
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
    before: &Fills,
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
    if seen.shelf.available(reserving.now) < at_least && seen.shelf.held() > 0 {
        release_lapsed(store, Some(pharmacy.id), reserving.now).await?;
        let Some(again) = see(store, pharmacy.id, &shelf.medicine).await? else {
            return Ok(Tried::NotThere);
        };
        seen = again;
    }
    let quantity = seen.shelf.available(reserving.now).min(wanted);
    if quantity < at_least {
        return Ok(Tried::NotThere);
    }
    let mut after = seen.shelf.clone();
    let lots = after.hold(quantity, reserving.now)?;
    let reservation = reservation(reserving, &after, lots, quantity < wanted);
    let mut batch = Batch::default();
    enter(store, reserving, before, &reservation, &mut batch).await?;
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
    before: &Fills,
    reservation: &Reservation,
    batch: &mut Batch,
) -> Result<(), Error> {
    let (patient, id) = (reservation.patient, reservation.id);
    let parties = Parties {
        patient,
        pharmacy: reservation.pharmacy,
    };
    let fills = Write::update(key::fills(patient, reservation.record, reservation.medication));
    let taken = before.taken + reservation.quantity;
    let fills = fills
        .set("taken", &signed(taken))?
        .set("open", &id)?
        .if_null_or_absent("open");
    batch.add(match before.taken {
        0 => fills.if_less_or_absent("taken", 1),
        taken => fills.if_equals("taken", &signed(taken))?,
    });
    let count = Write::update(key::reservation_count(patient)).add("open", 1);
    let too_many = Meaning::Refused(PharmacyRefused::TooManyReserved);
    batch.or(count.if_less_or_absent("open", MOST_OPEN), too_many);
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
