//! Keys of hours, appointments and waiting lists. What takes a person's time is in their agenda, what is said of a visit with
//! its patient.

use domain::id::{AppointmentId, AppointmentNumber, SlotBlock, UserId, WaitingId};
use domain::scheduling::appointment::Side;
use domain::scheduling::visit::Reminder;
use jiff::Timestamp;
use jiff::civil::Date;

use super::{Key, KeyRange, item_of, key, range};
use crate::table::Table;

fn agenda_partition(user: UserId) -> String {
    format!("AGENDA#{user}")
}

fn in_agenda(user: UserId, sort: impl Into<String>) -> Key {
    key(Table::Scheduling, agenda_partition(user), sort)
}

pub(crate) fn whole_agenda(user: UserId) -> KeyRange {
    range(Table::Scheduling, agenda_partition(user), "")
}

pub(crate) fn availability(doctor: UserId) -> Key {
    in_agenda(doctor, "AVAILABILITY")
}

const DAY: &str = "DAY#";

pub(crate) fn sheet(user: UserId, day: Date) -> Key {
    in_agenda(user, format!("{DAY}{day}"))
}

pub(crate) fn sheets(user: UserId) -> KeyRange {
    range(Table::Scheduling, agenda_partition(user), DAY)
}

/// The day that a sheet is of.
pub(crate) fn sheet_day(sort: &str) -> Option<Date> {
    sort.strip_prefix(DAY)?.parse().ok()
}

const VISIT: &str = "VISIT#";

pub(crate) fn visits(user: UserId) -> KeyRange {
    range(Table::Scheduling, agenda_partition(user), VISIT)
}

pub(crate) fn visit(user: UserId, starts_at: Timestamp, id: AppointmentId) -> Key {
    in_agenda(user, format!("{}{id}", visits_from(starts_at)))
}

/// What sorts before all visits that start then or later.
pub(crate) fn visits_from(starts_at: Timestamp) -> String {
    format!("{VISIT}{:012}#", starts_at.as_second())
}

pub(crate) fn visit_counts(user: UserId, side: Side) -> Key {
    in_agenda(user, format!("COUNT#{}", side.word()))
}

const APPOINTMENT: &str = "APPOINTMENT#";

pub(crate) fn appointment(patient: UserId, id: AppointmentId) -> Key {
    key(
        Table::Scheduling,
        format!("{}{patient}", super::PATIENT),
        format!("{APPOINTMENT}{id}"),
    )
}

/// All that is said of a patient's visits.
pub(crate) fn appointments_of(patient: UserId) -> KeyRange {
    range(Table::Scheduling, format!("{}{patient}", super::PATIENT), "")
}

pub(crate) fn appointment_holder(number: AppointmentNumber) -> Key {
    key(Table::Scheduling, format!("NUMBER#{number}"), "HOLDER")
}

pub(crate) fn slot_block_holder(block: SlotBlock) -> Key {
    key(Table::Scheduling, format!("SLOTS#{block}"), "HOLDER")
}

pub(crate) fn openings() -> KeyRange {
    range(Table::Scheduling, "OPENINGS".to_owned(), "DOCTOR#")
}

pub(crate) fn opening(doctor: UserId) -> Key {
    item_of(&openings(), &format!("DOCTOR#{doctor}"))
}

pub(crate) fn all_held() -> KeyRange {
    range(Table::Scheduling, "HELD".to_owned(), "")
}

/// What sorts before all that is held until then or longer.
pub(crate) fn held_until(end: Timestamp) -> String {
    format!("{:015}", end.as_millisecond())
}

pub(crate) fn held(end: Timestamp, id: AppointmentId) -> Key {
    item_of(&all_held(), &format!("{}#{id}", held_until(end)))
}

pub(crate) fn all_reminders() -> KeyRange {
    range(Table::Scheduling, "REMINDERS".to_owned(), "")
}

/// What sorts before all that is due then or later.
pub(crate) fn reminders_until(due_at: Timestamp) -> String {
    held_until(due_at)
}

pub(crate) fn reminder(due_at: Timestamp, id: AppointmentId, reminder: Reminder) -> Key {
    let sort = format!("{}#{id}#{}", reminders_until(due_at), reminder.word());
    item_of(&all_reminders(), &sort)
}

/// How many lists a patient is on.
pub(crate) fn waits_count(patient: UserId) -> Key {
    in_agenda(patient, "WAITS")
}

const WAITING: &str = "WAITING#";

pub(crate) fn waitlist(doctor: UserId) -> KeyRange {
    range(Table::Scheduling, format!("WAITLIST#{doctor}"), WAITING)
}

pub(crate) fn waiting(doctor: UserId, id: WaitingId) -> Key {
    item_of(&waitlist(doctor), &format!("{WAITING}{id}"))
}

pub(crate) fn waits(patient: UserId) -> KeyRange {
    range(Table::Scheduling, agenda_partition(patient), WAITING)
}

pub(crate) fn waits_for(patient: UserId, doctor: UserId) -> Key {
    in_agenda(patient, format!("{WAITING}{doctor}"))
}
