//! Review requests: a patient asks a doctor for an opinion on a prediction, and gets one, or is declined.
//!
//! An opinion is signed: it names who gave it, under which licence, and what it judged: that prediction of that model.

use std::fmt;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{PredictionId, ReviewRequestId, UserId};
use crate::notice::Reference;
use crate::prediction::{ModelIdentity, Prediction};
use crate::refusal::{FieldError, Kind, Refusal};
use crate::signing::joined;
use crate::skin::SkinCondition;
use crate::skin_reading::Outcome;

const LONGEST_MESSAGE: usize = 1_000;
const LONGEST_COMMENT: usize = 2_000;
/// Requests on one prediction that may be open at once.
pub const MOST_OPEN: u8 = 20;

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ReviewRequest {
    pub id: ReviewRequestId,
    pub prediction: PredictionId,
    pub patient: UserId,
    pub doctor: UserId,
    pub status: ReviewStatus,
    /// What the patient asks.
    pub message: Option<String>,
    /// Once it is settled, and never changed afterwards.
    pub opinion: Option<Opinion>,
    pub created_at: Timestamp,
}

/// It holds health data.
impl fmt::Debug for ReviewRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReviewRequest({}, {:?}, [redacted])", self.id, self.status)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ReviewStatus {
    Pending,
    Reviewed,
    Rejected,
}

impl ReviewStatus {
    pub const ALL: [ReviewStatus; 3] = [ReviewStatus::Pending, ReviewStatus::Reviewed, ReviewStatus::Rejected];

    /// As on the wire.
    pub fn word(self) -> &'static str {
        match self {
            ReviewStatus::Pending => "pending",
            ReviewStatus::Reviewed => "reviewed",
            ReviewStatus::Rejected => "rejected",
        }
    }
}

/// What a doctor answered, with what makes it theirs.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Opinion {
    pub reviewer: UserId,
    /// The licence number at that time.
    pub license: Option<String>,
    /// None only where a request was declined without a word.
    pub comment: Option<String>,
    pub judged: Judged,
    pub at: Timestamp,
    /// A keyed hash over all of the above and the request: proof that it is as it was given.
    #[serde(default)]
    pub signature: String,
}

/// Which answer of which model.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    pub prediction: PredictionId,
    pub condition: SkinCondition,
    /// Whether the condition was shown as the answer.
    pub outcome: Outcome,
    pub confidence: f32,
    pub model: ModelIdentity,
}

impl Judged {
    /// The reading that the patient was given, whatever newer models say: it is what the request shows.
    pub fn of(prediction: &Prediction) -> Self {
        let reading = &prediction.readings.first;
        Self {
            prediction: prediction.id,
            condition: reading.condition,
            outcome: reading.outcome,
            confidence: reading.confidence,
            model: reading.model.clone(),
        }
    }
}

/// What a doctor does with a request.
#[derive(Clone, PartialEq, Eq)]
pub enum Verdict {
    Review(String),
    Reject(Option<String>),
}

impl Verdict {
    pub fn review(comment: &str) -> Result<Self, ReviewRequestRefused> {
        let comment = text("comment", Some(comment), LONGEST_COMMENT)?;
        comment.map(Self::Review).ok_or(ReviewRequestRefused::Empty("comment"))
    }

    pub fn reject(reason: Option<&str>) -> Result<Self, ReviewRequestRefused> {
        Ok(Self::Reject(text("comment", reason, LONGEST_COMMENT)?))
    }

    pub fn status(&self) -> ReviewStatus {
        match self {
            Verdict::Review(_) => ReviewStatus::Reviewed,
            Verdict::Reject(_) => ReviewStatus::Rejected,
        }
    }

    fn comment(&self) -> Option<String> {
        match self {
            Verdict::Review(comment) => Some(comment.clone()),
            Verdict::Reject(reason) => reason.clone(),
        }
    }
}

