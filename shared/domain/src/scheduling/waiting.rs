//! Who would take what becomes free of a doctor's time: first come, first offered, one time for each at a time.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::hours::Stretch;
use crate::id::{UserId, WaitingId};

/// How long a time is held for the one it is offered to.
pub const OFFER_LIFE: SignedDuration = SignedDuration::from_mins(15);
/// Lists that one patient is on.
pub const MOST_LISTS: u16 = 20;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    pub id: WaitingId,
    pub patient: UserId,
    pub doctor: UserId,
    /// The visit must begin in this time.
    pub from: Timestamp,
    pub until: Timestamp,
    pub joined_at: Timestamp,
    /// Who asked for it: the patient, or whoever was let in by them.
    pub joined_by: UserId,
    /// A time is held for them so long.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "jiff::fmt::serde::timestamp::millisecond::optional"
    )]
    pub offered_until: Option<Timestamp>,
}

impl Waiting {
    pub fn wants(&self, time: Stretch) -> bool {
        self.from <= time.from && time.from < self.until
    }

    pub fn has_offer(&self, now: Timestamp) -> bool {
        self.offered_until.is_some_and(|end| now < end)
    }
}
