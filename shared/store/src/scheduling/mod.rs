//! Appointments: who has when time, decided in the database.
//!
//! What takes a person's time stands on one sheet for each person and UTC day ([`sheets`]). An appointment is written in one
//! transaction with the sheets of both people, over the versions that were seen ([`change`]): of two that overlap, one finds a
//! newer sheet, looks again, and sees the other. A sheet names each appointment on it, so what is released is exactly what was
//! taken. Sheets are as small as a day is, and go some days after it; nothing that is read grows with the past.

mod about;
mod apart;
mod availability;
mod booking;
mod change;
mod earliest;
mod erase;
mod find;
mod free;
mod practice;
pub mod reminders;
mod reschedule;
mod sheets;
mod slots;
pub mod waitlist;

use domain::scheduling::SchedulingRefused;
use domain::scheduling::appointment::Appointment;

use crate::RefusedOr;
use crate::sealing::Sealed;

pub use about::book_about;
pub use availability::{get_availability, set_availability};
pub use booking::{Booking, SkinLink, When, book, book_first};
pub use change::change;
pub(crate) use earliest::may_be_free_now;
pub(crate) use erase::{erase_visit, erase_waiting, forget_doctor};
pub use find::{Due, Listing, Parties, counts, drop_due, due, get, list, parties, visits_ahead};
pub use free::free_times;
pub use reschedule::{confirm_late, reschedule};
pub use slots::{NewSlots, offer, own_free_slots, withdraw};

/// How often a change is tried again while others change the same days.
const ATTEMPTS: u32 = 60;

pub type BookingError = RefusedOr<SchedulingRefused>;

impl From<SchedulingRefused> for BookingError {
    fn from(refused: SchedulingRefused) -> Self {
        Self::Refused(refused)
    }
}

impl Sealed for Appointment {
    const SEALED: &'static [&'static str] = &["reason", "cancel_reason"];
}
