//! Keys of pharmacies, of what lies there and what became of it, of the index that medicines are found by, and of what is set
//! apart for patients and was given to them.

use domain::id::{PharmacyId, RecordId, ReservationId, StockMovementId, UserId};
use domain::pharmacy::lot::LotCode;
use domain::pharmacy::medicine::MedicineName;
use jiff::Timestamp;

use super::{Key, KeyRange, item_of, key, range, whole_partition};
use crate::table::Table;

fn at(pharmacy: PharmacyId, sort: impl Into<String>) -> Key {
    key(Table::Pharmacies, format!("PHARMACY#{pharmacy}"), sort)
}

fn all_at(pharmacy: PharmacyId, sort_prefix: &str) -> KeyRange {
    range(Table::Pharmacies, format!("PHARMACY#{pharmacy}"), sort_prefix)
}

pub(crate) fn pharmacy(id: PharmacyId) -> Key {
    at(id, "PHARMACY")
}

const SHELF: &str = "SHELF#";

pub(crate) fn shelf(pharmacy: PharmacyId, medicine: &MedicineName) -> Key {
    at(pharmacy, format!("{SHELF}{medicine}"))
}

pub(crate) fn shelves(pharmacy: PharmacyId) -> KeyRange {
    all_at(pharmacy, SHELF)
}

pub(crate) fn stock_movement(pharmacy: PharmacyId, id: StockMovementId) -> Key {
    at(pharmacy, format!("MOVEMENT#{id}"))
}

pub(crate) fn recall(pharmacy: PharmacyId, medicine: &MedicineName, lot: &LotCode) -> Key {
    at(pharmacy, format!("RECALL#{medicine}#{lot}"))
}

const RESERVATION: &str = "RESERVATION#";

/// Where a pharmacy finds what it keeps for somebody.
pub(crate) fn kept_reservation(pharmacy: PharmacyId, id: ReservationId) -> Key {
    at(pharmacy, format!("{RESERVATION}{id}"))
}

pub(crate) fn kept_reservations(pharmacy: PharmacyId) -> KeyRange {
    all_at(pharmacy, RESERVATION)
}

pub(crate) fn ledger_line(
    pharmacy: PharmacyId,
    medicine: &MedicineName,
    lot: &LotCode,
    movement: StockMovementId,
) -> Key {
    item_of(
        &lot_ledger(pharmacy, medicine, lot),
        &format!("{medicine}#{lot}#{movement}"),
    )
}

pub(crate) fn lot_ledger(pharmacy: PharmacyId, medicine: &MedicineName, lot: &LotCode) -> KeyRange {
    let prefix = format!("{medicine}#{lot}#");
    range(Table::Pharmacies, format!("LEDGER#{pharmacy}"), prefix)
}

/// Lot after lot.
pub(crate) fn medicine_ledger(pharmacy: PharmacyId, medicine: &MedicineName) -> KeyRange {
    range(Table::Pharmacies, format!("LEDGER#{pharmacy}"), format!("{medicine}#"))
}

/// What a place may be asked for by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Area {
    Pincode,
    City,
    State,
}

impl Area {
    pub const ALL: [Self; 3] = [Self::Pincode, Self::City, Self::State];

    fn word(self) -> &'static str {
        match self {
            Self::Pincode => "PIN",
            Self::City => "CITY",
            Self::State => "STATE",
        }
    }
}

/// What stands before the digits of a cell.
pub(crate) const LOCATED: &str = "AT#";
const NOWHERE: &str = "NOWHERE#";

/// `digits`: of the finest cell that the pharmacy is in; none where nobody knows where it is.
pub(crate) fn offer(term: &MedicineName, digits: Option<&str>, pharmacy: PharmacyId, medicine: &MedicineName) -> Key {
    item_of(&offers(term), &format!("{}{pharmacy}#{medicine}", place(digits)))
}

fn place(digits: Option<&str>) -> String {
    digits.map_or_else(|| NOWHERE.to_owned(), |digits| format!("{LOCATED}{digits}#"))
}

pub(crate) fn offers(term: &MedicineName) -> KeyRange {
    whole_partition(Table::Pharmacies, &format!("FIND#{term}"))
}

pub(crate) fn offers_in_cell(term: &MedicineName, digits: &str) -> KeyRange {
    range(Table::Pharmacies, format!("FIND#{term}"), format!("{LOCATED}{digits}"))
}

