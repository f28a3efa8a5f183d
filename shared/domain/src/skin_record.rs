//! A diagnosis of the dermatology clinic's app, as it is kept.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::condition::Condition;
use crate::id::{AppointmentId, RecordNumber, UserId};
use crate::picture_link::PictureName;
use crate::readings::{Reading, Readings, ResultId, SkinResult};
use crate::refusal::{FieldError, Kind, Refusal};
use crate::skin;
use crate::skin_reading::Outcome;

/// Characters of a patient's notes.
const LONGEST_NOTES: usize = 5_000;
/// Below this a consultation is recommended (contract #92).
const SURE: f32 = 0.9;

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct SkinRecord {
    pub number: RecordNumber,
    pub patient: UserId,
    pub picture: PictureName,
    #[serde(flatten)]
    pub readings: Readings<Condition>,
    /// In the patient's words.
    pub notes: Option<String>,
    pub consultation_asked_at: Option<Timestamp>,
    /// The latest visit that was booked about it.
    #[serde(default)]
    pub appointment: Option<AppointmentId>,
}

impl SkinResult for SkinRecord {
    type Class = Condition;

    fn id(&self) -> ResultId {
        ResultId::SkinRecord(self.number)
    }

    fn patient(&self) -> UserId {
        self.patient
    }

    fn picture(&self) -> &PictureName {
        &self.picture
    }

    fn readings(&self) -> &Readings<Condition> {
        &self.readings
    }

    fn readings_mut(&mut self) -> &mut Readings<Condition> {
        &mut self.readings
    }
}

impl SkinRecord {
    /// As soon as one reading leaves a doubt.
    pub fn recommends_consultation(&self) -> bool {
        let is_clear = |reading: &Reading<Condition>| reading.outcome == Outcome::Named && reading.confidence >= SURE;
        let all_clear = self.readings.all().all(is_clear);
        !all_clear || self.readings.is_referred() || self.consultation_asked_at.is_some()
    }

    /// What to tell the patient. It never claims an illness or rules one out.
    pub fn advice(&self) -> String {
        let first = &self.readings.first;
        let said = match first.outcome {
            Outcome::Named => format!(
                "The picture looks most like {}. {} {}",
                first.condition.title(),
                first.condition.advice(),
                skin::NOT_A_DIAGNOSIS
            ),
            outcome => skin::advice_without_answer(outcome),
        };
        match self.readings.is_referred() {
            true => format!("{} {said}", skin::REFERRAL),
            false => said,
        }
    }
}

/// Notes as they may be kept: whole. None for what is absent or blank.
pub fn checked_notes(notes: Option<String>) -> Result<Option<String>, SkinRecordRefused> {
    let notes = notes.filter(|notes| !notes.trim().is_empty());
    let is_too_long = |notes: &String| notes.chars().count() > LONGEST_NOTES;
    if notes.as_ref().is_some_and(is_too_long) {
        return Err(SkinRecordRefused::NotesTooLong);
    }
    Ok(notes)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SkinRecordRefused {
    #[error("notes must have at most {LONGEST_NOTES} characters")]
    NotesTooLong,
    #[error("Record not found or not yours")]
    NotFound,
}

impl Refusal for SkinRecordRefused {
    fn kind(&self) -> Kind {
        match self {
            SkinRecordRefused::NotesTooLong => Kind::Invalid,
            SkinRecordRefused::NotFound => Kind::NotFound,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            SkinRecordRefused::NotesTooLong => "validation_error",
            SkinRecordRefused::NotFound => "record_not_found",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            SkinRecordRefused::NotesTooLong => vec![FieldError::new("body", "notes", "too_long", self)],
            SkinRecordRefused::NotFound => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_kept_whole_or_refused() {
        let longest = "ñ".repeat(LONGEST_NOTES);
        assert_eq!(checked_notes(Some(longest.clone())), Ok(Some(longest.clone())));
        assert_eq!(checked_notes(Some(longest + "ñ")), Err(SkinRecordRefused::NotesTooLong));
        for blank in [None, Some(" \n".to_owned())] {
            assert_eq!(checked_notes(blank), Ok(None));
        }
    }
}
