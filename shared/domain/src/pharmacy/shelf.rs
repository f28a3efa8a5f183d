//! A medicine at a pharmacy: all its lots, and what may be done with them.
//!
//! What is asked for is first done to a shelf as it was seen. What that comes to for each lot is written as a difference, under
//! the condition that there is as much as is taken; so the same lot twice in one request is one change of it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use super::lot::{Lot, LotCode, Moment};
use super::medicine::MedicineName;
use super::{PharmacyRefused, rounded};
use crate::id::{PharmacyId, ShelfId};

/// At most so many left is little, and so few is very little (contract #117).
pub const LOW: u64 = 10;
pub const CRITICAL: u64 = 5;
/// Of one lot, reserved or not.
pub const MOST_UNITS: u64 = 1_000_000_000;
pub const MOST_LOTS: usize = 60;

#[derive(Debug, Clone, PartialEq)]
pub struct Shelf {
    pub id: ShelfId,
    pub pharmacy: PharmacyId,
    pub medicine: MedicineName,
    /// As it was written last, in lower case.
    pub name: String,
    pub generic: Option<MedicineName>,
    pub unit: String,
    pub price: Option<f64>,
    pub manufacturer: Option<String>,
    /// Rises with each change.
    pub version: u64,
    /// Since when there is little of it.
    pub low_since: Option<Timestamp>,
    /// When those who run the pharmacy were told of it last.
    pub low_told: Option<Timestamp>,
    pub lots: BTreeMap<LotCode, Lot>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub last_restocked: Option<Timestamp>,
}

/// How much of which lot.
pub type Portions = Vec<(LotCode, u64)>;

/// What is said of a medicine where stock of it comes or is set; what is not said stays.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Label {
    pub generic: Option<MedicineName>,
    pub unit: Option<String>,
    pub price: Option<f64>,
    pub manufacturer: Option<String>,
}

const LONGEST_UNIT: usize = 40;
const LONGEST_MANUFACTURER: usize = 200;
/// To a millionth: storage refuses numbers that are next to nothing.
const PARTS_OF_A_PRICE: f64 = 1e6;

impl Label {
    pub fn checked(mut self) -> Result<Self, PharmacyRefused> {
        let trimmed = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        (self.unit, self.manufacturer) = (trimmed(self.unit), trimmed(self.manufacturer));
        let is_long = |text: &Option<String>, most| text.as_ref().is_some_and(|text| text.chars().count() > most);
        if is_long(&self.unit, LONGEST_UNIT) {
            return Err(PharmacyRefused::Invalid("unit", "must have at most 40 characters"));
        }
        if is_long(&self.manufacturer, LONGEST_MANUFACTURER) {
            return Err(PharmacyRefused::Invalid(
                "manufacturer",
                "must have at most 200 characters",
            ));
        }
        if self.price.is_some_and(|price| !(0.0..=1e12).contains(&price)) {
            return Err(PharmacyRefused::Invalid("price", "must be a number from 0"));
        }
        self.price = self.price.map(|price| rounded(price, PARTS_OF_A_PRICE));
        Ok(self)
    }
}

impl Shelf {
    /// Nothing of a medicine yet.
    pub fn new(id: ShelfId, pharmacy: PharmacyId, medicine: MedicineName, name: &str, now: Timestamp) -> Self {
        Self {
            id,
            pharmacy,
            medicine,
            name: name.trim().to_lowercase(),
            generic: None,
            unit: "units".to_owned(),
            price: None,
            manufacturer: None,
            version: 0,
            low_since: None,
            low_told: None,
            lots: BTreeMap::new(),
            created_at: now,
            updated_at: now,
            last_restocked: None,
        }
    }

    /// What can be given out or reserved now.
    pub fn available(&self, now: Moment) -> u64 {
        let good = self.lots.values().filter(|lot| lot.is_good(now));
        good.map(|lot| lot.free).sum()
    }

    /// The same with what lapsed reservations still hold.
    pub fn available_with(&self, lapsed: &[(LotCode, u64)], now: Moment) -> u64 {
        let good = lapsed
            .iter()
            .filter(|(lot, _)| self.lots.get(lot).is_some_and(|lot| lot.is_good(now)));
        self.available(now) + good.map(|(_, quantity)| quantity).sum::<u64>()
    }

    /// Whether it is found by one of these names.
    pub fn is_one_of(&self, terms: &[MedicineName]) -> bool {
        let own = self.medicine.terms(self.generic.as_ref());
        own.iter().any(|term| terms.contains(term))
    }

