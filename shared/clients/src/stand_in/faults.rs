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
    /// The connection stays open, and no answer comes for as long as anybody waits.
    Silent,
}

/// Cheap to clone; all clones govern the same stand-in. A stand-in may know failures of its own beside [`Fault`].
pub struct Faults<F = Fault>(Arc<Mutex<State<F>>>);

struct State<F> {
    fault: Option<F>,
    /// How many requests it still hits; `None` is until it ends.
    left: Option<usize>,
}

impl<F> Clone for Faults<F> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<F> Default for Faults<F> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<F> Default for State<F> {
    fn default() -> Self {
        Self {
            fault: None,
            left: None,
        }
    }
}

impl<F: Clone> Faults<F> {
    /// Every request fails until [`Faults::end`].
    pub fn begin(&self, fault: F) {
        *self.state() = State {
            fault: Some(fault),
            left: None,
        };
    }

    /// The next `requests` fail.
    pub fn next(&self, requests: usize, fault: F) {
        *self.state() = State {
            fault: Some(fault),
            left: Some(requests),
        };
    }

    pub fn end(&self) {
        *self.state() = State::default();
    }

    /// What befalls the request at hand.
    pub fn take(&self) -> Option<F> {
        let mut state = self.state();
        match &mut state.left {
            None => {}
            Some(0) => *state = State::default(),
            Some(left) => *left -= 1,
        }
        state.fault.clone()
    }

    fn state(&self) -> MutexGuard<'_, State<F>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
