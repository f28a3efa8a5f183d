//! Worker: reminds patients of their visits, a day and an hour before.

use domain::notice::Notice;
use domain::scheduling::appointment::Appointment;
use jiff::SignedDuration;
use runtime::need::Need;
use runtime::{Context, Function, Problem, TimeCame, Trigger, Worker};
use store::scheduling::{Due, reminders};
use store::table::{ItemAction, Table};

pub static FUNCTION: Function = Function::worker::<SendReminders>();

pub struct SendReminders;

/// Looked at together, as often as there are so many.
const PAGE: u16 = 500;
const PAGES: usize = 20;
const AT_ONCE: usize = 16;
/// Half of the time between two runs: reminders go out half a minute early or late at most.
const EARLY: SignedDuration = SignedDuration::from_secs(30);

impl Worker for SendReminders {
    const NAME: &'static str = "send-reminders";
    const SUMMARY: &'static str = "Reminds patients of their visits, a day and an hour before";
    const TRIGGER: Trigger = Trigger::Schedule { minutes: 1 };
    const NEEDS: &'static [Need] = &[
        Need::Items(
            Table::Scheduling,
            &[ItemAction::Get, ItemAction::Query, ItemAction::Delete],
        ),
        Need::Items(Table::Notifications, &[ItemAction::Put]),
        Need::FieldKeys,
    ];
    const TIMEOUT_SECONDS: u16 = 300;

    type Event = TimeCame;

    async fn handle(context: &Context, TimeCame: TimeCame) -> Result<(), Problem> {
        for _ in 0..PAGES {
            let due = reminders::due(&context.store, context.now + EARLY, PAGE).await?;
            let is_last = due.len() < usize::from(PAGE);
            runtime::for_each(due, AT_ONCE, |due| remind(context, due)).await?;
            if is_last {
                break;
            }
        }
        Ok(())
    }
}

async fn remind(context: &Context, due: Due) -> Result<(), Problem> {
    let tell = |visit: &Appointment| -> Result<_, Problem> {
        Ok(context.tell(visit.patient, Notice::AppointmentReminder(visit.visit()))?)
    };
    reminders::send(&context.store, &due, context.now, tell).await
}
