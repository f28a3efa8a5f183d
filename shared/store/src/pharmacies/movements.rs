//! Changes of stock by those who run a pharmacy, and what is there.

use std::collections::BTreeMap;

use domain::id::{OutboxId, PharmacyId, ShelfId, StockMovementId, UserId};
use domain::pharmacy::lot::LotCode;
use domain::pharmacy::medicine::MedicineName;
use domain::pharmacy::movement::{Kind, LedgerLine, MOST_ENTRIES, MovedLine, Movement, Order, Received, Wish};
use domain::pharmacy::shelf::{Label, Portions, Shelf, differences};
use domain::pharmacy::{Pharmacy, PharmacyRefused};
use jiff::Timestamp;
use jiff::civil::Date;

use super::shelf::{Cause, Change, Seen, known, read, see};
use super::{Batch, Meaning, PharmacyError, Turn, reservations, told};
use crate::outbox::Entry;
use crate::query::Order as Direction;
use crate::sealing::Sealed;
use crate::write::Write;
use crate::{Error, Page, PageRequest, RefusedOr, Store, key};

/// Patients' names for what they take.
impl Sealed for Received {
    const SEALED: &'static [&'static str] = &["medicine", "medicine_name", "lots"];
}

/// What is to be moved.
pub struct Moving<'a> {
    pub pharmacy: &'a Pharmacy,
    pub id: StockMovementId,
    /// Whether a client has drawn the id, and so may send the same again.
    pub is_named: bool,
    pub order: Order,
    pub wishes: &'a BTreeMap<MedicineName, Vec<Wish>>,
    /// Who is given it.
    pub patient: Option<UserId>,
    pub by: UserId,
    pub reason: Option<&'a str>,
    /// Of all that was asked for.
    pub digest: &'a str,
    /// Of medicines that the pharmacy had nothing of; the others keep theirs.
    pub shelf: ShelfId,
    pub low: OutboxId,
    pub now: Timestamp,
}

impl Moving<'_> {
    fn cause(&self) -> Cause<'_> {
        Cause {
            movement: self.id,
            kind: Kind::from(self.order),
            by: Some(self.by),
            reason: self.reason,
            patient: self.patient,
            reservation: None,
            now: self.now,
            is_exact: self.order == Order::Count,
        }
    }
}

/// All of it or nothing, once: what was sent before is answered as it was. `audit`: the note of it in the patient's log.
pub async fn move_stock(store: &Store, moving: &Moving<'_>, audit: Option<&Entry>) -> Result<Movement, PharmacyError> {
    let mut turn = Turn::new();
    loop {
        if moving.is_named
            && let Some(done) = earlier(store, moving).await?
        {
            return Ok(done);
        }
        match attempt(store, moving, audit).await {
            Ok(Some(movement)) => return Ok(movement),
            Ok(None) => turn.next().await?,
            // Somebody else's reservation may be over.
            Err(RefusedOr::Refused(PharmacyRefused::NotEnough { available })) => {
                if reservations::release_at(store, moving.pharmacy.id, moving.now).await? == 0 {
                    return Err(PharmacyRefused::NotEnough { available }.into());
                }
            }
            Err(error) => return Err(error),
        }
    }
}

async fn earlier(store: &Store, moving: &Moving<'_>) -> Result<Option<Movement>, PharmacyError> {
    let found: Option<Movement> = store.get(&key::stock_movement(moving.pharmacy.id, moving.id)).await?;
    match found {
        Some(found) if found.digest != moving.digest => Err(PharmacyRefused::MovementTaken.into()),
        found => Ok(found),
    }
}

/// None when somebody else was faster.
async fn attempt(store: &Store, moving: &Moving<'_>, audit: Option<&Entry>) -> Result<Option<Movement>, PharmacyError> {
    let (mut stock, mut is_low) = (Batch::default(), false);
    let (mut lines, mut given) = (Vec::new(), Vec::new());
    for (medicine, wishes) in moving.wishes {
        let seen = see(store, moving.pharmacy.id, medicine).await?;
        let before = before(moving, seen.as_ref(), medicine, wishes)?;
        let mut after = before.clone();
        for wish in wishes {
            wish.apply(moving.order, &mut after, moving.pharmacy.details.moment(moving.now))?;
        }
        let change = Change {
            pharmacy: moving.pharmacy,
            seen: seen.as_ref(),
            before: &before,
            after: &after,
        };
        is_low |= change.enter(&moving.cause(), &mut stock)?;
        lines.extend(moved(&before, &after));
        if let Some(patient) = moving.patient {
            given.push(received(moving, patient, &before, &after));
        }
    }
    if lines.len() > MOST_ENTRIES {
        return Err(PharmacyRefused::TooMuchAtOnce.into());
    }
    let movement = Movement {
        id: moving.id,
        pharmacy: moving.pharmacy.id,
        order: moving.order,
        lines,
        by: moving.by,
        at: moving.now,
        reason: moving.reason.map(str::to_owned),
        digest: moving.digest.to_owned(),
    };
    let mut batch = Batch::default();
    let place = key::stock_movement(movement.pharmacy, movement.id);
    // Of two of the same at once, the later one finds the earlier when it looks again.
    let taken = if moving.is_named {
        Meaning::Again
    } else {
        Meaning::Refused(PharmacyRefused::MovementTaken)
    };
    batch.or(Write::put(place, &movement)?.if_absent(), taken);
    for (number, received) in given.into_iter().enumerate() {
        let place = key::received(received.patient, received.id, received.pharmacy, number);
        let put = store.sealed_put(place, &received).await?;
        batch.or(put.if_absent(), Meaning::Refused(PharmacyRefused::MovementTaken));
    }
    if is_low {
        let told = told(moving.low, moving.pharmacy.id, moving.now);
        batch.add_entries(store, &[told]).await?;
    }
    batch
        .add_entries(store, audit.map(std::slice::from_ref).unwrap_or_default())
        .await?;
    batch.writes.extend(stock.writes);
    batch.meanings.extend(stock.meanings);
    Ok(batch.commit(store, false).await?.then_some(movement))
}

