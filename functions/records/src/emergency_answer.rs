//! An access in an emergency, as those who review it read it.

use domain::emergency::{EmergencyAccess, Reviewed};
use domain::id::{EmergencyAccessId, UserId};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "EmergencyAccess")]
pub struct EmergencyAnswer {
    id: EmergencyAccessId,
    patient_id: UserId,
    doctor_id: UserId,
    /// In the doctor's words.
    reason: String,
    #[schemars(with = "String")]
    opened_at: Timestamp,
    /// Until then the doctor may read, and nothing else.
    #[schemars(with = "String")]
    until: Timestamp,
    /// Null while nobody has looked at it.
    reviewed: Option<Reviewed>,
}

impl From<EmergencyAccess> for EmergencyAnswer {
    fn from(access: EmergencyAccess) -> Self {
        Self {
            id: access.id,
            patient_id: access.patient,
            doctor_id: access.doctor,
            reason: access.reason,
            opened_at: access.opened_at,
            until: access.until,
            reviewed: access.reviewed,
        }
    }
}