    /// Whether there ever was some of it, as far as is known: what is only written about is offered to nobody.
    pub fn was_stocked(&self) -> bool {
        self.last_restocked.is_some() || self.lots.values().any(|lot| !lot.is_empty())
    }

    /// Whether those who run the pharmacy are to be told that little is left: once after each time that they brought more,
    /// however often it comes to that by what others reserve and give up.
    pub fn is_to_be_told(&self) -> bool {
        let has_more_come = |told: Timestamp| self.last_restocked.is_some_and(|restocked| restocked > told);
        self.low_told.is_none_or(has_more_come)
    }

    /// What low stock is judged by.
    pub fn counted(&self) -> u64 {
        self.lots.values().filter(|lot| lot.counts()).map(|lot| lot.free).sum()
    }

    pub fn held(&self) -> u64 {
        self.lots.values().map(|lot| lot.held).sum()
    }

    /// The day on which something good that is free expires next.
    pub fn next_expiry(&self, now: Moment) -> Option<Date> {
        let good = self.lots.values().filter(|lot| lot.free > 0 && lot.is_good(now));
        good.filter_map(|lot| lot.facts.expiry).min()
    }

    pub fn relabel(&mut self, name: &str, label: &Label) {
        self.name = name.trim().to_lowercase();
        if label.generic.is_some() {
            self.generic.clone_from(&label.generic);
        }
        if let Some(unit) = &label.unit {
            self.unit.clone_from(unit);
        }
        self.price = label.price.or(self.price);
        if label.manufacturer.is_some() {
            self.manufacturer.clone_from(&label.manufacturer);
        }
    }

    pub fn receive(
        &mut self,
        code: &LotCode,
        expiry: Option<Date>,
        quantity: u64,
        now: Moment,
    ) -> Result<(), PharmacyRefused> {
        self.make_room(code);
        if !self.lots.contains_key(code) && self.lots.len() >= MOST_LOTS {
            return Err(PharmacyRefused::TooManyLots);
        }
        let lot = self
            .lots
            .entry(code.clone())
            .or_insert_with(|| Lot::new(expiry, now.at));
        if lot.facts.recalled_at.is_some() {
            return Err(PharmacyRefused::LotRecalled);
        }
        let are_expired = expiry.is_some_and(|last| last < now.today);
        if *code == LotCode::unnumbered() && !lot.is_empty() && lot.is_expired(now) && !are_expired {
            return Err(PharmacyRefused::ExpiredPacksFirst);
        }
        // Packs of one lot were made together. Of unnumbered ones the earliest day holds for all.
        match (lot.facts.expiry, expiry) {
            (known, Some(said)) if known != Some(said) && lot.is_empty() => lot.facts.expiry = Some(said),
            (Some(known), Some(said)) if *code == LotCode::unnumbered() => lot.facts.expiry = Some(known.min(said)),
            (None, Some(said)) if *code == LotCode::unnumbered() => lot.facts.expiry = Some(said),
            (known, Some(said)) if known != Some(said) => return Err(PharmacyRefused::LotDiffers),
            _ => {}
        }
        lot.facts.is_set_aside = lot.facts.is_set_aside && lot.is_expired(now);
        let free = lot.free.saturating_add(quantity);
        bounded(free.saturating_add(lot.held))?;
        lot.free = free;
        self.last_restocked = Some(now.at);
        Ok(())
    }

    /// Lots of which nothing is left give way to a new one; recalled ones stay known as long as may be.
    fn make_room(&mut self, code: &LotCode) {
        if self.lots.contains_key(code) {
            return;
        }
        while self.lots.len() >= MOST_LOTS {
            let empty = self.lots.iter().filter(|(_, lot)| lot.is_empty());
            let oldest = empty.min_by_key(|(_, lot)| (lot.facts.recalled_at.is_some(), lot.facts.received_at));
            let Some(oldest) = oldest.map(|(code, _)| code.clone()) else {
                return;
            };
            self.lots.remove(&oldest);
        }
    }

    /// From one lot, or from those that expire first.
    pub fn take(&mut self, code: Option<&LotCode>, quantity: u64, now: Moment) -> Result<Portions, PharmacyRefused> {
        let portions = match code {
            Some(code) => {
                let lot = self.lots.get(code).ok_or(PharmacyRefused::NoLot)?;
                lot.check(now)?;
                vec![(code.clone(), quantity)]
            }
            None => self.first_expiring(quantity, now)?,
        };
        for (code, quantity) in &portions {
            let lot = self.lots.get_mut(code).ok_or(PharmacyRefused::NoLot)?;
            let available = lot.free;
            let left = lot.free.checked_sub(*quantity);
            lot.free = left.ok_or(PharmacyRefused::NotEnough { available })?;
        }
        Ok(portions)
    }

