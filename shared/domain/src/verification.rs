//! The check of a doctor's licence: asked for, reviewed with a reason, and good for as long as the licence is.
//!
//! A doctor whose check does not hold is found by nobody, booked by nobody, and sees no patient.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::id::UserId;
use crate::picture_link::PictureName;
use crate::refusal::{Kind, Refusal};

/// How long an approval lasts when the admin names no end: a licence is looked at once a year.
pub const USUAL_LIFE: SignedDuration = SignedDuration::from_hours(365 * 24);
/// Pictures of papers that one application may have.
pub const MOST_EVIDENCE: usize = 10;
/// Characters of a reviewer's comment.
pub const LONGEST_REASON: usize = 1000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum VerificationStatus {
    Pending,
    Approved,
    Rejected,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    pub status: VerificationStatus,
    pub submitted_at: Timestamp,
    /// What the doctor is told.
    pub reason: Option<String>,
    pub reviewed_by: Option<UserId>,
    pub reviewed_at: Option<Timestamp>,
    /// From then on the approval suspends itself.
    pub valid_until: Option<Timestamp>,
    /// Pictures of the licence and other papers.
    #[serde(default)]
    pub evidence: Vec<PictureName>,
}

/// What an admin decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    pub approve: bool,
    pub reason: Option<String>,
    pub valid_until: Option<Timestamp>,
    pub reviewer: UserId,
}

impl Verification {
    pub fn asked_for(now: Timestamp) -> Self {
        Self {
            status: VerificationStatus::Pending,
            submitted_at: now,
            reason: None,
            reviewed_by: None,
            reviewed_at: None,
            valid_until: None,
            evidence: Vec::new(),
        }
    }

    /// Whether the approval stands at this moment.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.status == VerificationStatus::Approved && self.valid_until.is_none_or(|end| now < end)
    }

    /// Settles it. Nobody is approved without a licence, or until a moment that is past.
    pub fn review(&mut self, review: Review, has_license: bool, now: Timestamp) -> Result<(), ReviewRefused> {
        if review
            .reason
            .as_ref()
            .is_some_and(|text| text.chars().count() > LONGEST_REASON)
        {
            return Err(ReviewRefused::ReasonTooLong);
        }
        let valid_until = review.valid_until.unwrap_or(now + USUAL_LIFE);
        if review.approve && !has_license {
            return Err(ReviewRefused::NoLicense);
        }
        if review.approve && valid_until <= now {
            return Err(ReviewRefused::AlreadyOver);
        }
        self.status = if review.approve {
            VerificationStatus::Approved
        } else {
            VerificationStatus::Rejected
        };
        self.valid_until = review.approve.then_some(valid_until);
        self.reason = review.reason;
        self.reviewed_by = Some(review.reviewer);
        self.reviewed_at = Some(now);
        Ok(())
    }

    /// A new paper puts a rejected application, or one that ran out, before the reviewers again.
    pub fn add_evidence(&mut self, paper: PictureName, now: Timestamp) -> Result<(), ReviewRefused> {
        if self.evidence.len() >= MOST_EVIDENCE {
            return Err(ReviewRefused::TooMuchEvidence);
        }
        self.evidence.push(paper);
        if !self.holds(now) {
            self.reopen(now);
        }
        Ok(())
    }

    /// Puts it before the reviewers again.
    pub fn reopen(&mut self, now: Timestamp) {
        self.status = VerificationStatus::Pending;
        self.submitted_at = now;
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReviewRefused {
    #[error("Status must be approved or rejected")]
    UnknownStatus,
    #[error("A doctor without a license number cannot be approved")]
    NoLicense,
    #[error("The approval must end in the future")]
    AlreadyOver,
    #[error("The comment must have at most 1000 characters")]
    ReasonTooLong,
    #[error("At most 10 documents can be handed in")]
    TooMuchEvidence,
    #[error("Dermatologist not found")]
    NotADoctor,
}

impl Refusal for ReviewRefused {
    fn kind(&self) -> Kind {
        match self {
            ReviewRefused::NotADoctor => Kind::NotFound,
            _ => Kind::BadRequest,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            ReviewRefused::UnknownStatus => "status_unknown",
            ReviewRefused::NoLicense => "license_missing",
            ReviewRefused::AlreadyOver => "validity_over",
            ReviewRefused::ReasonTooLong => "comment_too_long",
            ReviewRefused::TooMuchEvidence => "evidence_too_much",
            ReviewRefused::NotADoctor => "doctor_not_found",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn approval() -> Review {
        Review {
            approve: true,
            reason: None,
            valid_until: None,
            reviewer: UserId::new(Timestamp::UNIX_EPOCH, [1; 6]),
        }
    }

    #[test]
    fn an_approval_holds_until_it_ends() {
        let now = Timestamp::UNIX_EPOCH;
        let mut check = Verification::asked_for(now);
        assert!(!check.holds(now));
        assert_eq!(check.review(approval(), false, now), Err(ReviewRefused::NoLicense));
        check.review(approval(), true, now).unwrap();
        assert!(check.holds(now + SignedDuration::from_hours(364 * 24)));
        assert!(!check.holds(now + USUAL_LIFE));
        let over = Review {
            valid_until: Some(now),
            ..approval()
        };
        assert_eq!(check.review(over, true, now), Err(ReviewRefused::AlreadyOver));
    }

    #[test]
    fn new_papers_reopen_a_rejected_application_and_leave_a_good_one_alone() {
        let now = Timestamp::UNIX_EPOCH;
        let mut check = Verification::asked_for(now);
        check
            .review(
                Review {
                    approve: false,
                    ..approval()
                },
                true,
                now,
            )
            .unwrap();
        check.add_evidence(PictureName::new([1; 16]), now).unwrap();
        assert_eq!(check.status, VerificationStatus::Pending);
        check.review(approval(), true, now).unwrap();
        check.add_evidence(PictureName::new([2; 16]), now).unwrap();
        assert!(check.holds(now));
    }
}
