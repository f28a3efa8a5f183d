//! What a stand-in was asked, for tests to look at.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

const REMEMBERED: usize = 100;

#[derive(Default)]
pub(crate) struct Asked(Mutex<VecDeque<Value>>);

impl Asked {
    pub fn note(&self, body: Value) {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        asked.push_back(body);
        if asked.len() > REMEMBERED {
            asked.pop_front();
        }
    }

    /// Oldest first.
    pub fn all(&self) -> Vec<Value> {
        let asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        asked.iter().cloned().collect()
    }
}