/// What one pharmacy offers under a name.
pub(crate) fn offers_of(term: &MedicineName, digits: Option<&str>, pharmacy: PharmacyId) -> KeyRange {
    let place = place(digits);
    range(Table::Pharmacies, format!("FIND#{term}"), format!("{place}{pharmacy}#"))
}

pub(crate) fn offers_nowhere(term: &MedicineName) -> KeyRange {
    range(Table::Pharmacies, format!("FIND#{term}"), NOWHERE)
}

/// `name`: folded.
pub(crate) fn offers_in_area(term: &MedicineName, area: Area, name: &str) -> KeyRange {
    let partition = format!("FIND#{term}#{}#{name}", area.word());
    whole_partition(Table::Pharmacies, &partition)
}

pub(crate) fn offer_in_area(
    term: &MedicineName,
    (area, name): (Area, &str),
    pharmacy: PharmacyId,
    medicine: &MedicineName,
) -> Key {
    item_of(&offers_in_area(term, area, name), &format!("{pharmacy}#{medicine}"))
}

pub(crate) fn low_stock(pharmacy: PharmacyId, medicine: &MedicineName) -> Key {
    item_of(&low_stocks(None), &format!("{SHELF}{pharmacy}#{medicine}"))
}

pub(crate) fn low_stocks(pharmacy: Option<PharmacyId>) -> KeyRange {
    let of = pharmacy.map_or_else(String::new, |pharmacy| format!("{pharmacy}#"));
    range(Table::Pharmacies, "LOW".to_owned(), format!("{SHELF}{of}"))
}

fn moment(at: Timestamp) -> String {
    format!("{:015}", at.as_millisecond())
}

/// What sorts before all that is due after that moment.
pub(crate) fn due_by(now: Timestamp) -> String {
    // Also what is due at that very millisecond.
    format!("{:015}", now.as_millisecond() + 1)
}

pub(crate) fn held_reservations() -> KeyRange {
    range(Table::Pharmacies, "HELD".to_owned(), "")
}

pub(crate) fn held_reservation(until: Timestamp, id: ReservationId) -> Key {
    item_of(&held_reservations(), &format!("{}#{id}", moment(until)))
}

pub(crate) fn expiring_lots() -> KeyRange {
    range(Table::Pharmacies, "EXPIRING".to_owned(), "")
}

pub(crate) fn expiring_lot(end: Timestamp, pharmacy: PharmacyId, medicine: &MedicineName, lot: &LotCode) -> Key {
    let sort = format!("{}#{pharmacy}#{medicine}#{lot}", moment(end));
    item_of(&expiring_lots(), &sort)
}

pub(crate) fn reservation_holder(id: ReservationId) -> Key {
    key(Table::Pharmacies, format!("{RESERVATION}{id}"), "HOLDER")
}

fn of_patient(patient: UserId, sort_prefix: &str) -> KeyRange {
    range(Table::Pharmacies, format!("{}{patient}", super::PATIENT), sort_prefix)
}

/// All that pharmacies keep of a patient.
pub(crate) fn whole_pharmacy_partition(patient: UserId) -> KeyRange {
    of_patient(patient, "")
}

pub(crate) fn reservations_of(patient: UserId) -> KeyRange {
    of_patient(patient, RESERVATION)
}

pub(crate) fn reservation(patient: UserId, id: ReservationId) -> Key {
    item_of(&reservations_of(patient), &format!("{RESERVATION}{id}"))
}

/// How many are open.
pub(crate) fn reservation_count(patient: UserId) -> Key {
    item_of(&of_patient(patient, ""), "RESERVED")
}

/// `medication`: a keyed hash of what it is counted by, since a name says what somebody takes.
pub(crate) fn fills(patient: UserId, record: RecordId, medication: &str) -> Key {
    item_of(&of_patient(patient, ""), &format!("FILLS#{record}#{medication}"))
}

const RECEIVED: &str = "RECEIVED#";

pub(crate) fn received_by(patient: UserId) -> KeyRange {
    of_patient(patient, RECEIVED)
}

/// `number`: of medicines that were given at once. Clients draw ids of movements, so that two pharmacies may have the same.
pub(crate) fn received(patient: UserId, movement: StockMovementId, pharmacy: PharmacyId, number: usize) -> Key {
    let sort = format!("{RECEIVED}{movement}#{pharmacy}#{number}");
    item_of(&received_by(patient), &sort)
}
