//! The time, which only this module asks the system for.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// The system's clock, which tests can set forward: five minutes pass without waiting for them.
#[derive(Clone, Default)]
pub struct Clock {
    ahead_seconds: Arc<AtomicI64>,
}

impl Clock {
    /// In whole milliseconds: old clients' parsers know no finer ones.
    pub fn now(&self) -> Timestamp {
        let now = Timestamp::now() + SignedDuration::from_secs(self.ahead_seconds.load(Ordering::Relaxed));
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    pub fn set_forward(&self, seconds: i64) {
        self.ahead_seconds.fetch_add(seconds, Ordering::Relaxed);
    }
}
