//! Keys of the audit log: chains of persons, copies by day, trails of health records.

use domain::audit::{AuditDay, Trail};
use domain::id::{OutboxId, UserId};

use super::{Key, KeyRange, key, range};
use crate::table::Table;

const AUDIT_ENTRY: &str = "ENTRY#";
const AUDIT_DAY_ENTRY: &str = "EVENT#";

/// A day's entries lie in so many partitions: one takes a thousand writes a second at most.
pub(crate) const AUDIT_DAY_SHARDS: u8 = 4;

pub(crate) fn audit_head(subject: UserId) -> Key {
    key(Table::Audit, format!("SUBJECT#{subject}"), "HEAD")
}

pub(crate) fn audit_entry(subject: UserId, position: u64) -> Key {
    key(
        Table::Audit,
        format!("SUBJECT#{subject}"),
        format!("{AUDIT_ENTRY}{position:012}"),
    )
}

pub(crate) fn audit_entries(subject: UserId) -> KeyRange {
    range(Table::Audit, format!("SUBJECT#{subject}"), AUDIT_ENTRY)
}

pub(crate) fn audit_trail(subject: UserId, trail: Trail) -> KeyRange {
    let partition = match trail {
        Trail::Record(record) => format!("TRAIL#{subject}#{record}"),
        Trail::AllRecords => format!("TRAIL#{subject}#ALL"),
    };
    range(Table::Audit, partition, AUDIT_ENTRY)
}

/// The position that an entry's sort key names.
pub(crate) fn audit_position(sort: &str) -> Option<u64> {
    sort.strip_prefix(AUDIT_ENTRY)?.parse().ok()
}

pub(crate) fn audit_day_entry(day: AuditDay, errand: OutboxId) -> Key {
    // The last digit is random.
    let digit = errand.to_string().bytes().last().unwrap_or_default();
    let range = audit_day(day, digit % AUDIT_DAY_SHARDS);
    key(range.table, range.partition, format!("{AUDIT_DAY_ENTRY}{errand}"))
}

pub(crate) fn audit_day(day: AuditDay, shard: u8) -> KeyRange {
    range(Table::Audit, format!("DAY#{day}#{shard}"), AUDIT_DAY_ENTRY)
}
