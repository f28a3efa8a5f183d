//! Keys of health records, all in their patient's partition.

use domain::id::{RecordConflictId, RecordFileId, RecordId, UserId};
use domain::record::RecordType;

use super::{Key, KeyRange, item_of, key, range};
use crate::table::Table;

fn partition(patient: UserId) -> String {
    format!("PATIENT#{patient}")
}

fn record_key(patient: UserId, sort: String) -> Key {
    key(Table::Records, partition(patient), sort)
}

pub(crate) fn record_book(patient: UserId) -> Key {
    record_key(patient, "RECORDS".to_owned())
}

pub(crate) fn record(patient: UserId, id: RecordId) -> Key {
    record_key(patient, format!("RECORD#{id}"))
}

pub(crate) fn record_versions(patient: UserId, id: RecordId) -> KeyRange {
    range(Table::Records, partition(patient), format!("VERSION#{id}#"))
}

pub(crate) fn record_version(patient: UserId, id: RecordId, version: u64) -> Key {
    record_key(patient, format!("VERSION#{id}#{version:010}"))
}

const CHANGE: &str = "CHANGE#";

pub(crate) fn record_changes(patient: UserId) -> KeyRange {
    range(Table::Records, partition(patient), CHANGE)
}

pub(crate) fn record_change(patient: UserId, sequence: u64) -> Key {
    record_key(patient, format!("{CHANGE}{sequence:016}"))
}

pub(crate) fn live_records(patient: UserId, record_type: RecordType) -> KeyRange {
    range(
        Table::Records,
        partition(patient),
        format!("LIVE#{}#", record_type.word()),
    )
}

pub(crate) fn live_record(patient: UserId, record_type: RecordType, sequence: u64) -> Key {
    let live = live_records(patient, record_type);
    item_of(&live, &format!("LIVE#{}#{sequence:016}", record_type.word()))
}

pub(crate) fn open_conflicts(patient: UserId) -> KeyRange {
    range(Table::Records, partition(patient), "OPEN#")
}

pub(crate) fn open_conflicts_of(patient: UserId, record: RecordId) -> KeyRange {
    range(Table::Records, partition(patient), format!("OPEN#{record}#"))
}

pub(crate) fn open_conflict(patient: UserId, record: RecordId, id: RecordConflictId) -> Key {
    record_key(patient, format!("OPEN#{record}#{id}"))
}

pub(crate) fn settled_conflict(patient: UserId, record: RecordId, id: RecordConflictId) -> Key {
    record_key(patient, format!("SETTLED#{record}#{id}"))
}

/// Clients make up the ids of their changes, so only a digest of one is part of a key.
pub(crate) fn pushed_change(patient: UserId, digest: &str) -> Key {
    record_key(patient, format!("PUSHED#{digest}"))
}

pub(crate) fn whole_record_partition(patient: UserId) -> KeyRange {
    range(Table::Records, partition(patient), "")
}

pub(crate) fn settled_conflicts_of(patient: UserId, record: RecordId) -> KeyRange {
    range(Table::Records, partition(patient), format!("SETTLED#{record}#"))
}

/// What the partition of a doctor's own writing begins with.
pub(crate) const AUTHOR: &str = "AUTHOR#";
const DRAFT: &str = "DRAFT#";

pub(crate) fn drafts_by(author: UserId) -> KeyRange {
    range(Table::Records, format!("{AUTHOR}{author}"), DRAFT)
}

pub(crate) fn draft(author: UserId, id: RecordId) -> Key {
    item_of(&drafts_by(author), &format!("{DRAFT}{id}"))
}

/// That there is a draft about a patient.
pub(crate) fn drafted(patient: UserId, author: UserId, id: RecordId) -> Key {
    record_key(patient, format!("DRAFTED#{author}#{id}"))
}

pub(crate) fn all_drafted(patient: UserId) -> KeyRange {
    range(Table::Records, partition(patient), "DRAFTED#")
}

/// Records that wait for files. Their place stays the same while they wait.
pub(crate) fn pending_records(patient: UserId) -> KeyRange {
    range(Table::Records, partition(patient), "PENDING#")
}

pub(crate) fn pending_record(patient: UserId, record: RecordId) -> Key {
    record_key(patient, format!("PENDING#{record}"))
}

/// Of all records of a patient.
pub(crate) fn record_files_of(patient: UserId) -> KeyRange {
    range(Table::Records, partition(patient), "FILE#")
}

pub(crate) fn record_files(patient: UserId, record: RecordId) -> KeyRange {
    range(Table::Records, partition(patient), format!("FILE#{record}#"))
}

pub(crate) fn record_file(patient: UserId, record: RecordId, file: RecordFileId) -> Key {
    record_key(patient, format!("FILE#{record}#{file}"))
}