/// Only what is received may be new.
fn before(
    moving: &Moving<'_>,
    seen: Option<&Seen>,
    medicine: &MedicineName,
    wishes: &[Wish],
) -> Result<Shelf, PharmacyRefused> {
    match (seen, wishes.first()) {
        (Some(seen), _) => Ok(seen.shelf.clone()),
        (None, Some(wish)) if moving.order == Order::Receive => {
            let (pharmacy, name) = (moving.pharmacy.id, &wish.name);
            Ok(Shelf::new(moving.shelf, pharmacy, medicine.clone(), name, moving.now))
        }
        (None, _) => Err(PharmacyRefused::NoMedicine),
    }
}

fn moved(before: &Shelf, after: &Shelf) -> Vec<MovedLine> {
    let lines = differences(before, after).into_iter().map(|difference| MovedLine {
        medicine_name: after.name.clone(),
        expiry_date: after.lots.get(&difference.lot).and_then(|lot| lot.facts.expiry),
        lot: difference.lot,
        change: difference.free,
        version: before.version,
    });
    lines.collect()
}

fn received(moving: &Moving<'_>, patient: UserId, before: &Shelf, after: &Shelf) -> Received {
    let lots: Portions = differences(before, after)
        .into_iter()
        .map(|difference| (difference.lot, difference.free.unsigned_abs()))
        .collect();
    Received {
        id: moving.id,
        patient,
        pharmacy: moving.pharmacy.id,
        medicine: after.medicine.clone(),
        medicine_name: after.name.clone(),
        lots,
        reservation: None,
        given_at: moving.now,
    }
}

/// How much there is, as the first clients say it.
pub struct Setting<'a> {
    pub pharmacy: &'a Pharmacy,
    pub medicine: &'a MedicineName,
    pub name: &'a str,
    pub quantity: u64,
    pub expiry: Option<Date>,
    pub label: &'a Label,
    /// The version that it was counted over, if whoever counted knows one.
    pub seen: Option<u64>,
    pub by: UserId,
    pub movement: StockMovementId,
    pub shelf: ShelfId,
    pub low: OutboxId,
    pub now: Timestamp,
}

pub async fn set_stock(store: &Store, setting: &Setting<'_>) -> Result<Shelf, PharmacyError> {
    let mut turn = Turn::new();
    let (pharmacy, now) = (setting.pharmacy, setting.now);
    loop {
        let seen = see(store, pharmacy.id, setting.medicine).await?;
        let new = || Shelf::new(setting.shelf, pharmacy.id, setting.medicine.clone(), setting.name, now);
        let before = seen.as_ref().map_or_else(new, |seen| seen.shelf.clone());
        if setting.seen.is_some_and(|seen| seen != before.version) {
            return Err(PharmacyRefused::StockChanged {
                version: before.version,
            }
            .into());
        }
        let mut after = before.clone();
        after.relabel(setting.name, setting.label);
        after.set(setting.quantity, setting.expiry, pharmacy.details.moment(now))?;
        let change = Change {
            pharmacy,
            seen: seen.as_ref(),
            before: &before,
            after: &after,
        };
        let mut batch = Batch::default();
        let cause = Cause {
            movement: setting.movement,
            kind: Kind::Set,
            by: Some(setting.by),
            reason: None,
            patient: None,
            reservation: None,
            now,
            is_exact: true,
        };
        if change.enter(&cause, &mut batch)? {
            batch.add_entries(store, &[told(setting.low, pharmacy.id, now)]).await?;
        }
        if batch.commit(store, false).await? {
            after.version = before.version + 1;
            after.updated_at = now;
            return Ok(after);
        }
        turn.next().await?;
    }
}

/// Medicines of a pharmacy, by their names.
pub async fn shelves(store: &Store, pharmacy: PharmacyId, page: &PageRequest) -> Result<Page<Shelf>, Error> {
    let range = key::shelves(pharmacy);
    let Page { items, next } = store.query(&range, page, Direction::Forwards).await?;
    let shelves = items.into_iter().map(|item| Ok(read(item)?.shelf));
    Ok(Page {
        items: shelves.collect::<Result<_, Error>>()?,
        next,
    })
}

pub async fn shelf_of(store: &Store, pharmacy: PharmacyId, medicine: &MedicineName) -> Result<Shelf, PharmacyError> {
    Ok(known(see(store, pharmacy, medicine).await?)?.shelf)
}

/// What was done with a lot, or with all of a medicine, lot after lot: the oldest first.
pub async fn ledger(
    store: &Store,
    pharmacy: PharmacyId,
    (medicine, lot): (&MedicineName, Option<&LotCode>),
    page: &PageRequest,
) -> Result<Page<LedgerLine>, Error> {
    let range = match lot {
        Some(lot) => key::lot_ledger(pharmacy, medicine, lot),
        None => key::medicine_ledger(pharmacy, medicine),
    };
    let Page { items, next } = store.query(&range, page, Direction::Forwards).await?;
    Ok(Page {
        items: serde_dynamo::from_items(items)?,
        next,
    })
}