impl ReviewRequest {
    pub fn ask(
        id: ReviewRequestId,
        patient: UserId,
        doctor: UserId,
        prediction: PredictionId,
        message: Option<&str>,
        now: Timestamp,
    ) -> Result<Self, ReviewRequestRefused> {
        Ok(Self {
            id,
            prediction,
            patient,
            doctor,
            status: ReviewStatus::Pending,
            message: text("message", message, LONGEST_MESSAGE)?,
            opinion: None,
            created_at: now,
        })
    }

    /// Whether somebody is one of the two people in it: for all others it does not exist.
    pub fn is_between(&self, user: UserId) -> bool {
        user == self.patient || user == self.doctor
    }

    pub fn reference(&self) -> Reference {
        Reference {
            request_id: Some(self.id),
            prediction_id: Some(self.prediction),
            ..Reference::default()
        }
    }

    /// Settled once: the first answer stands.
    pub fn settled(
        &self,
        verdict: &Verdict,
        license: Option<String>,
        prediction: &Prediction,
        now: Timestamp,
    ) -> Result<Self, ReviewRequestRefused> {
        if self.status != ReviewStatus::Pending {
            return Err(ReviewRequestRefused::Settled(self.status));
        }
        let opinion = Opinion {
            reviewer: self.doctor,
            license,
            comment: verdict.comment(),
            judged: Judged::of(prediction),
            at: now,
            signature: String::new(),
        };
        Ok(Self {
            status: verdict.status(),
            opinion: Some(opinion),
            ..self.clone()
        })
    }

    /// What the signature of its opinion is over; none where there is no opinion.
    pub fn to_be_signed(&self) -> Option<String> {
        let opinion = self.opinion.as_ref()?;
        let judged = &opinion.judged;
        let parts = [
            self.id.to_string(),
            self.patient.to_string(),
            self.status.word().to_owned(),
            opinion.reviewer.to_string(),
            opinion.license.clone().unwrap_or_default(),
            opinion.comment.clone().unwrap_or_default(),
            judged.prediction.to_string(),
            judged.condition.label().to_owned(),
            judged.outcome.word().to_owned(),
            format!("{:.6}", judged.confidence),
            judged.model.name.clone(),
            judged.model.version.clone(),
            judged.model.weights_sha256.clone(),
            opinion.at.to_string(),
        ];
        Some(joined(&parts))
    }

    pub fn signed(mut self, signature: String) -> Self {
        if let Some(opinion) = &mut self.opinion {
            opinion.signature = signature;
        }
        self
    }
}

