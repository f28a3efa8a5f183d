//! What is written in a call.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::consultation::{ConsultationRefused, Party};
use crate::id::ConsultationId;

pub const LONGEST_MESSAGE: usize = 4_000;
/// Of one consultation.
pub const MOST_MESSAGES: u64 = 2_000;
/// Of them by one guest, so that none takes up the room of all others.
pub const MOST_BY_GUEST: u64 = 200;

/// Part of the patient's record, and kept with it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallMessage {
    pub consultation: ConsultationId,
    /// Its place in the call, from 1.
    pub sequence: u64,
    pub from: Party,
    pub text: String,
    pub sent_at: Timestamp,
}

impl std::fmt::Debug for CallMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CallMessage({}, [redacted])", self.sequence)
    }
}

pub fn check_text(text: &str) -> Result<(), ConsultationRefused> {
    let is_right = !text.trim().is_empty() && text.chars().count() <= LONGEST_MESSAGE;
    is_right.then_some(()).ok_or(ConsultationRefused::MalformedMessage)
}
