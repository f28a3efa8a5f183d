//! Worker: runs again, every minute, the errands whose time has come after they failed.

use domain::id::OutboxId;
use runtime::need::Need;
use runtime::{Context, Function, Problem, TimeCame, Trigger, Worker};
use store::outbox;

use crate::errand;

pub static FUNCTION: Function = Function::worker::<RetryErrands>();

pub struct RetryErrands;

/// In one run. What is left over comes with the next, a minute later.
const MOST: u16 = 500;
/// Beside one another: most of a try is waiting for somebody else's server.
const AT_ONCE: usize = 10;

impl Worker for RetryErrands {
    const NAME: &'static str = "retry-errands";
    const SUMMARY: &'static str = "Runs errands again that failed for a while";
    const TRIGGER: Trigger = Trigger::Schedule { minutes: 1 };
    const NEEDS: &'static [Need] = errand::NEEDS;
    const TIMEOUT_SECONDS: u16 = 900;

    type Event = TimeCame;

    async fn handle(context: &Context, TimeCame: TimeCame) -> Result<(), Problem> {
        let due = outbox::due(&context.store, context.now, MOST).await?;
        runtime::for_each(due, AT_ONCE, |id| run_again(context, id)).await
    }
}

/// Runs overlap when there is much to do: each errand is run by whoever claims it.
async fn run_again(context: &Context, id: OutboxId) -> Result<(), Problem> {
    match outbox::claim(&context.store, id, context.platform.clock.now()).await? {
        Some(entry) => errand::run(context, &entry).await,
        None => Ok(()),
    }
}
