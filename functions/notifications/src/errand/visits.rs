//! Appointments that are called off since somebody is no longer there to come, times that are offered on, and reminders that
//! come too late.

use domain::id::{AppointmentId, SlotNumber, UserId, WaitingId};
use domain::notice::Notice;
use domain::refusal::Refusal;
use domain::scheduling::SchedulingRefused;
use domain::scheduling::appointment::Appointment;
use domain::scheduling::hours::Stretch;
use jiff::Timestamp;
use runtime::{Context, Problem};
use store::PageRequest;
use store::outbox::{Entry, Errand, Reason};
use store::scheduling::{self, Parties, waitlist};

use super::Failure;

const PAGE: u16 = 50;

/// All that is ahead of somebody, with notice to both people. Repeatable: what is called off is ahead no longer.
pub async fn call_off(context: &Context, entry: &Entry, user: UserId) -> Result<(), Failure> {
    let mut after = None;
    loop {
        let request = PageRequest { limit: PAGE, after };
        let page = scheduling::visits_ahead(&context.store, user, context.now, &request).await?;
        for visit in page.items {
            call_off_one(context, entry, visit).await?;
        }
        after = page.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

async fn call_off_one(context: &Context, entry: &Entry, visit: Parties) -> Result<(), Failure> {
    let rule = |seen: &Appointment| Ok(seen.called_off(context.now));
    let entries = |before: &Appointment, after: &Appointment| Ok(context.after_calling_off(entry, before, after)?);
    let appointment = (visit.patient, visit.id);
    match scheduling::change::<Problem>(&context.store, appointment, None, context.now, rule, entries).await {
        Ok(_) => Ok(()),
        Err(problem) if problem.code == SchedulingRefused::NotFound.code() => Ok(()),
        Err(_) => Err(unexpected()),
    }
}

/// Whether it would remind of a visit that has got another time, was called off or has begun while the reminder was on its way.
pub async fn is_past(context: &Context, errand: &Errand) -> Result<bool, Failure> {
    let (Errand::Tell { user, notice }
    | Errand::TellByMail { user, notice }
    | Errand::TellByTextMessage { user, notice }
    | Errand::TellInApp { user, notice, .. }) = errand
    else {
        return Ok(false);
    };
    let Notice::AppointmentReminder(visit) = notice else {
        return Ok(false);
    };
    let appointment = scheduling::get(&context.store, *user, visit.appointment).await?;
    // Runs of many errands last longer than the moment they began.
    let now = context.platform.clock.now();
    let is_still = |found: Appointment| found.is_to_come(now) && found.starts_at == visit.starts_at;
    Ok(!appointment.is_some_and(is_still))
}

/// A time that became free, and whom it was offered to last.
pub fn freed(
    doctor: UserId,
    (from, until): (Timestamp, Timestamp),
    slot: Option<SlotNumber>,
    passed: Option<WaitingId>,
) -> waitlist::Freed {
    waitlist::Freed {
        doctor,
        time: Stretch { from, until },
        slot,
        passed,
    }
}

/// Of several at once, or one that runs again, one holds the time.
pub async fn offer(context: &Context, freed: &waitlist::Freed) -> Result<(), Failure> {
    let id = context.new_id(AppointmentId::new).map_err(|_| unexpected())?;
    let entries = |appointment: &Appointment| Ok(context.after_appointment(None, appointment)?);
    let offered = waitlist::offer::<Problem>(&context.store, freed, id, context.now, entries).await;
    offered.map(drop).map_err(|_| unexpected())
}

fn unexpected() -> Failure {
    Failure::passing(Reason::Unexpected)
}
