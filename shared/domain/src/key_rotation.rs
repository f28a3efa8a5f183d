//! A change of the key that personal fields are sealed with: a walk over everything that lies under an older one.
//!
//! The walk goes in passes. For some minutes after the start, processes that have not heard of the new key go on sealing
//! with the old one; so the change is complete only after a pass that began later than that and found nothing to do.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::id::RotationId;
use crate::refusal::{Kind, Refusal};

/// After it, nobody seals with the old key any more: longer than processes keep keys, and run.
pub const SETTLED_AFTER: SignedDuration = SignedDuration::from_mins(20);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeyRotation {
    pub id: RotationId,
    pub new_key: String,
    pub cursor: Place,
    /// Sealed anew so far, in all passes.
    pub items_done: u64,
    /// Found in this pass and not to be opened by any key: they stay as they are, and so do the old keys.
    pub items_unreadable: u64,
    /// Whether this pass found anything under an older key.
    pub pass_found_some: bool,
    pub pass_started_at: Timestamp,
    pub started_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Timestamp>,
    /// Counts changes: of two walkers at one place, one goes on.
    pub steps: u64,
}

/// How far a pass is: first the listed partitions, then those of all members of the directory.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// How many of the listed partitions are done.
    pub listed: usize,
    /// The member of the directory whose partitions are at hand.
    pub member: Option<String>,
    /// How many of that member's partitions are done.
    #[serde(default)]
    pub part: usize,
    /// The last item that is done of the partition at hand.
    pub item: Option<String>,
}

impl KeyRotation {
    pub fn new(id: RotationId, new_key: String, now: Timestamp) -> Self {
        Self {
            id,
            new_key,
            cursor: Place::default(),
            items_done: 0,
            items_unreadable: 0,
            pass_found_some: false,
            pass_started_at: now,
            started_at: now,
            finished_at: None,
            steps: 0,
        }
    }

    pub fn is_finished(&self) -> bool {
        self.finished_at.is_some()
    }

    /// A pass that has just begun is put off when it could not be the last.
    pub fn is_due(&self, now: Timestamp) -> bool {
        now >= self.pass_started_at
    }

    /// The end of a pass: of the whole change, or the beginning of the next pass.
    pub fn after_pass(mut self, now: Timestamp) -> Self {
        let settled_at = self.started_at + SETTLED_AFTER;
        if self.pass_started_at >= settled_at && !self.pass_found_some {
            self.finished_at = Some(now);
            return self;
        }
        self.cursor = Place::default();
        self.pass_found_some = false;
        self.items_unreadable = 0;
        self.pass_started_at = now.max(settled_at);
        self
    }
}

/// Why no change of keys is begun or shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RotationRefused {
    #[error("A key rotation is running already")]
    Running,
    #[error("No key rotation has been started")]
    NeverStarted,
}

impl Refusal for RotationRefused {
    fn kind(&self) -> Kind {
        match self {
            RotationRefused::Running => Kind::Conflict,
            RotationRefused::NeverStarted => Kind::NotFound,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            RotationRefused::Running => "rotation_running",
            RotationRefused::NeverStarted => "rotation_not_found",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::constant(1_795_309_323, 0);

    fn begun() -> KeyRotation {
        KeyRotation::new(RotationId::new(START, [1; 6]), "k2".to_owned(), START)
    }

    #[test]
    fn the_first_pass_is_never_the_last() {
        let next = begun().after_pass(START + SignedDuration::from_secs(1));
        assert!(!next.is_finished());
        assert!(!next.is_due(START + SETTLED_AFTER - SignedDuration::from_secs(1)));
        assert!(next.is_due(START + SETTLED_AFTER));
    }

    #[test]
    fn a_late_pass_that_found_nothing_is_the_last() {
        let second = begun().after_pass(START);
        let end = START + SETTLED_AFTER + SignedDuration::from_mins(1);
        assert_eq!(second.after_pass(end).finished_at, Some(end));
    }

    #[test]
    fn a_late_pass_that_found_something_is_followed_by_another_at_once() {
        let mut second = begun().after_pass(START);
        second.pass_found_some = true;
        second.cursor.listed = 3;
        let end = START + SETTLED_AFTER + SignedDuration::from_mins(1);
        let third = second.after_pass(end);
        assert_eq!((third.is_finished(), third.is_due(end)), (false, true));
        assert_eq!((third.cursor, third.pass_found_some), (Place::default(), false));
    }
}
