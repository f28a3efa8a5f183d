//! A medicine at a pharmacy as one item: balances of lots are attributes of their own, so that changes of different people add
//! up, each under its own condition.

use std::collections::BTreeMap;

use domain::id::{PharmacyId, ReservationId, ShelfId, StockMovementId, UserId};
use domain::pharmacy::lot::{Lot, LotCode, LotFacts};
use domain::pharmacy::medicine::MedicineName;
use domain::pharmacy::movement::{Kind, LedgerLine};
use domain::pharmacy::shelf::{Difference, LOW, Shelf, differences, signed};
use domain::pharmacy::{Pharmacy, PharmacyRefused};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::expiring;
use super::find::offers;
use super::{Batch, Meaning};
use crate::write::{Item, Write};
use crate::{Error, Store, key};

const FACTS: &str = "lot:";
const FREE: &str = "free:";
const HELD: &str = "held:";
/// What low stock is judged by: see [`Shelf::counted`].
const COUNTED: &str = "counted";
const LOW_SINCE: &str = "low_since";
const LOW_TOLD: &str = "low_told";
const VERSION: &str = "version";

/// All but its lots.
#[derive(Serialize, Deserialize)]
struct Stored {
    id: ShelfId,
    pharmacy: PharmacyId,
    medicine: MedicineName,
    name: String,
    generic: Option<MedicineName>,
    unit: String,
    price: Option<f64>,
    manufacturer: Option<String>,
    version: u64,
    low_since: Option<Timestamp>,
    #[serde(default)]
    low_told: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
    last_restocked: Option<Timestamp>,
}

/// A shelf as it was read.
pub(super) struct Seen {
    pub shelf: Shelf,
    item: Item,
}

pub(super) fn read(mut item: Item) -> Result<Seen, Error> {
    let kept = item.clone();
    let mut facts: BTreeMap<LotCode, LotFacts> = BTreeMap::new();
    let mut balances: BTreeMap<(bool, LotCode), u64> = BTreeMap::new();
    let names: Vec<String> = item.keys().cloned().collect();
    for name in names {
        let [fact, free, held] = [FACTS, FREE, HELD].map(|prefix| name.strip_prefix(prefix));
        let Some(code) = fact.or(free).or(held) else { continue };
        let malformed = |_| Error::Rejected("a lot has another name".to_owned());
        let code = LotCode::try_from(code.to_owned()).map_err(malformed)?;
        let Some(value) = item.remove(&name) else { continue };
        if fact.is_some() {
            facts.insert(code, serde_dynamo::from_attribute_value(value)?);
        } else {
            balances.insert((held.is_some(), code), serde_dynamo::from_attribute_value(value)?);
        }
    }
    let stored: Stored = serde_dynamo::from_item(item)?;
    let lots = facts.into_iter().map(|(code, facts)| {
        let balance = |is_held| balances.get(&(is_held, code.clone())).copied().unwrap_or(0);
        let (free, held) = (balance(false), balance(true));
        (code, Lot { facts, free, held })
    });
    let shelf = Shelf {
        lots: lots.collect(),
        ..stored.into_shelf()
    };
    Ok(Seen { shelf, item: kept })
}

impl Stored {
    fn into_shelf(self) -> Shelf {
        Shelf {
            id: self.id,
            pharmacy: self.pharmacy,
            medicine: self.medicine,
            name: self.name,
            generic: self.generic,
            unit: self.unit,
            price: self.price,
            manufacturer: self.manufacturer,
            version: self.version,
            low_since: self.low_since,
            low_told: self.low_told,
            lots: BTreeMap::new(),
            created_at: self.created_at,
            updated_at: self.updated_at,
            last_restocked: self.last_restocked,
        }
    }

    fn of(shelf: &Shelf) -> Self {
        Self {
            id: shelf.id,
            pharmacy: shelf.pharmacy,
            medicine: shelf.medicine.clone(),
            name: shelf.name.clone(),
            generic: shelf.generic.clone(),
            unit: shelf.unit.clone(),
            price: shelf.price,
            manufacturer: shelf.manufacturer.clone(),
            version: shelf.version,
            low_since: shelf.low_since,
            low_told: shelf.low_told,
            created_at: shelf.created_at,
            updated_at: shelf.updated_at,
            last_restocked: shelf.last_restocked,
        }
    }
}

pub(super) async fn see(store: &Store, pharmacy: PharmacyId, medicine: &MedicineName) -> Result<Option<Seen>, Error> {
    let item = store.get_item(&key::shelf(pharmacy, medicine)).await?;
    item.map(read).transpose()
}

/// What a change is part of, as the ledger says it.
pub(super) struct Cause<'a> {
    pub movement: StockMovementId,
    pub kind: Kind,
    /// Of those who run the pharmacy.
    pub by: Option<UserId>,
    pub reason: Option<&'a str>,
    pub patient: Option<UserId>,
    pub reservation: Option<ReservationId>,
    pub now: Timestamp,
    /// Whether it is right only over exactly what was seen.
    pub is_exact: bool,
}

