//! The time, which only this module asks the system for.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// The system's clock, which tests can set forward: five minutes pass without waiting for them. Stopped, it moves only
/// so: a hundred requests are then of one moment.
#[derive(Clone, Default)]
pub struct Clock {
    ahead_seconds: Arc<AtomicI64>,
    /// Milliseconds since 1970; zero while it runs.
    stopped_at: Arc<AtomicI64>,
}

impl Clock {
    /// In whole milliseconds: old clients' parsers know no finer ones.
    pub fn now(&self) -> Timestamp {
        let base = match self.stopped_at.load(Ordering::Relaxed) {
            0 => Timestamp::now(),
            millis => Timestamp::from_millisecond(millis).unwrap_or_default(),
        };
        let now = base + SignedDuration::from_secs(self.ahead_seconds.load(Ordering::Relaxed));
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    pub fn stop(&self) {
        let now = Timestamp::now().as_millisecond();
        self.stopped_at.store(now, Ordering::Relaxed);
    }

    pub fn set_forward(&self, seconds: i64) {
        self.ahead_seconds.fetch_add(seconds, Ordering::Relaxed);
    }
}
