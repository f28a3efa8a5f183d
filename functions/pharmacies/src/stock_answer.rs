//! Stock as clients read it, and what of a medicine they say.

use domain::id::{PharmacyId, ShelfId};
use domain::pharmacy::PharmacyRefused;
use domain::pharmacy::lot::{LotCode, Moment};
use domain::pharmacy::medicine::MedicineName;
use domain::pharmacy::shelf::{Label, Shelf};
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is said of a medicine beside how much there is; what is not said stays.
#[derive(Clone, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct LabelBody {
    /// Such as `tablets`.
    #[serde(default)]
    unit: Option<String>,
    /// Of one unit.
    #[serde(default, deserialize_with = "runtime::lenient::number")]
    price: Option<f64>,
    #[serde(default)]
    manufacturer: Option<String>,
    /// The substance, by which it is found as well.
    #[serde(default)]
    generic_name: Option<String>,
}

impl LabelBody {
    pub fn label(&self) -> Result<Label, PharmacyRefused> {
        let generic = self.generic_name.as_deref().filter(|name| !name.trim().is_empty());
        Label {
            generic: generic
                .map(|name| MedicineName::new("generic_name", name))
                .transpose()?,
            unit: self.unit.clone(),
            price: self.price,
            manufacturer: self.manufacturer.clone(),
        }
        .checked()
    }
}

/// A medicine at a pharmacy, with the members that the first clients know.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Stock")]
pub struct StockAnswer {
    id: ShelfId,
    pharmacy_id: PharmacyId,
    medicine_name: String,
    generic_name: Option<MedicineName>,
    /// All that is not reserved, of lots that have not expired and were not recalled; what nobody knows the lot of counts in any
    /// case. It is what `PUT` sets.
    quantity: u64,
    /// What can be given out now.
    available: u64,
    reserved: u64,
    unit: String,
    /// Of stock whose lot nobody knows; else what expires next.
    #[schemars(with = "Option<String>")]
    expiry_date: Option<Date>,
    price: Option<f64>,
    manufacturer: Option<String>,
    /// Rises with each change: a count is made over it.
    version: u64,
    #[schemars(with = "String")]
    created_at: Timestamp,
    #[schemars(with = "String")]
    updated_at: Timestamp,
    #[schemars(with = "Option<String>")]
    last_restocked: Option<Timestamp>,
    lots: Vec<LotAnswer>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Lot")]
struct LotAnswer {
    /// `-` for packs whose lot nobody knows.
    lot: LotCode,
    free: u64,
    reserved: u64,
    /// The last day on which it is given out, by the pharmacy's clock; in UTC where its time zone is not known.
    #[schemars(with = "Option<String>")]
    expiry_date: Option<Date>,
    is_expired: bool,
    #[schemars(with = "Option<String>")]
    recalled_at: Option<Timestamp>,
    #[schemars(with = "String")]
    received_at: Timestamp,
}

impl StockAnswer {
    pub fn new(shelf: Shelf, now: Moment) -> Self {
        let unnumbered = shelf.lots.get(&LotCode::unnumbered()).and_then(|lot| lot.facts.expiry);
        Self {
            id: shelf.id,
            pharmacy_id: shelf.pharmacy,
            quantity: shelf.countable(now),
            available: shelf.available(now),
            reserved: shelf.held(),
            expiry_date: unnumbered.or_else(|| shelf.next_expiry(now)),
            medicine_name: shelf.name,
            generic_name: shelf.generic,
            unit: shelf.unit,
            price: shelf.price,
            manufacturer: shelf.manufacturer,
            version: shelf.version,
            created_at: shelf.created_at,
            updated_at: shelf.updated_at,
            last_restocked: shelf.last_restocked,
            lots: shelf
                .lots
                .into_iter()
                .map(|(code, lot)| LotAnswer {
                    lot: code,
                    is_expired: lot.is_expired(now),
                    free: lot.free,
                    reserved: lot.held,
                    expiry_date: lot.facts.expiry,
                    recalled_at: lot.facts.recalled_at,
                    received_at: lot.facts.received_at,
                })
                .collect(),
        }
    }
}