/// None for what is absent or blank.
pub(crate) fn text(
    field: &'static str,
    text: Option<&str>,
    limit: usize,
) -> Result<Option<String>, ReviewRequestRefused> {
    let text = text.unwrap_or_default().trim();
    match text.chars().count() {
        0 => Ok(None),
        length if length > limit => Err(ReviewRequestRefused::TooLong { field, limit }),
        _ => Ok(Some(text.to_owned())),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReviewRequestRefused {
    #[error("{0} is required")]
    Empty(&'static str),
    #[error("{field} must have at most {limit} characters")]
    TooLong { field: &'static str, limit: usize },
    #[error("Invalid review request id")]
    MalformedId,
    #[error("Review request not found")]
    NotFound,
    #[error("Prediction not found")]
    NoPrediction,
    #[error("Dermatologist not found")]
    NoDoctor,
    #[error("The selected user is not a dermatologist")]
    NotADoctor,
    #[error("A review request for this prediction and dermatologist already exists")]
    Exists,
    #[error("There are too many open review requests for this prediction")]
    TooMany,
    #[error("Review request already {}", .0.word())]
    Settled(ReviewStatus),
}

impl Refusal for ReviewRequestRefused {
    fn kind(&self) -> Kind {
        match self {
            ReviewRequestRefused::Empty(_) | ReviewRequestRefused::TooLong { .. } => Kind::Invalid,
            ReviewRequestRefused::MalformedId
            | ReviewRequestRefused::NotADoctor
            | ReviewRequestRefused::TooMany
            | ReviewRequestRefused::Settled(_) => Kind::BadRequest,
            ReviewRequestRefused::NotFound | ReviewRequestRefused::NoPrediction | ReviewRequestRefused::NoDoctor => {
                Kind::NotFound
            }
            ReviewRequestRefused::Exists => Kind::Conflict,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            ReviewRequestRefused::Empty(_) | ReviewRequestRefused::TooLong { .. } => "validation_error",
            ReviewRequestRefused::MalformedId => "review_request_id_malformed",
            ReviewRequestRefused::NotFound => "review_request_not_found",
            ReviewRequestRefused::NoPrediction => "prediction_not_found",
            ReviewRequestRefused::NoDoctor => "doctor_not_found",
            ReviewRequestRefused::NotADoctor => "not_a_doctor",
            ReviewRequestRefused::Exists => "review_request_exists",
            ReviewRequestRefused::TooMany => "review_requests_too_many",
            ReviewRequestRefused::Settled(_) => "review_request_settled",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            ReviewRequestRefused::Empty(field) => vec![FieldError::new("body", field, "missing", "is required")],
            ReviewRequestRefused::TooLong { field, .. } => vec![FieldError::new("body", field, "too_long", self)],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture_link::PictureName;
    use crate::prediction::{ReportDay, ReportNumber};
    use crate::readings::Readings;
    use crate::readings::tests::reading;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn prediction() -> Prediction {
        Prediction {
            id: PredictionId::new(NOW, [1; 6]),
            patient: UserId::new(NOW, [2; 6]),
            report: ReportNumber::new(ReportDay::of(NOW), 1),
            picture: PictureName::new([3; 16]),
            readings: Readings::new(reading("1", false)),
        }
    }

    fn request(message: Option<&str>) -> Result<ReviewRequest, ReviewRequestRefused> {
        let (patient, doctor) = (UserId::new(NOW, [2; 6]), UserId::new(NOW, [4; 6]));
        let id = ReviewRequestId::new(NOW, [5; 6]);
        ReviewRequest::ask(id, patient, doctor, prediction().id, message, NOW)
    }

    #[test]
    fn the_first_answer_stands() {
        let asked = request(Some(" Is it bad? ")).unwrap();
        assert_eq!(asked.message.as_deref(), Some("Is it bad?"));
        let verdict = Verdict::review("It is not.").unwrap();
        let settled = asked
            .settled(&verdict, Some("LIC-1".to_owned()), &prediction(), NOW)
            .unwrap();
        assert_eq!(settled.status, ReviewStatus::Reviewed);
        let again = settled.settled(&Verdict::Reject(None), None, &prediction(), NOW);
        assert_eq!(again, Err(ReviewRequestRefused::Settled(ReviewStatus::Reviewed)));
        assert!(!format!("{settled:?}").contains("not."));
    }

    #[test]
    fn a_signature_is_over_every_part_of_an_opinion() {
        let asked = request(None).unwrap();
        assert_eq!(asked.to_be_signed(), None);
        let verdict = Verdict::review("It is not.").unwrap();
        let settle = |license: &str, prediction: &Prediction| {
            let settled = asked.settled(&verdict, Some(license.to_owned()), prediction, NOW);
            settled.unwrap().to_be_signed()
        };
        let other_model = Prediction {
            readings: Readings::new(reading("2", false)),
            ..prediction()
        };
        let usual = settle("LIC-1", &prediction());
        assert_eq!(usual, settle("LIC-1", &prediction()));
        assert_ne!(usual, settle("LIC-2", &prediction()));
        assert_ne!(usual, settle("LIC-1", &other_model));
    }

    #[test]
    fn what_is_empty_or_endless_is_refused() {
        assert_eq!(Verdict::review(" ").err(), Some(ReviewRequestRefused::Empty("comment")));
        assert!(Verdict::review(&"x".repeat(LONGEST_COMMENT)).is_ok());
        assert!(Verdict::review(&"x".repeat(LONGEST_COMMENT + 1)).is_err());
        assert!(Verdict::reject(Some("")).is_ok_and(|verdict| verdict == Verdict::Reject(None)));
        assert!(request(Some(&"x".repeat(LONGEST_MESSAGE + 1))).is_err());
    }
}
