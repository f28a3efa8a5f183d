//! Vital signs: what is measured, in which units, what can be true at all, and when somebody must be told.
//!
//! A number without its unit is nothing here: an [`Amount`] is made from a number and a unit, and read out in one. What
//! cannot be true is set apart with a reason ([`Fault`]) and is never the latest. [`watch`] is the machine that alarms come
//! from: readings and time go in, and what to tell whom comes out.

mod alarm;
mod amount;
mod bounds;
mod chunk;
mod device;
mod kind;
mod reading;
mod refused;
mod settings;
mod summary;
pub mod watch;

pub use alarm::{Acknowledged, Alarm, AlarmState, Rule};
pub use amount::{Amount, AmountRefused, Number};
pub use bounds::{Band, Level, Personal, Side, Subject, Thresholds, band_of, is_sound};
pub use chunk::{Chunk, Kept, Malformed, Put};
pub use device::{MOST_DEVICES, VitalDevice, VitalDeviceToken, checked_name};
pub use kind::{Unit, VitalKind};
pub use reading::{Fault, MOST_IN_BATCH, MOST_QUARANTINED, Quarantined, Reading, Sent, Source, pressures_swapped};
pub use refused::VitalRefused;
pub use settings::{MOST_FOLLOWERS, Night, NoData, Timing, VitalSettings};
pub use summary::{DaySummary, Summary};
