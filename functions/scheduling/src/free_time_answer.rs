//! A time that can be booked, as clients read it.

use domain::id::SlotNumber;
use domain::scheduling::free::FreeTime;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FreeTime")]
pub struct FreeTimeAnswer {
    #[schemars(with = "String")]
    start: Timestamp,
    #[schemars(with = "String")]
    end: Timestamp,
    /// Where the doctor offers it apart from their hours.
    slot_id: Option<SlotNumber>,
    seats_left: u16,
}

impl From<FreeTime> for FreeTimeAnswer {
    fn from(time: FreeTime) -> Self {
        Self {
            start: time.from,
            end: time.until,
            slot_id: time.slot,
            seats_left: time.seats_left,
        }
    }
}
