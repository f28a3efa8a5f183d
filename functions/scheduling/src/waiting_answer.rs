//! A place on a waiting list as clients read it.

use domain::id::{UserId, WaitingId};
use domain::scheduling::waiting::Waiting;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Waiting")]
pub struct WaitingAnswer {
    id: WaitingId,
    patient_id: UserId,
    doctor_id: UserId,
    /// The visit must begin in this time.
    #[schemars(with = "String")]
    from: Timestamp,
    #[schemars(with = "String")]
    to: Timestamp,
    #[schemars(with = "String")]
    joined_at: Timestamp,
}

impl From<Waiting> for WaitingAnswer {
    fn from(waiting: Waiting) -> Self {
        Self {
            id: waiting.id,
            patient_id: waiting.patient,
            doctor_id: waiting.doctor,
            from: waiting.from,
            to: waiting.until,
            joined_at: waiting.joined_at,
        }
    }
}
