//! Why a time cannot be booked or an appointment changed.

use serde_json::{Map, Value, json};

use super::appointment::{Side, Status};
use super::free::FreeTime;
use crate::refusal::{FieldError, Kind, Refusal};

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SchedulingRefused {
    #[error("{field} {rule}")]
    Invalid { field: &'static str, rule: &'static str },
    #[error("Doctor not found")]
    NoDoctor,
    #[error("Doctors cannot book visits with themselves")]
    OwnDoctor,
    #[error("Slot not found")]
    NoSlot,
    #[error("Appointment not found")]
    NotFound,
    #[error("Record not found or not yours")]
    NoRecord,
    /// Anywhere.
    #[error("No available slots found")]
    NothingFree,
    /// The same, in the words that those who ask about a diagnosis are told.
    #[error("No available slots to book")]
    NothingFreeToConsult,
    #[error("This time is taken")]
    Taken { free: Vec<FreeTime> },
    #[error("The doctor does not offer this time")]
    NotOffered { free: Vec<FreeTime> },
    #[error("The patient has another appointment at that time")]
    PatientBusy,
    /// Somebody has changed it since the version that the caller saw.
    #[error("The appointment has changed")]
    Changed { version: u64 },
    #[error("The availability has changed")]
    AvailabilityChanged { version: u64 },
    #[error("The time was held for too long and cannot be booked any more")]
    HoldExpired,
    #[error("An appointment that is {} cannot become {}", .from.word(), .to.word())]
    Impossible { from: Status, to: Status },
    #[error("Only the {} can do this", .0.word())]
    OnlyBy(Side),
    #[error("It is too early for this")]
    TooEarly,
    #[error("It is too late for this")]
    TooLate,
    /// Says what the appointment is that keeps people from meeting.
    #[error("An appointment that is {0} has no video channel")]
    NoVideo(&'static str),
    #[error("The slot overlaps another of yours")]
    SlotsOverlap,
    #[error("The slot is booked")]
    SlotBooked,
    #[error("Another time is held already")]
    TooManyHeld,
    #[error("The day is full")]
    DayFull,
    /// However often it was tried.
    #[error("Others are booking at this very moment. Please try again.")]
    Busy,
    #[error("You are on this doctor's waiting list already")]
    Waiting,
    #[error("At most 20 waiting lists can be joined")]
    WaitingTooOften,
    #[error("Waiting list entry not found")]
    NotWaiting,
}

impl Refusal for SchedulingRefused {
    fn kind(&self) -> Kind {
        match self {
            SchedulingRefused::Invalid { .. } => Kind::Invalid,
            SchedulingRefused::NoDoctor
            | SchedulingRefused::NoSlot
            | SchedulingRefused::NotFound
            | SchedulingRefused::NoRecord
            | SchedulingRefused::NothingFree
            | SchedulingRefused::NothingFreeToConsult
            | SchedulingRefused::NotWaiting => Kind::NotFound,
            SchedulingRefused::OnlyBy(_) | SchedulingRefused::OwnDoctor => Kind::Forbidden,
            _ => Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            SchedulingRefused::Invalid { .. } => "validation_error",
            SchedulingRefused::NoDoctor => "doctor_not_found",
            SchedulingRefused::OwnDoctor => "doctor_books_themselves",
            SchedulingRefused::NoSlot => "slot_not_found",
            SchedulingRefused::NotFound => "appointment_not_found",
            SchedulingRefused::NoRecord => "record_not_found",
            SchedulingRefused::NothingFree | SchedulingRefused::NothingFreeToConsult => "no_free_slots",
            SchedulingRefused::Taken { .. } => "slot_taken",
            SchedulingRefused::NotOffered { .. } => "time_not_offered",
            SchedulingRefused::PatientBusy => "patient_busy",
            SchedulingRefused::Changed { .. } => "appointment_changed",
            SchedulingRefused::AvailabilityChanged { .. } => "changed_meanwhile",
            SchedulingRefused::HoldExpired => "hold_expired",
            SchedulingRefused::Impossible { .. } => "status_impossible",
            SchedulingRefused::OnlyBy(Side::Doctor) => "doctors_only",
            SchedulingRefused::OnlyBy(Side::Patient) => "patients_only",
            SchedulingRefused::TooEarly => "too_early",
            SchedulingRefused::TooLate => "too_late",
            SchedulingRefused::NoVideo(_) => "video_not_open",
            SchedulingRefused::SlotsOverlap => "slots_overlap",
            SchedulingRefused::SlotBooked => "slot_booked",
            SchedulingRefused::TooManyHeld => "holds_too_many",
            SchedulingRefused::DayFull => "day_full",
            SchedulingRefused::Busy => "busy",
            SchedulingRefused::Waiting => "waiting_already",
            SchedulingRefused::WaitingTooOften => "waiting_too_often",
            SchedulingRefused::NotWaiting => "waiting_not_found",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            SchedulingRefused::Invalid { field, rule } => vec![FieldError::new("body", field, "invalid", rule)],
            _ => Vec::new(),
        }
    }

    fn members(&self) -> Map<String, Value> {
        let member = match self {
            SchedulingRefused::Taken { free } | SchedulingRefused::NotOffered { free } => {
                Some(("alternatives", free.iter().map(alternative).collect()))
            }
            SchedulingRefused::Changed { version } | SchedulingRefused::AvailabilityChanged { version } => {
                Some(("version", json!(version)))
            }
            _ => None,
        };
        member
            .map(|(name, value)| (name.to_owned(), value))
            .into_iter()
            .collect()
    }
}

fn alternative(time: &FreeTime) -> Value {
    json!({ "start": time.from, "end": time.until, "slot_id": time.slot, "seats_left": time.seats_left })
}
