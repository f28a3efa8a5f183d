//! Breaking the glass: in an emergency a doctor reads the records of a patient who has not let them in.
//!
//! It is for one patient, for an hour, and for reading alone. The doctor says why and has just signed in; patient and
//! admins hear of it at once, and an admin says afterwards whether it was justified.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{EmergencyAccessId, UserId};
use crate::refusal::{FieldError, Kind, Refusal};

/// How long it lasts.
pub const LASTS: SignedDuration = SignedDuration::from_mins(60);
/// How long ago the doctor may have signed in: whoever finds an open device cannot use it for this.
pub const FRESH_SIGN_IN: SignedDuration = SignedDuration::from_mins(15);

const SHORTEST_REASON: usize = 10;
const LONGEST_REASON: usize = 500;

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmergencyAccess {
    pub id: EmergencyAccessId,
    pub patient: UserId,
    pub doctor: UserId,
    pub reason: String,
    pub opened_at: Timestamp,
    pub until: Timestamp,
    /// Once an admin has looked at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed: Option<Reviewed>,
}

/// The reason may hold health data.
impl fmt::Debug for EmergencyAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EmergencyAccess({}, [redacted])", self.id)
    }
}

/// What an admin found afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "EmergencyAccessReview")]
pub struct Reviewed {
    pub by: UserId,
    #[schemars(with = "String")]
    pub at: Timestamp,
    pub outcome: Outcome,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "EmergencyAccessOutcome")]
pub enum Outcome {
    Justified,
    Unjustified,
}

impl EmergencyAccess {
    /// `signed_in_at`: when the doctor's session began.
    pub fn open(
        id: EmergencyAccessId,
        (patient, doctor): (UserId, UserId),
        reason: &str,
        signed_in_at: Timestamp,
        now: Timestamp,
    ) -> Result<Self, EmergencyRefused> {
        let reason = reason.trim();
        if !(SHORTEST_REASON..=LONGEST_REASON).contains(&reason.chars().count()) {
            return Err(EmergencyRefused::Reason);
        }
        if patient == doctor {
            return Err(EmergencyRefused::Oneself);
        }
        if now.duration_since(signed_in_at) > FRESH_SIGN_IN {
            return Err(EmergencyRefused::SignInAgain);
        }
        Ok(Self {
            id,
            patient,
            doctor,
            reason: reason.to_owned(),
            opened_at: now,
            until: now + LASTS,
            reviewed: None,
        })
    }

    pub fn stands(&self, now: Timestamp) -> bool {
        now < self.until
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmergencyRefused {
    #[error("reason must have {SHORTEST_REASON} to {LONGEST_REASON} characters")]
    Reason,
    #[error("Your own records need no emergency")]
    Oneself,
    #[error("Sign in again to do this: your sign-in is more than 15 minutes old")]
    SignInAgain,
    #[error("Only verified doctors can do this")]
    NotVerified,
    #[error("You have opened as many patients' records in an emergency as a day allows")]
    TooMany,
    #[error("Emergency access not found")]
    NotFound,
    #[error("The emergency access was reviewed already")]
    AlreadyReviewed,
}

impl Refusal for EmergencyRefused {
    fn kind(&self) -> Kind {
        match self {
            EmergencyRefused::Reason => Kind::Invalid,
            EmergencyRefused::Oneself => Kind::BadRequest,
            EmergencyRefused::SignInAgain | EmergencyRefused::NotVerified => Kind::Forbidden,
            EmergencyRefused::TooMany => Kind::TooManyRequests,
            EmergencyRefused::NotFound => Kind::NotFound,
            EmergencyRefused::AlreadyReviewed => Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            EmergencyRefused::Reason => "validation_error",
            EmergencyRefused::Oneself => "own_records",
            EmergencyRefused::SignInAgain => "sign_in_again",
            EmergencyRefused::NotVerified => "verified_doctors_only",
            EmergencyRefused::TooMany => "emergencies_too_many",
            EmergencyRefused::NotFound => "emergency_access_not_found",
            EmergencyRefused::AlreadyReviewed => "emergency_access_reviewed",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            EmergencyRefused::Reason => vec![FieldError::new("body", "reason", "invalid", self)],
            _ => Vec::new(),
        }
    }

    fn retry_after_seconds(&self) -> Option<u64> {
        matches!(self, EmergencyRefused::TooMany).then_some(3600)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(number: u8) -> UserId {
        UserId::new(Timestamp::UNIX_EPOCH, [number; 6])
    }

    fn open(reason: &str, doctor: u8, signed_in_minutes_ago: i64) -> Result<EmergencyAccess, EmergencyRefused> {
        let now = Timestamp::from_second(1_000_000).unwrap();
        let signed_in_at = now - SignedDuration::from_mins(signed_in_minutes_ago);
        let id = EmergencyAccessId::new(now, [3; 6]);
        EmergencyAccess::open(id, (user(1), user(doctor)), reason, signed_in_at, now)
    }

    #[test]
    fn it_takes_a_reason_and_a_fresh_sign_in() {
        let access = open("  Unconscious, no relatives here  ", 2, 15).unwrap();
        assert_eq!(access.reason, "Unconscious, no relatives here");
        assert!(!format!("{access:?}").contains("Unconscious"));
        for reason in ["", "too short", &" ".repeat(30), &"x".repeat(501)] {
            assert_eq!(open(reason, 2, 0).err(), Some(EmergencyRefused::Reason));
        }
        assert!(open(&"x".repeat(500), 2, 0).is_ok());
        assert_eq!(
            open("Unconscious here", 2, 16).err(),
            Some(EmergencyRefused::SignInAgain)
        );
        assert_eq!(open("Unconscious here", 1, 0).err(), Some(EmergencyRefused::Oneself));
    }

    #[test]
    fn it_lasts_an_hour() {
        let access = open("Unconscious here", 2, 0).unwrap();
        let last = access.opened_at + LASTS - SignedDuration::from_millis(1);
        assert!(access.stands(access.opened_at) && access.stands(last));
        assert!(!access.stands(access.opened_at + LASTS));
    }
}
