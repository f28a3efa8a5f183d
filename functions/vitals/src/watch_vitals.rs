//! Worker: notes that readings have stopped, tells people again, and tells the next who follows.

use futures_util::StreamExt;
use runtime::need::Need;
use runtime::{Context, Function, Problem, TimeCame, Trigger, Worker};
use store::vitals;

use crate::access;

pub static FUNCTION: Function = Function::worker::<WatchVitals>();

pub struct WatchVitals;

/// Of each shard of the queue in one run. What is left over comes with the next, a minute later.
const MOST: u16 = 250;
const AT_ONCE: usize = 8;

impl Worker for WatchVitals {
    const NAME: &'static str = "watch-vitals";
    const SUMMARY: &'static str = "Notes silence, repeats alarms, and tells the next who follows";
    const TRIGGER: Trigger = Trigger::Schedule { minutes: 1 };
    const NEEDS: &'static [Need] = &access::WRITE;
    const TIMEOUT_SECONDS: u16 = 50;

    type Event = TimeCame;

    /// Who fails holds up nobody else, and is due again.
    async fn handle(context: &Context, TimeCame: TimeCame) -> Result<(), Problem> {
        let due = vitals::due(&context.store, context.now, MOST).await?;
        let settle = |due: vitals::Due| async move {
            vitals::settle(&context.store, &due, context.now, access::telling(context)).await
        };
        let settled = futures_util::stream::iter(due).map(settle).buffer_unordered(AT_ONCE);
        let failed = settled.filter_map(|outcome| std::future::ready(outcome.err()));
        let failed: Vec<Problem> = failed.collect().await;
        failed.into_iter().next().map_or(Ok(()), Err)
    }
}
