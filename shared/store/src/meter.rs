//! What one request uses of DynamoDB and S3, as AWS counts it.

use std::sync::{Arc, Mutex};

#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize)]
pub struct Usage {
    /// DynamoDB calls, each a network round trip.
    pub round_trips: u32,
    /// Capacity units consumed, as `ReturnConsumedCapacity` reports them.
    pub read_units: f64,
    pub write_units: f64,
    /// S3 calls.
    pub object_calls: u32,
}

#[derive(Clone, Default)]
pub struct Meter(Arc<Mutex<Usage>>);

impl Meter {
    pub fn read(&self) -> Usage {
        match self.0.lock() {
            Ok(usage) => *usage,
            Err(poisoned) => *poisoned.into_inner(),
        }
    }

    pub(crate) fn count_read(&self, units: f64) {
        self.add(|usage| {
            usage.round_trips += 1;
            usage.read_units += units;
        });
    }

    pub(crate) fn count_write(&self, units: f64) {
        self.add(|usage| {
            usage.round_trips += 1;
            usage.write_units += units;
        });
    }

    pub(crate) fn count_object_call(&self) {
        self.add(|usage| usage.object_calls += 1);
    }

    fn add(&self, change: impl FnOnce(&mut Usage)) {
        match self.0.lock() {
            Ok(mut usage) => change(&mut usage),
            Err(poisoned) => change(&mut poisoned.into_inner()),
        }
    }
}
