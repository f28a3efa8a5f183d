//! Keys of what ties doctors to patients: why they treat them, and what they open in an emergency.

use domain::care::Cause;
use domain::id::{EmergencyAccessId, UserId};

use super::{Key, KeyRange, USER, item_of, key, range};
use crate::table::Table;

/// Newest cause last.
pub(crate) fn care_of(patient: UserId, doctor: UserId) -> KeyRange {
    range(Table::Identity, format!("{USER}{patient}"), format!("CARE#{doctor}#"))
}

pub(crate) fn care(patient: UserId, doctor: UserId, cause: Cause) -> Key {
    let cause = match cause {
        Cause::Appointment(id) => format!("{id}#APPOINTMENT"),
        Cause::Consultation(id) => format!("{id}#CONSULTATION"),
    };
    item_of(&care_of(patient, doctor), &format!("CARE#{doctor}#{cause}"))
}

/// A doctor's, newest last.
pub(crate) fn emergencies_by(patient: UserId, doctor: UserId) -> KeyRange {
    let all = emergencies_of(patient);
    let prefix = format!("{}{doctor}#", all.sort_prefix);
    range(all.table, all.partition, prefix)
}

/// All about a patient.
pub(crate) fn emergencies_of(patient: UserId) -> KeyRange {
    range(Table::Identity, format!("{USER}{patient}"), "EMERGENCY#")
}

pub(crate) fn emergency(patient: UserId, doctor: UserId, id: EmergencyAccessId) -> Key {
    let range = emergencies_by(patient, doctor);
    item_of(&range, &format!("{}{id}", range.sort_prefix))
}

/// All in one partition, where a change of keys finds them.
pub(crate) const EMERGENCIES: &str = "EMERGENCIES";
const ACCESS: &str = "ACCESS#";
const WAITING: &str = "WAITING#";

pub(crate) fn listed_emergency(id: EmergencyAccessId) -> Key {
    key(Table::Identity, EMERGENCIES.to_owned(), format!("{ACCESS}{id}"))
}

pub(crate) fn listed_emergencies() -> KeyRange {
    range(Table::Identity, EMERGENCIES.to_owned(), ACCESS)
}

pub(crate) fn unreviewed_emergency(id: EmergencyAccessId) -> Key {
    key(Table::Identity, EMERGENCIES.to_owned(), format!("{WAITING}{id}"))
}

pub(crate) fn unreviewed_emergencies() -> KeyRange {
    range(Table::Identity, EMERGENCIES.to_owned(), WAITING)
}