    fn first_expiring(&self, quantity: u64, now: Moment) -> Result<Portions, PharmacyRefused> {
        let good = self.lots.iter().filter(|(_, lot)| lot.free > 0 && lot.is_good(now));
        let mut good: Vec<(&LotCode, &Lot)> = good.collect();
        // What has no date is known least of: it goes last.
        good.sort_by_key(|(code, lot)| {
            (
                lot.facts.expiry.is_none(),
                lot.facts.expiry,
                lot.facts.received_at,
                *code,
            )
        });
        let (mut portions, mut wanted) = (Portions::new(), quantity);
        for (code, lot) in good {
            let portion = wanted.min(lot.free);
            if portion > 0 {
                portions.push((code.clone(), portion));
                wanted -= portion;
            }
        }
        if wanted > 0 {
            let has_expired = |lot: &Lot| lot.free > 0 && lot.is_expired(now);
            return Err(match self.available(now) {
                0 if self.lots.values().any(has_expired) => PharmacyRefused::LotExpired,
                available => PharmacyRefused::NotEnough { available },
            });
        }
        Ok(portions)
    }

    pub fn hold(&mut self, quantity: u64, now: Moment) -> Result<Portions, PharmacyRefused> {
        let portions = self.take(None, quantity, now)?;
        for (code, quantity) in &portions {
            if let Some(lot) = self.lots.get_mut(code) {
                lot.held = lot.held.saturating_add(*quantity);
            }
        }
        Ok(portions)
    }

    /// What was held is free again, whatever has become of its lot, and however much there is of it.
    pub fn release(&mut self, portions: &[(LotCode, u64)]) -> Result<(), PharmacyRefused> {
        for (code, quantity) in portions {
            let lot = self.lots.get_mut(code).ok_or(PharmacyRefused::NoLot)?;
            let left = lot.held.checked_sub(*quantity).ok_or(PharmacyRefused::NoLot)?;
            (lot.held, lot.free) = (left, lot.free.saturating_add(*quantity));
        }
        Ok(())
    }

    /// What was held is given out, if its lots are still good.
    pub fn collect(&mut self, portions: &[(LotCode, u64)], now: Moment) -> Result<(), PharmacyRefused> {
        for (code, quantity) in portions {
            let lot = self.lots.get_mut(code).ok_or(PharmacyRefused::NoLot)?;
            lot.check(now)?;
            lot.held = lot.held.checked_sub(*quantity).ok_or(PharmacyRefused::NoLot)?;
        }
        Ok(())
    }

    /// Broken, expired or recalled packs go.
    pub fn discard(&mut self, code: &LotCode, quantity: u64) -> Result<(), PharmacyRefused> {
        let lot = self.lots.get_mut(code).ok_or(PharmacyRefused::NoLot)?;
        let available = lot.free;
        let left = lot.free.checked_sub(quantity);
        lot.free = left.ok_or(PharmacyRefused::NotEnough { available })?;
        Ok(())
    }

    /// A stock-take of a lot: all that lies there, reserved or not. `seen`: the version of the shelf that it was made over.
    pub fn count(&mut self, code: &LotCode, counted: u64, seen: u64) -> Result<(), PharmacyRefused> {
        if seen != self.version {
            return Err(PharmacyRefused::StockChanged { version: self.version });
        }
        let lot = self.lots.get_mut(code).ok_or(PharmacyRefused::NoLot)?;
        let held = lot.held;
        let free = bounded(counted)?.checked_sub(held);
        lot.free = free.ok_or(PharmacyRefused::HeldExceedsCount { held })?;
        Ok(())
    }

