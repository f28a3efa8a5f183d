//! Keys of devices that sync health records, in their patient's partition, and of the lists of those that need attention.

use domain::id::UserId;
use domain::record::sync_health::SyncDevice;

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
pub(crate) fn troubled_devices(list: &str, shard: u8) -> KeyRange {
    range(Table::Records, format!("SYNCING#{list}#{shard}"), "SEEN#")
}

/// Where a device is in a list. To the hour, so that one that calls every minute moves seldom.
pub(crate) fn troubled_device(list: &str, device: &SyncDevice) -> Key {
    // The handle is a hash.
    let shard = device.handle.bytes().last().unwrap_or_default() % SYNC_SHARDS;
    let (hour, patient, handle) = (device.last_seen_at.as_second() / 3600, device.patient, &device.handle);
    item_of(
        &troubled_devices(list, shard),
        &format!("SEEN#{hour:010}#{patient}#{handle}"),
    )
}
