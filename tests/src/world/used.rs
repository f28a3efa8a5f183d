//! What requests of a world have used of storage.

use std::sync::PoisonError;

use store::Usage;

use super::World;

/// What one request used.
#[derive(Clone, Copy)]
pub(super) struct Used {
    pub function: &'static str,
    pub usage: Usage,
    pub limiter_round_trips: u32,
}

impl World {
    /// What the last request to a function used.
    pub fn last_usage(&self, function: &str) -> Usage {
        self.last(function).usage
    }

    /// Capacity units that all requests to a function have written.
    pub fn written_units(&self, function: &str) -> f64 {
        let usage = self.usage.lock().unwrap_or_else(PoisonError::into_inner);
        let of_function = usage.iter().filter(|used| used.function == function);
        of_function.map(|used| used.usage.write_units).sum()
    }

    /// What counting the last request to a function took.
    pub fn last_limiter_round_trips(&self, function: &str) -> u32 {
        self.last(function).limiter_round_trips
    }

    fn last(&self, function: &str) -> Used {
        let usage = self.usage.lock().unwrap_or_else(PoisonError::into_inner);
        usage
            .iter()
            .rev()
            .find(|used| used.function == function)
            .copied()
            .expect("the function was called")
    }
}
