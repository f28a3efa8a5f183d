//! Who treats whom: what lets a doctor see a patient's records without the patient having to say so each time.
//!
//! A tie has a cause, such as an appointment, and an end, and lapses by itself.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::id::{AppointmentId, ConsultationId, UserId};

/// How long after a visit its doctor still sees the patient's records: results come in, letters are written.
pub const AFTER_A_VISIT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What one comes from. Each cause has at most one tie, which moves and ends with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Cause {
    Appointment(AppointmentId),
    Consultation(ConsultationId),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Care {
    pub patient: UserId,
    pub doctor: UserId,
    pub cause: Cause,
    pub until: Timestamp,
}

impl Care {
    pub fn stands(&self, now: Timestamp) -> bool {
        now < self.until
    }
}
