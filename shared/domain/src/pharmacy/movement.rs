//! Changes of stock: what is asked for, and the lines that it leaves in the ledgers of lots.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::PharmacyRefused;
use super::lot::{LotCode, Moment};
use super::medicine::MedicineName;
use super::shelf::{Label, Shelf};
use crate::id::{PharmacyId, ReservationId, StockMovementId, UserId};

/// Lines of one request, and medicines in them: all that follows must fit into one transaction.
pub const MOST_LINES: usize = 20;
pub const MOST_MEDICINES: usize = 5;
/// Lines that they may come to in ledgers, since what expires first may lie in many lots.
pub const MOST_ENTRIES: usize = 30;
pub const LONGEST_REASON: usize = 500;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "StockMovementKind")]
pub enum Kind {
    Receive,
    Dispense,
    Discard,
    /// A stock-take: how much there is, over the version that it was counted over.
    Count,
    /// Set as a whole, as the first clients do.
    Set,
    Reserve,
    /// Reserved stock that was not collected, or not wanted any more.
    Release,
    /// Reserved stock that was given out.
    Collect,
}

/// What stock may be moved by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "StockMovementOrder")]
pub enum Order {
    Receive,
    Dispense,
    Discard,
    Count,
}

impl From<Order> for Kind {
    fn from(order: Order) -> Self {
        match order {
            Order::Receive => Kind::Receive,
            Order::Dispense => Kind::Dispense,
            Order::Discard => Kind::Discard,
            Order::Count => Kind::Count,
        }
    }
}

/// One line of what is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    pub medicine: MedicineName,
    pub name: String,
    pub lot: Option<LotCode>,
    pub quantity: u64,
    pub expiry: Option<Date>,
    /// Of a stock-take.
    pub seen: Option<u64>,
    pub label: Label,
}

/// All lines for one medicine, in their order.
pub fn by_medicine(wishes: Vec<Wish>) -> Result<BTreeMap<MedicineName, Vec<Wish>>, PharmacyRefused> {
    if wishes.is_empty() || wishes.len() > MOST_LINES {
        return Err(PharmacyRefused::Invalid("lines", "must be 1 to 20"));
    }
    let mut folded: BTreeMap<MedicineName, Vec<Wish>> = BTreeMap::new();
    for wish in wishes {
        folded.entry(wish.medicine.clone()).or_default().push(wish);
    }
    match folded.len() {
        0..=MOST_MEDICINES => Ok(folded),
        _ => Err(PharmacyRefused::Invalid("lines", "must be of at most 5 medicines")),
    }
}

impl Wish {
    pub fn checked(self, order: Order) -> Result<Self, PharmacyRefused> {
        if order != Order::Count && self.quantity == 0 {
            return Err(PharmacyRefused::Invalid("quantity", "must be at least 1"));
        }
        if order == Order::Count && self.seen.is_none() {
            return Err(PharmacyRefused::Invalid("expected_version", "is required for a count"));
        }
        if order == Order::Discard && self.lot.is_none() {
            return Err(PharmacyRefused::Invalid("lot", "is required"));
        }
        let label = self.label.checked()?;
        Ok(Self { label, ..self })
    }

    /// Does it to a shelf.
    pub fn apply(&self, order: Order, shelf: &mut Shelf, now: Moment) -> Result<(), PharmacyRefused> {
        let lot = || self.lot.clone().unwrap_or_else(LotCode::unnumbered);
        match order {
            Order::Receive => {
                shelf.relabel(&self.name, &self.label);
                shelf.receive(&lot(), self.expiry, self.quantity, now)
            }
            Order::Dispense => shelf.take(self.lot.as_ref(), self.quantity, now).map(drop),
            Order::Discard => shelf.discard(&lot(), self.quantity),
            Order::Count => {
                let seen = self
                    .seen
                    .ok_or(PharmacyRefused::Invalid("expected_version", "is required"))?;
                shelf.count(&lot(), self.quantity, seen)
            }
        }
    }
}

/// A line in the ledger of a lot. The sum of all of them is what is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerLine {
    pub movement: StockMovementId,
    pub kind: Kind,
    pub medicine: MedicineName,
    pub lot: LotCode,
    /// By how much more or less is free, and is reserved.
    pub free: i64,
    pub held: i64,
    /// Of those who run the pharmacy; none where a patient or the time did it.
    pub by: Option<UserId>,
    pub at: Timestamp,
    pub reason: Option<String>,
    /// Who was given it, as long as they have an account.
    pub patient: Option<UserId>,
    pub reservation: Option<ReservationId>,
}

impl LedgerLine {
    /// How much left the house by it.
    pub fn given_out(&self) -> u64 {
        match self.kind {
            Kind::Dispense | Kind::Collect => (self.free + self.held).unsigned_abs(),
            _ => 0,
        }
    }
}

/// A change of stock as it was carried out, so that whoever sends it again hears the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Movement {
    pub id: StockMovementId,
    pub pharmacy: PharmacyId,
    pub order: Order,
    pub lines: Vec<MovedLine>,
    pub by: UserId,
    pub at: Timestamp,
    pub reason: Option<String>,
    /// Of what was asked for.
    pub digest: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "MovedStock")]
pub struct MovedLine {
    pub medicine_name: String,
    pub lot: LotCode,
    /// By how much more or less there is.
    pub change: i64,
    #[schemars(with = "Option<String>")]
    pub expiry_date: Option<Date>,
    /// Of the medicine's stock, before; a count is made over the one that stock shows.
    pub version: u64,
}

/// Medicine that somebody was given, as their archive has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Received {
    pub id: StockMovementId,
    pub patient: UserId,
    pub pharmacy: PharmacyId,
    pub medicine: MedicineName,
    pub medicine_name: String,
    pub lots: Vec<(LotCode, u64)>,
    pub reservation: Option<ReservationId>,
    pub given_at: Timestamp,
}
