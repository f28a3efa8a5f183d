//! Vital signs: devices, readings, and alarms.
//!
//! Readings lie packed, by kind: those of a day together while they are few, those of an hour when they are many; beside them
//! what each day sums up to, hour by hour. All that is written for a person is written over the version of their head that was
//! seen, in one transaction with it: so two devices at once neither lose a reading nor count one twice, and an alarm is raised,
//! told and kept together with the reading that it is of. The head says when it must be looked at although nothing comes;
//! it stands in a queue for that, at that time or earlier.

mod alarms;
mod day;
mod devices;
mod head;
mod ingest;
mod quarantine;
mod read;
mod settings;

use domain::vital::{Alarm, VitalDevice, VitalSettings};

use crate::sealing::Sealed;

pub use alarms::{Answer, Due, answer, due, open, past, settle};
pub use day::ReadingsOfKind;
pub(crate) use day::open_readings;
pub use devices::{VitalError, change_device, get_device, list_devices, register};
pub(crate) use head::erase_head;
pub use ingest::{Batch, Became, Checked, take};
pub use quarantine::{QuarantineBook, quarantined};
pub use read::{Hours, Raw, hours, latest, newest, raw};
pub use settings::{get_settings, set_settings};

/// How often a change is tried again while others change the same person's.
const ATTEMPTS: u32 = 60;

impl Sealed for VitalDevice {
    const SEALED: &'static [&'static str] = &["name", "model"];
}

impl Sealed for Alarm {
    const SEALED: &'static [&'static str] = &["rule", "kind", "amount", "acknowledged", "followers_told"];
}

impl Sealed for VitalSettings {
    const SEALED: &'static [&'static str] = &[
        "limits",
        "spo2_scale_2",
        "on_oxygen",
        "weight_gain",
        "off",
        "followers",
        "no_data",
    ];
}
