//! Keys of clinicians' opinions, which lie beside the results they are on.

use domain::id::UserId;
use domain::opinion::Opinion;
use domain::readings::ResultId;

use super::{Key, KeyRange, item_of, prediction, range, skin_record};

/// A prediction or a skin record.
pub(crate) fn result(patient: UserId, id: ResultId) -> Key {
    match id {
        ResultId::Prediction(id) => prediction(patient, id),
        ResultId::SkinRecord(number) => skin_record(patient, number),
    }
}

pub(crate) fn opinion(of: &Opinion) -> Key {
    let range = opinions_by(of.patient, of.result, of.reading, of.doctor);
    let sort = format!("{}{:04}", range.sort_prefix, of.version);
    item_of(&range, &sort)
}

/// A doctor's on one reading, oldest first.
pub(crate) fn opinions_by(patient: UserId, result: ResultId, reading: u32, doctor: UserId) -> KeyRange {
    let all = opinions(patient, result);
    range(
        all.table,
        all.partition,
        format!("{}{reading:04}#{doctor}#", all.sort_prefix),
    )
}

pub(crate) fn opinions(patient: UserId, id: ResultId) -> KeyRange {
    let Key { table, partition, sort } = result(patient, id);
    range(table, partition, format!("OPINION#{sort}#"))
}