/// A change of a shelf.
pub(super) struct Change<'a> {
    pub pharmacy: &'a Pharmacy,
    /// None where the pharmacy had nothing of the medicine yet.
    pub seen: Option<&'a Seen>,
    pub before: &'a Shelf,
    pub after: &'a Shelf,
}

/// Whether there is little, before and after.
enum Crossing {
    Down,
    Up,
    None,
}

impl Change<'_> {
    /// All that follows, into a batch. `true` where those who run the pharmacy are to be told that little is left.
    pub fn enter(&self, cause: &Cause<'_>, batch: &mut Batch) -> Result<bool, Error> {
        let changed = differences(self.before, self.after);
        let crossing = self.crossing();
        batch.add(match self.seen {
            Some(seen) => self.update(seen, cause, &changed, &crossing)?,
            None => self.put(cause)?,
        });
        let (pharmacy, medicine) = (self.after.pharmacy, &self.after.medicine);
        for difference in &changed {
            let place = key::ledger_line(pharmacy, medicine, &difference.lot, cause.movement);
            batch.add(Write::put(place, &self.line(cause, difference))?.if_absent());
        }
        for code in self.come_to_a_known_shelf() {
            let recall = Write::check(key::recall(pharmacy, medicine, code));
            batch.or(recall.if_absent(), Meaning::Refused(PharmacyRefused::LotRecalled));
        }
        for (code, lot) in &self.after.lots {
            let known = self.before.lots.get(code).and_then(|lot| lot.facts.expiry);
            if let Some(last) = lot.facts.expiry.filter(|last| known != Some(*last)) {
                batch.writes_also(expiring::wait(self.pharmacy, medicine, code, last)?);
            }
        }
        for offer in offers(self.pharmacy, self.seen.map(|_| self.before), self.after)? {
            batch.add(offer);
        }
        let place = key::low_stock(pharmacy, medicine);
        match crossing {
            Crossing::Down => batch.add(Write::put(
                place,
                &Pointer {
                    pharmacy,
                    medicine: medicine.clone(),
                },
            )?),
            Crossing::Up => batch.add(Write::delete(place)),
            Crossing::None => {}
        }
        Ok(matches!(crossing, Crossing::Down) && self.after.is_to_be_told())
    }

    /// A shelf forgets lots that were recalled when it has too many; their recalls are kept beside it.
    fn come_to_a_known_shelf(&self) -> impl Iterator<Item = &LotCode> {
        let unnumbered = LotCode::unnumbered();
        let new = self.after.lots.iter().filter(move |(code, lot)| {
            let is_new = self.seen.is_some() && !self.before.lots.contains_key(*code);
            is_new && lot.facts.recalled_at.is_none() && **code != unnumbered
        });
        new.map(|(code, _)| code)
    }

    fn crossing(&self) -> Crossing {
        match (self.before.low_since.is_some(), self.after.counted() <= LOW) {
            (false, true) => Crossing::Down,
            (true, false) => Crossing::Up,
            _ => Crossing::None,
        }
    }

    fn put(&self, cause: &Cause<'_>) -> Result<Write, Error> {
        let counted = self.after.counted();
        let first = Shelf {
            version: 1,
            low_since: (counted <= LOW).then_some(cause.now),
            low_told: (counted <= LOW).then_some(cause.now),
            ..self.after.clone()
        };
        let mut item: Item = serde_dynamo::to_item(Stored::of(&first))?;
        item.insert(COUNTED.to_owned(), serde_dynamo::to_attribute_value(counted)?);
        for (code, lot) in &first.lots {
            item.insert(format!("{FACTS}{code}"), serde_dynamo::to_attribute_value(&lot.facts)?);
            item.insert(format!("{FREE}{code}"), serde_dynamo::to_attribute_value(lot.free)?);
            item.insert(format!("{HELD}{code}"), serde_dynamo::to_attribute_value(lot.held)?);
        }
        Ok(Write::put_item(key::shelf(first.pharmacy, &first.medicine), item).if_absent())
    }

    fn update(
        &self,
        seen: &Seen,
        cause: &Cause<'_>,
        changed: &[Difference],
        crossing: &Crossing,
    ) -> Result<Write, Error> {
        let after = self.after;
        let write = Write::update(key::shelf(after.pharmacy, &after.medicine)).add(VERSION, 1);
        let mut write = write.set("updated_at", &cause.now)?;
        if cause.is_exact {
            write = write.if_equals(VERSION, &self.before.version)?;
        }
        for difference in changed {
            let code = &difference.lot;
            for (prefix, change) in [(FREE, difference.free), (HELD, difference.held)] {
                if change != 0 && after.lots.contains_key(code) {
                    write = write.add(&format!("{prefix}{code}"), change);
                }
                if change < 0 {
                    write = write.if_at_least(&format!("{prefix}{code}"), -change);
                }
            }
        }
        for code in self
            .before
            .lots
            .keys()
            .chain(after.lots.keys().filter(|code| !self.before.lots.contains_key(*code)))
        {
            write = self.lot(seen, code, changed, write)?;
        }
        self.judged(self.labelled(write)?, cause, crossing)
    }

    /// What is known of a lot is as it was seen, wherever something is done to it.
    fn lot(&self, seen: &Seen, code: &LotCode, changed: &[Difference], write: Write) -> Result<Write, Error> {
        let (before, after) = (self.before.lots.get(code), self.after.lots.get(code));
        let facts = format!("{FACTS}{code}");
        let is_moved = changed.iter().any(|difference| difference.lot == *code);
        let Some(after) = after else {
            // It gave way to another, being empty.
            let write = [FACTS, FREE, HELD]
                .iter()
                .fold(write, |write, prefix| write.remove(&format!("{prefix}{code}")));
            let write = write
                .if_equals(&format!("{FREE}{code}"), &0)?
                .if_equals(&format!("{HELD}{code}"), &0)?;
            return Ok(write.if_unchanged(&facts, &seen.item));
        };
        let is_changed = before.is_none_or(|before| before.facts != after.facts);
        if !is_moved && !is_changed {
            return Ok(write);
        }
        let write = write.if_unchanged(&facts, &seen.item);
        if !is_changed {
            return Ok(write);
        }
        let mut write = write.set(&facts, &after.facts)?;
        match before {
            None => {
                let difference = changed.iter().find(|difference| difference.lot == *code);
                if difference.is_none_or(|difference| difference.free == 0) {
                    write = write.set(&format!("{FREE}{code}"), &0)?;
                }
                if difference.is_none_or(|difference| difference.held == 0) {
                    write = write.set(&format!("{HELD}{code}"), &0)?;
                }
            }
            // All that is free of it counts from here on, or does no more.
            Some(before) if before.counts() != after.counts() => {
                write = write.if_equals(&format!("{FREE}{code}"), &before.free)?;
            }
            // Another date is that of the packs that were seen there, and of none that came meanwhile.
            Some(before) if before.facts.expiry != after.facts.expiry => {
                write = write.if_equals(&format!("{FREE}{code}"), &before.free)?;
                write = write.if_equals(&format!("{HELD}{code}"), &before.held)?;
            }
            Some(_) => {}
        }
        Ok(write)
    }

    fn labelled(&self, mut write: Write) -> Result<Write, Error> {
        let (before, after) = (self.before, self.after);
        if before.name != after.name {
            write = write.set("name", &after.name)?;
        }
        if before.generic != after.generic {
            write = write.set("generic", &after.generic)?;
        }
        if before.unit != after.unit {
            write = write.set("unit", &after.unit)?;
        }
        if before.price != after.price {
            write = write.set("price", &after.price)?;
        }
        if before.manufacturer != after.manufacturer {
            write = write.set("manufacturer", &after.manufacturer)?;
        }
        if before.last_restocked != after.last_restocked {
            write = write.set("last_restocked", &after.last_restocked)?;
        }
        Ok(write)
    }

    /// Of many at once, exactly one takes it over the edge: whoever does not mean to says so as a condition.
    fn judged(&self, write: Write, cause: &Cause<'_>, crossing: &Crossing) -> Result<Write, Error> {
        let change = signed(self.after.counted()) - signed(self.before.counted());
        let edge = signed(LOW) + 1 - change;
        let write = if change == 0 { write } else { write.add(COUNTED, change) };
        let write = match self.before.low_since {
            None => write.if_null_or_absent(LOW_SINCE),
            Some(since) => write.if_equals(LOW_SINCE, &since)?,
        };
        match crossing {
            Crossing::Down => {
                let write = write.set(LOW_SINCE, &cause.now)?.if_less(COUNTED, edge);
                match self.after.is_to_be_told() {
                    true => write.set(LOW_TOLD, &cause.now),
                    false => Ok(write),
                }
            }
            Crossing::Up => Ok(write.set(LOW_SINCE, &None::<Timestamp>)?.if_at_least(COUNTED, edge)),
            Crossing::None if self.before.low_since.is_none() => Ok(write.if_at_least(COUNTED, edge)),
            Crossing::None => Ok(write.if_less(COUNTED, edge)),
        }
    }

    fn line(&self, cause: &Cause<'_>, difference: &Difference) -> LedgerLine {
        LedgerLine {
            movement: cause.movement,
            kind: cause.kind,
            medicine: self.after.medicine.clone(),
            lot: difference.lot.clone(),
            free: difference.free,
            held: difference.held,
            by: cause.by,
            at: cause.now,
            reason: cause.reason.map(str::to_owned),
            patient: cause.patient,
            reservation: cause.reservation,
        }
    }
}

/// A medicine at a pharmacy, in lists and queues.
#[derive(Serialize, Deserialize)]
pub(super) struct Pointer {
    pub pharmacy: PharmacyId,
    pub medicine: MedicineName,
}

/// There is such a medicine at the pharmacy, or there is none.
pub(super) fn known(seen: Option<Seen>) -> Result<Seen, PharmacyRefused> {
    seen.ok_or(PharmacyRefused::NoMedicine)
}
