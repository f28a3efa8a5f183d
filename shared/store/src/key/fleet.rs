//! Keys of devices that run firmware, and of how a rollout goes.

use domain::firmware::{DeviceLabel, FirmwareVersion, Hardware};
use domain::id::FirmwareReportId;
use jiff::Timestamp;

use super::{Key, KeyRange, item_of, key, range};
use crate::table::Table;

/// Many devices finish at once, and transactions over one item stand in each other's way.
pub(crate) const COUNT_SHARDS: u8 = 16;
/// Each is asked once a minute.
pub(crate) const WATCH_SHARDS: u8 = 4;

pub(crate) fn enrolled_device(label: &DeviceLabel) -> Key {
    key(Table::Firmware, format!("DEVICE#{label}"), "DEVICE")
}

pub(crate) fn rollout_counts(hardware: Hardware, version: &FirmwareVersion) -> KeyRange {
    range(Table::Firmware, format!("ROLLOUT#{hardware}#{version}"), "COUNTS#")
}

pub(crate) fn rollout_count(hardware: Hardware, version: &FirmwareVersion, label: &DeviceLabel) -> Key {
    let shard = label.part_of(COUNT_SHARDS);
    item_of(&rollout_counts(hardware, version), &format!("COUNTS#{shard:02}"))
}

pub(crate) fn watched_devices(shard: u8) -> KeyRange {
    range(Table::Firmware, format!("WATCH#{shard}"), LOST_AT)
}

const LOST_AT: &str = "LOST#";

pub(crate) fn watched_device(label: &DeviceLabel, lost_at: Timestamp) -> Key {
    let devices = watched_devices(label.part_of(WATCH_SHARDS));
    item_of(&devices, &format!("{}#{label}", watched_until(lost_at)))
}

/// Sort keys of devices that are lost before this moment come before it.
pub(crate) fn watched_until(lost_at: Timestamp) -> String {
    format!("{LOST_AT}{:012}", lost_at.as_second())
}

/// Reports of devices with a token, and those that anybody can have sent: whoever floods the one list must not be able
/// to hold up the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    Proved,
    Anybody,
}

impl Source {
    pub const ALL: [Self; 2] = [Self::Proved, Self::Anybody];

    fn word(self) -> &'static str {
        match self {
            Self::Proved => "PROVED",
            Self::Anybody => "ANYBODY",
        }
    }
}

/// A list of all reports would take no more than a thousand a second.
pub(crate) const REPORT_SHARDS: u8 = 8;

pub(crate) fn firmware_reports(source: Source, shard: u8) -> KeyRange {
    range(Table::Firmware, format!("REPORTS#{}#{shard}", source.word()), REPORT)
}

pub(crate) fn reports_of_device(source: Source, label: &DeviceLabel) -> KeyRange {
    range(
        Table::Firmware,
        format!("REPORTS#{}#DEVICE#{label}", source.word()),
        REPORT,
    )
}

pub(crate) fn reports_of_version(source: Source, version: &FirmwareVersion, shard: u8) -> KeyRange {
    let partition = format!("REPORTS#{}#VERSION#{version}#{shard}", source.word());
    range(Table::Firmware, partition, REPORT)
}

pub(crate) fn fleet(hardware: Hardware) -> KeyRange {
    range(Table::Firmware, format!("FLEET#{hardware}"), "DEVICE#")
}

pub(crate) fn device_in_fleet(hardware: Hardware, label: &DeviceLabel) -> Key {
    item_of(&fleet(hardware), &format!("DEVICE#{label}"))
}

const REPORT: &str = "REPORT#";

pub(crate) fn report_in(list: &KeyRange, id: FirmwareReportId) -> Key {
    item_of(list, &format!("{REPORT}{id}"))
}
