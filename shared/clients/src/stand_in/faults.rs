//! Failures that a test, or a curious developer, can ask for.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 503 with a page instead of JSON, as from a load balancer.
    Unavailable { retry_after_seconds: Option<u32> },
    /// The connection is closed without an answer, and nothing was done.
    Dropped,
    /// The request is carried out, then the connection is closed without an answer.
    AnswerLost,
}

/// Cheap to clone; all clones govern the same stand-in.
#[derive(Clone, Default)]
pub struct Faults(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    fault: Option<Fault>,
    /// How many requests it still hits; `None` is until it ends.
    left: Option<usize>,
}

impl Faults {
    /// Every request fails until [`Faults::end`].
    pub fn begin(&self, fault: Fault) {
        *self.state() = State {
            fault: Some(fault),
            left: None,
        };
    }

    /// The next `requests` fail.
    pub fn next(&self, requests: usize, fault: Fault) {
        *self.state() = State {
            fault: Some(fault),
            left: Some(requests),
        };
    }

    pub fn end(&self) {
        *self.state() = State::default();
    }

    /// What befalls the request at hand.
    pub fn take(&self) -> Option<Fault> {
        let mut state = self.state();
        match &mut state.left {
            None => {}
            Some(0) => *state = State::default(),
            Some(left) => *left -= 1,
        }
        state.fault
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
