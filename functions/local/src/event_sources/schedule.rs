//! Rules that invoke a worker at a fixed rate, like EventBridge's `rate()`.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::{Feed, Invoke, Retries, deliver};
use crate::cloud::{ACCOUNT, REGION};

pub struct Schedule {
    pub rule: String,
    pub every: Duration,
    pub invoke: Invoke,
}

/// The first invocation comes after one period, as with a new rule. Runs of one rule never overlap here.
/// Must be called within a runtime.
pub fn feed(schedule: Schedule) -> Feed {
    Feed::start(async move {
        let mut timer = interval_at(Instant::now() + schedule.every, schedule.every);
        timer.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            timer.tick().await;
            let event = scheduled_event(&schedule.rule, Timestamp::now());
            deliver(&schedule.rule, &schedule.invoke, event, Retries::ASYNCHRONOUS).await;
        }
    })
}

/// Also for those who want to run a scheduled worker right now.
pub fn scheduled_event(rule: &str, time: Timestamp) -> Value {
    json!({
        "version": "0",
        "id": crate::cloud::uuid(),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": format!("{time:.0}"),
        "region": REGION,
        "resources": [format!("arn:aws:events:{REGION}:{ACCOUNT}:rule/{rule}")],
        "detail": {},
    })
}
