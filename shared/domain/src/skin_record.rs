//! A diagnosis of the dermatology clinic's app, as it is kept.

use indexmap::IndexMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::condition::Condition;
use crate::id::{RecordNumber, UserId};
use crate::picture_link::PictureName;
use crate::prediction::{INCONCLUSIVE, ModelIdentity};
use crate::refusal::{Kind, Refusal};
use crate::skin;
use crate::skin_reading::{Outcome, SkinThresholds};

/// Characters of a patient's notes.
pub const LONGEST_NOTES: usize = 5_000;
/// Below this a consultation is recommended (contract #92).
const SURE: f32 = 0.9;

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct SkinRecord {
    pub number: RecordNumber,
    pub patient: UserId,
    pub picture: PictureName,
    pub condition: Condition,
    /// Calibrated, 0 to 1.
    pub confidence: f32,
    pub outcome: Outcome,
    pub is_referred: bool,
    pub probabilities: IndexMap<Condition, f32>,
    pub model: ModelIdentity,
    pub thresholds: SkinThresholds,
    /// In the patient's words.
    pub notes: Option<String>,
    pub consultation_asked_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

impl SkinRecord {
    pub fn label(&self) -> &'static str {
        match self.outcome {
            Outcome::Named => self.condition.title(),
            Outcome::Inconclusive | Outcome::NotSkin => INCONCLUSIVE,
        }
    }

    pub fn recommends_consultation(&self) -> bool {
        let is_clear = self.outcome == Outcome::Named && self.confidence >= SURE;
        !is_clear || self.is_referred || self.consultation_asked_at.is_some()
    }

    /// What to tell the patient. It never claims an illness or rules one out.
    pub fn advice(&self) -> String {
        let said = match self.outcome {
            Outcome::Named => format!(
                "The picture looks most like {}. {} {}",
                self.condition.title(),
                self.condition.advice(),
                skin::NOT_A_DIAGNOSIS
            ),
            outcome => skin::advice_without_answer(outcome),
        };
        match self.is_referred {
            true => format!("{} {said}", skin::REFERRAL),
            false => said,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SkinRecordRefused {
    #[error("Record not found or not yours")]
    NotFound,
}

impl Refusal for SkinRecordRefused {
    fn kind(&self) -> Kind {
        Kind::NotFound
    }

    fn code(&self) -> &'static str {
        "record_not_found"
    }
}
