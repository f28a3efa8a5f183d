//! What goes out with a change of an appointment, whoever makes it.

use domain::notice::Notice;
use domain::scheduling::appointment::{Appointment, Status};
use store::outbox::{Entry, Errand};

use crate::context::Context;
use crate::entropy::NoEntropy;

impl Context {
    /// Both people are told, and what became free is offered to whoever waits for it: one entry each.
    pub fn after_appointment(
        &self,
        before: Option<&Appointment>,
        after: &Appointment,
    ) -> Result<Vec<Entry>, NoEntropy> {
        let mut entries = Vec::new();
        if let Some(notice) = notice(before, after) {
            let people = [after.patient, after.doctor];
            // What is offered to a patient is nothing yet to the doctor.
            let told = if after.status == Status::Held { 1 } else { people.len() };
            for person in people.into_iter().take(told) {
                entries.push(self.tell(person, notice.clone())?);
            }
        }
        if let Some(before) = before.filter(|before| has_left(before, after) && self.now < before.starts_at) {
            entries.push(self.entry(Errand::OfferTime {
                doctor: before.doctor,
                from: before.starts_at,
                until: before.ends_at,
                slot: before.slot,
                passed: before.waiting.filter(|_| before.status == Status::Held),
            })?);
        }
        Ok(entries)
    }

    /// The same for a worker, whose entries have the same ids however often it runs.
    pub fn after_calling_off(
        &self,
        errand: &Entry,
        before: &Appointment,
        after: &Appointment,
    ) -> Result<Vec<Entry>, NoEntropy> {
        let entries = self.after_appointment(Some(before), after)?;
        let part = |place: usize| format!("visit {} {place}", after.id);
        let named = entries.into_iter().enumerate();
        Ok(named
            .map(|(place, entry)| errand.child(&part(place), entry.errand, self.now))
            .collect())
    }
}

/// Whether its time, or part of it, is nobody's now.
fn has_left(before: &Appointment, after: &Appointment) -> bool {
    let is_off = matches!(after.status, Status::Cancelled | Status::Expired);
    is_off || before.stretch() != after.stretch()
}

/// Checking in, starting and ending a visit is seen by both: nobody needs to be told.
fn notice(before: Option<&Appointment>, after: &Appointment) -> Option<Notice> {
    let about = || after.visit();
    let was_held = before.is_some_and(|before| matches!(before.status, Status::Held | Status::Expired));
    match (before, after.status) {
        (None, Status::Held) => after.waiting.map(|_| Notice::AppointmentOffered(about())),
        (None, Status::Scheduled) => Some(Notice::AppointmentBooked(about())),
        (Some(_), Status::Scheduled) if was_held => Some(Notice::AppointmentBooked(about())),
        (Some(_), Status::Scheduled) => Some(Notice::AppointmentMoved(about())),
        (Some(_), Status::Cancelled) if !was_held => Some(Notice::AppointmentCancelled(about())),
        _ => None,
    }
}
