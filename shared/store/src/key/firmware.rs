//! Keys of firmware: what is published, and what is on its way.

use domain::firmware::{FirmwareVersion, Hardware};
use domain::id::FirmwareUploadId;

use super::{Key, key};
use crate::table::Table;

pub(crate) fn firmware_head(hardware: Hardware) -> Key {
    key(Table::Firmware, format!("FIRMWARE#{hardware}"), "HEAD")
}

pub(crate) fn firmware_release(hardware: Hardware, version: &FirmwareVersion) -> Key {
    key(
        Table::Firmware,
        format!("FIRMWARE#{hardware}"),
        format!("RELEASE#{version}"),
    )
}

pub(crate) fn firmware_upload(id: FirmwareUploadId) -> Key {
    key(Table::Firmware, format!("UPLOAD#{id}"), "UPLOAD")
}
