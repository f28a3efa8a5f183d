//! An appointment as clients read it, with the members that the dermatology clinic's clients know.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::appointment::{Appointment, Side, Status};
use super::zone::Zone;
use crate::id::{AppointmentId, AppointmentNumber, RecordNumber, SlotNumber, UserId, UserNumber};

#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Appointment")]
pub struct AppointmentView {
    id: AppointmentNumber,
    patient_id: UserNumber,
    doctor_id: UserNumber,
    /// The appointment's own number where it was booked by the doctor's hours.
    slot_id: Slot,
    status: Status,
    #[schemars(with = "String")]
    scheduled_at: Timestamp,
    #[schemars(with = "String")]
    ends_at: Timestamp,
    /// The doctor's, when the time was booked.
    time_zone: Zone,
    appointment_id: AppointmentId,
    patient_user_id: UserId,
    doctor_user_id: UserId,
    /// Rises with each change.
    version: u64,
    /// It must be confirmed before.
    #[schemars(with = "Option<String>")]
    held_until: Option<Timestamp>,
    /// The diagnosis that it is about.
    infection_record_id: Option<RecordNumber>,
    reason: Option<String>,
    cancel_reason: Option<String>,
    cancelled_by: Option<Side>,
    /// The patient, or whoever was let in by them.
    booked_by: UserId,
    #[schemars(with = "String")]
    created_at: Timestamp,
    #[schemars(with = "String")]
    updated_at: Timestamp,
}

#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
enum Slot {
    Offered(SlotNumber),
    ByHours(AppointmentNumber),
}

impl AppointmentView {
    pub fn of(appointment: Appointment, now: Timestamp) -> Self {
        let number = appointment.id.number();
        let status = appointment.status_at(now);
        Self {
            id: number,
            patient_id: appointment.patient_number,
            doctor_id: appointment.doctor_number,
            slot_id: appointment.slot.map_or(Slot::ByHours(number), Slot::Offered),
            status,
            scheduled_at: appointment.starts_at,
            ends_at: appointment.ends_at,
            time_zone: appointment.zone,
            appointment_id: appointment.id,
            patient_user_id: appointment.patient,
            doctor_user_id: appointment.doctor,
            version: appointment.version,
            held_until: appointment.held_until.filter(|_| status == Status::Held),
            infection_record_id: appointment.skin_record,
            reason: appointment.reason,
            cancel_reason: appointment.cancel_reason,
            cancelled_by: appointment.cancelled_by,
            booked_by: appointment.booked_by,
            created_at: appointment.created_at,
            updated_at: appointment.updated_at,
        }
    }
}