    /// What the first clients do: they say how much there is of a medicine and know no lots (contract #115). They mean what can
    /// be given out: lots that have expired or were recalled are none of it. More than is known of is unnumbered; less is taken
    /// from what is unnumbered, and then from what expires first.
    pub fn set(&mut self, quantity: u64, expiry: Option<Date>, now: Moment) -> Result<(), PharmacyRefused> {
        let (unnumbered, quantity) = (LotCode::unnumbered(), bounded(quantity)?);
        let (known, own) = (
            self.countable(now),
            self.lots.get(&unnumbered).map_or(0, |lot| lot.free),
        );
        if quantity >= known - own {
            self.make_room(&unnumbered);
            let lot = self.lots.entry(unnumbered).or_insert_with(|| Lot::new(None, now.at));
            lot.free = quantity - (known - own);
            bounded(lot.free.saturating_add(lot.held))?;
            if expiry.is_some() {
                lot.facts.expiry = expiry;
            }
            lot.facts.is_set_aside = lot.facts.is_set_aside && lot.is_expired(now);
            if quantity > known {
                self.last_restocked = Some(now.at);
            }
            return Ok(());
        }
        let mut surplus = known - quantity;
        let all = self.lots.iter();
        let good = all.filter(|(code, lot)| **code == unnumbered || lot.is_good(now));
        let mut codes: Vec<LotCode> = good.map(|(code, _)| code.clone()).collect();
        codes.sort_by_key(|code| {
            let expiry = self.lots.get(code).and_then(|lot| lot.facts.expiry);
            (*code != unnumbered, expiry.is_none(), expiry)
        });
        for code in codes {
            if let Some(lot) = self.lots.get_mut(&code) {
                let portion = surplus.min(lot.free);
                lot.free -= portion;
                surplus -= portion;
            }
        }
        Ok(())
    }

    /// What the first clients know of as stock, and set: all that is free of lots that may be given out, and what is unnumbered
    /// in any case, since its date is the one that they know.
    pub fn countable(&self, now: Moment) -> u64 {
        let all = self.lots.iter();
        let known = all.filter(|(code, lot)| **code == LotCode::unnumbered() || lot.is_good(now));
        known.map(|(_, lot)| lot.free).sum()
    }

    /// Nothing of the lot is given out from here on, also if none of it is there. `false` where it was recalled already. Packs
    /// whose lot nobody knows are none: they are discarded.
    pub fn recall(&mut self, code: &LotCode, now: Timestamp) -> Result<bool, PharmacyRefused> {
        if *code == LotCode::unnumbered() {
            return Err(PharmacyRefused::Invalid(
                "lot",
                "must be the number that stands on the packs",
            ));
        }
        self.make_room(code);
        if !self.lots.contains_key(code) && self.lots.len() >= MOST_LOTS {
            return Err(PharmacyRefused::TooManyLots);
        }
        let lot = self.lots.entry(code.clone()).or_insert_with(|| Lot::new(None, now));
        let is_new = lot.facts.recalled_at.is_none();
        lot.facts.recalled_at.get_or_insert(now);
        Ok(is_new)
    }

    /// What has expired counts no more. `false` where there is nothing new.
    pub fn set_expired_aside(&mut self, now: Moment) -> bool {
        let mut is_new = false;
        for lot in self.lots.values_mut() {
            if lot.is_expired(now) && !lot.facts.is_set_aside {
                (lot.facts.is_set_aside, is_new) = (true, true);
            }
        }
        is_new
    }
}

fn bounded(units: u64) -> Result<u64, PharmacyRefused> {
    match units <= MOST_UNITS {
        true => Ok(units),
        false => Err(PharmacyRefused::Invalid("quantity", "must be at most 1,000,000,000")),
    }
}

/// What became of a lot between two states of its shelf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub lot: LotCode,
    pub free: i64,
    pub held: i64,
}

/// By lot, those whose balance changed.
pub fn differences(before: &Shelf, after: &Shelf) -> Vec<Difference> {
    let balance = |shelf: &Shelf, code: &LotCode| {
        let lot = shelf.lots.get(code);
        lot.map_or((0, 0), |lot| (signed(lot.free), signed(lot.held)))
    };
    let codes: BTreeSet<&LotCode> = before.lots.keys().chain(after.lots.keys()).collect();
    let all = codes.into_iter().map(|code| {
        let ((free, held), (free_after, held_after)) = (balance(before, code), balance(after, code));
        Difference {
            lot: code.clone(),
            free: free_after - free,
            held: held_after - held,
        }
    });
    all.filter(|difference| (difference.free, difference.held) != (0, 0))
        .collect()
}

/// Exact: no lot has more than [`MOST_UNITS`].
pub fn signed(units: u64) -> i64 {
    i64::try_from(units).unwrap_or(i64::MAX)
}

/// How urgent it is that so little is left; none where there is enough.
pub fn alert_level(left: u64) -> Option<&'static str> {
    match left {
        ..=CRITICAL => Some("critical"),
        left if left <= LOW => Some("warning"),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
