//! Keys of devices that sync health records, in their patient's partition, and of the lists of all and of those that need attention.

use domain::id::UserId;
use domain::record::sync_health::SyncDevice;
use jiff::Timestamp;

use super::{Key, KeyRange, PATIENT, item_of, range};
use crate::table::Table;

/// A partition takes a thousand writes a second at most.
pub(crate) const SYNC_SHARDS: u8 = 4;

pub(crate) fn sync_devices(patient: UserId) -> KeyRange {
    range(Table::Records, format!("{PATIENT}{patient}"), "SYNC#")
}

pub(crate) fn sync_device(patient: UserId, handle: &str) -> Key {
    item_of(&sync_devices(patient), &format!("SYNC#{handle}"))
}

/// `list`: which of them.
pub(crate) fn listed_devices(list: &str, shard: u8) -> KeyRange {
    range(Table::Records, format!("SYNCING#{list}#{shard}"), SEEN)
}

/// Where a device is in a list. `hours`: how exactly, so that one that calls every minute moves seldom.
pub(crate) fn listed_device(list: &str, device: &SyncDevice, hours: i64) -> Key {
    // The handle is a hash.
    let shard = device.handle.bytes().last().unwrap_or_default() % SYNC_SHARDS;
    let (patient, handle) = (device.patient, &device.handle);
    let seen = seen_within(device.last_seen_at, hours);
    item_of(&listed_devices(list, shard), &format!("{seen}{patient}#{handle}"))
}

/// What the places of devices begin with that were seen at a moment.
pub(crate) fn seen_within(moment: Timestamp, hours: i64) -> String {
    let hour = moment.as_second() / 3600;
    format!("{SEEN}{:010}#", hour - hour % hours)
}

const SEEN: &str = "SEEN#";
