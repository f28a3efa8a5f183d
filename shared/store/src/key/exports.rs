//! Keys of exports, in their patient's partition, and of the queue of those that a worker may take.

use domain::id::{ExportId, UserId};
use jiff::Timestamp;

use super::{Key, KeyRange, USER, due, item_of, key, range};
use crate::table::Table;

const EXPORT: &str = "EXPORT#";
/// The queue's partition.
const WAITING: &str = "EXPORTS";

pub(crate) fn export(patient: UserId, id: ExportId) -> Key {
    item_of(&exports(patient), &format!("{EXPORT}{id}"))
}

pub(crate) fn exports(patient: UserId) -> KeyRange {
    range(Table::Platform, format!("{USER}{patient}"), EXPORT)
}

const BOOK: &str = "EXPORTBOOK";

pub(crate) fn export_book(patient: UserId) -> Key {
    item_of(&export_books(patient), BOOK)
}

/// One, or none.
pub(crate) fn export_books(patient: UserId) -> KeyRange {
    range(Table::Platform, format!("{USER}{patient}"), BOOK)
}

pub(crate) fn waiting_export(due_at: Timestamp, id: ExportId) -> Key {
    key(Table::Platform, WAITING.to_owned(), format!("{}#{id}", due(due_at)))
}

pub(crate) fn waiting_exports() -> KeyRange {
    range(Table::Platform, WAITING.to_owned(), "")
}
