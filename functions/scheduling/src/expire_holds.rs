//! Worker: clears away times that were held for too long, so that they are offered on. They are free without it.

use domain::scheduling::SchedulingRefused;
use domain::scheduling::appointment::Appointment;
use runtime::need::Need;
use runtime::{Context, Function, Problem, TimeCame, Trigger, Worker};
use store::scheduling::{self, Due};

use crate::needs;

pub static FUNCTION: Function = Function::worker::<ExpireHolds>();

pub struct ExpireHolds;

/// In one run. What is left over comes with the next, a minute later.
const MOST: u16 = 500;
const AT_ONCE: usize = 8;

impl Worker for ExpireHolds {
    const NAME: &'static str = "expire-holds";
    const SUMMARY: &'static str = "Clears away times that were held for too long";
    const TRIGGER: Trigger = Trigger::Schedule { minutes: 1 };
    const NEEDS: &'static [Need] = &needs::BOOK;
    const TIMEOUT_SECONDS: u16 = 120;

    type Event = TimeCame;

    async fn handle(context: &Context, TimeCame: TimeCame) -> Result<(), Problem> {
        let due = scheduling::due(&context.store, context.now, MOST).await?;
        runtime::for_each(due, AT_ONCE, |due| expire(context, due)).await
    }
}

async fn expire(context: &Context, due: Due) -> Result<(), Problem> {
    let rule = |seen: &Appointment| Ok(seen.expired(context.now));
    let entries = |before: &Appointment, after: &Appointment| Ok(context.after_appointment(Some(before), after)?);
    let appointment = (due.patient, due.appointment);
    match scheduling::change::<Problem>(&context.store, appointment, None, context.now, rule, entries).await {
        Ok(_) => Ok(()),
        Err(problem) if problem.code == domain::refusal::Refusal::code(&SchedulingRefused::NotFound) => {
            Ok(scheduling::drop_due(&context.store, &due).await?)
        }
        Err(problem) => Err(problem),
    }
}
