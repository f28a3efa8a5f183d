//! Keys of what everybody may read: treatment suggestions, and clinics on the map.

use domain::id::TreatmentId;
use domain::place::Cell;

use super::notifications::ID;
use super::{Key, KeyRange, key, range};
use crate::table::Table;

const TREATMENTS: &str = "TREATMENTS";

pub(crate) fn treatment(id: TreatmentId) -> Key {
    key(Table::Platform, TREATMENTS.to_owned(), format!("{ID}{id}"))
}

pub(crate) fn treatments() -> KeyRange {
    range(Table::Platform, TREATMENTS.to_owned(), ID)
}

pub(crate) fn treatment_count() -> Key {
    key(Table::Platform, TREATMENTS.to_owned(), "COUNT")
}

/// `name` as it is compared.
pub(crate) fn treatment_name(name: &str) -> Key {
    key(Table::Platform, TREATMENTS.to_owned(), format!("NAME#{name}"))
}

pub(crate) fn clinics(cell: Cell, radius_metres: u32) -> Key {
    key(
        Table::Platform,
        format!("CLINICS#{cell}"),
        format!("WITHIN#{radius_metres}"),
    )
}
