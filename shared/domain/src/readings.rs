//! What models say of one kept picture: first the reading that the patient was given, then those of newer models.
//!
//! Readings are only ever added, one for each model.

use std::hash::Hash;

use indexmap::IndexMap;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::condition::Condition;
use crate::id::{PredictionId, RecordNumber, UserId};
use crate::picture_link::PictureName;
use crate::prediction::{INCONCLUSIVE, ModelIdentity};
use crate::skin::{Certainty, SkinCondition};
use crate::skin_reading::{Judgement, Outcome, SkinReading, SkinThresholds};

/// A class of a model.
pub trait Named: Copy + Eq + Hash + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// As it is shown.
    fn words(self) -> &'static str;

    /// From which probability on it is said.
    fn threshold(self, of: &SkinThresholds) -> Option<f32>;
}

impl Named for SkinCondition {
    fn words(self) -> &'static str {
        self.label()
    }

    fn threshold(self, of: &SkinThresholds) -> Option<f32> {
        of.classes.get(&self).copied()
    }
}

impl Named for Condition {
    fn words(self) -> &'static str {
        self.title()
    }

    fn threshold(self, of: &SkinThresholds) -> Option<f32> {
        of.conditions.get(&self).copied()
    }
}

/// What one model said, and which model it was. Never changed afterwards.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound = "C: Named")]
pub struct Reading<C: Named> {
    pub condition: C,
    /// Calibrated probability of `condition`, 0 to 1.
    pub confidence: f32,
    /// None in skin records from before it was kept there: see [`Reading::certainty`].
    #[serde(default)]
    certainty: Option<Certainty>,
    /// Whether `condition` may be shown as the answer.
    #[serde(default)]
    pub outcome: Outcome,
    /// A doctor must see it, whatever is named.
    #[serde(default)]
    pub is_referred: bool,
    /// Calibrated probability of every class; they sum to 1.
    pub probabilities: IndexMap<C, f32>,
    pub model: ModelIdentity,
    /// By which the outcome was judged. None in entries from before there were any.
    #[serde(default)]
    pub thresholds: Option<SkinThresholds>,
    #[serde(rename = "created_at")]
    pub at: Timestamp,
}

impl Reading<SkinCondition> {
    /// As the facial-skin product reads a picture.
    pub fn of_classes(seen: SkinReading, thresholds: SkinThresholds, model: ModelIdentity, now: Timestamp) -> Self {
        let judgement = thresholds.judge_class(&seen);
        Self::new(seen.top_class(), judgement, seen.classes, thresholds, model, now)
    }
}

impl Reading<Condition> {
    /// As the dermatology clinic's app does.
    pub fn of_conditions(seen: SkinReading, thresholds: SkinThresholds, model: ModelIdentity, now: Timestamp) -> Self {
        let judgement = thresholds.judge_condition(&seen);
        Self::new(seen.top_condition(), judgement, seen.conditions, thresholds, model, now)
    }
}

impl<C: Named> Reading<C> {
    fn new(
        (condition, confidence): (C, f32),
        Judgement { outcome, is_referred }: Judgement,
        probabilities: IndexMap<C, f32>,
        thresholds: SkinThresholds,
        model: ModelIdentity,
        at: Timestamp,
    ) -> Self {
        Self {
            condition,
            confidence,
            certainty: Some(Certainty::of(confidence)),
            outcome,
            is_referred,
            probabilities,
            model,
            thresholds: Some(thresholds),
            at,
        }
    }

    /// What is shown as the answer: a condition's name, or [`INCONCLUSIVE`].
    pub fn label(&self) -> &'static str {
        match self.outcome {
            Outcome::Named => self.condition.words(),
            Outcome::Inconclusive | Outcome::NotSkin => INCONCLUSIVE,
        }
    }

    pub fn certainty(&self) -> Certainty {
        self.certainty.unwrap_or_else(|| Certainty::of(self.confidence))
    }
}

/// All readings of one picture, and what clinicians have said of them so far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound = "C: Named")]
pub struct Readings<C: Named> {
    /// What the patient was given.
    #[serde(flatten)]
    pub first: Reading<C>,
    /// By newer models, oldest first.
    #[serde(default = "Vec::new")]
    pub later: Vec<Reading<C>>,
    /// How many opinions there are.
    #[serde(default)]
    pub opinions: u32,
    /// The last that a clinician said about the referral.
    #[serde(default)]
    pub referral_word: Option<ReferralWord>,
}

/// What a clinician said about whether a doctor must see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferralWord {
    pub referral: bool,
    /// Up to which reading it holds, from 1. What newer ones suspect, the clinician has not looked at.
    pub reading: u32,
}

impl ReferralWord {
    /// Whether it takes the place of the word that holds so far. What was said of a newer reading is not taken back by
    /// somebody who looked at an older one.
    pub fn replaces(self, so_far: Option<Self>) -> bool {
        self.referral || so_far.is_none_or(|so_far| self.reading >= so_far.reading)
    }
}

impl<C: Named> Readings<C> {
    pub fn new(first: Reading<C>) -> Self {
        Self {
            first,
            later: Vec::new(),
            opinions: 0,
            referral_word: None,
        }
    }

    /// Oldest first.
    pub fn all(&self) -> impl Iterator<Item = &Reading<C>> {
        std::iter::once(&self.first).chain(&self.later)
    }

    /// How many there are: the number of the newest.
    pub fn count(&self) -> u32 {
        u32::try_from(self.all().count()).unwrap_or(u32::MAX)
    }

    /// By its number, from 1.
    pub fn numbered(&self, number: u32) -> Option<&Reading<C>> {
        let place = usize::try_from(number).ok()?.checked_sub(1)?;
        self.all().nth(place)
    }

    pub fn include(&self, model: &ModelIdentity) -> bool {
        self.all().any(|reading| reading.model == *model)
    }

    /// Whether a doctor must see it: if any reading says so, until a clinician says otherwise of that reading.
    pub fn is_referred(&self) -> bool {
        let (word, looked_at) = match self.referral_word {
            Some(word) => (word.referral, usize::try_from(word.reading).unwrap_or(usize::MAX)),
            None => (false, 0),
        };
        word || self.all().skip(looked_at).any(|reading| reading.is_referred)
    }
}

/// Names one result of a patient's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResultId {
    Prediction(PredictionId),
    SkinRecord(RecordNumber),
}

impl From<PredictionId> for ResultId {
    fn from(id: PredictionId) -> Self {
        Self::Prediction(id)
    }
}

impl From<RecordNumber> for ResultId {
    fn from(number: RecordNumber) -> Self {
        Self::SkinRecord(number)
    }
}

/// What is kept of one picture of skin, in either product.
pub trait SkinResult {
    type Class: Named;

    fn id(&self) -> ResultId;
    fn patient(&self) -> UserId;
    fn picture(&self) -> &PictureName;
    fn readings(&self) -> &Readings<Self::Class>;
    fn readings_mut(&mut self) -> &mut Readings<Self::Class>;
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub fn reading(version: &str, is_referred: bool) -> Reading<SkinCondition> {
        Reading {
            condition: SkinCondition::Acne,
            confidence: 0.75,
            certainty: None,
            outcome: Outcome::Named,
            is_referred,
            probabilities: [(SkinCondition::Acne, 0.75)].into_iter().collect(),
            model: ModelIdentity {
                name: "skin".to_owned(),
                version: version.to_owned(),
                weights_sha256: "00".to_owned(),
            },
            thresholds: None,
            at: Timestamp::UNIX_EPOCH,
        }
    }

    fn referred(readings: &[bool], word: Option<(bool, u32)>) -> bool {
        let mut all = readings.iter().map(|is_referred| reading("1", *is_referred));
        let readings = Readings {
            first: all.next().unwrap(),
            later: all.collect(),
            opinions: 0,
            referral_word: word.map(|(referral, reading)| ReferralWord { referral, reading }),
        };
        readings.is_referred()
    }

    #[test]
    fn a_newer_reading_raises_a_referral_and_never_takes_one_back() {
        assert!(!referred(&[false, false], None));
        assert!(referred(&[false, true], None));
        assert!(referred(&[true, false], None));
    }

    #[test]
    fn a_clinician_takes_back_the_referral_of_what_they_looked_at() {
        assert!(!referred(&[true], Some((false, 1))));
        assert!(!referred(&[true, true], Some((false, 2))));
        assert!(referred(&[false, true], Some((false, 1))));
        assert!(referred(&[false, false], Some((true, 1))));
    }

    #[test]
    fn a_word_on_an_older_reading_takes_no_word_on_a_newer_one_back() {
        let word = |referral, reading| ReferralWord { referral, reading };
        for so_far in [word(true, 2), word(false, 2)] {
            assert!(!word(false, 1).replaces(Some(so_far)));
            for said in [word(false, 2), word(false, 3), word(true, 1)] {
                assert!(said.replaces(Some(so_far)));
            }
        }
        assert!(word(false, 1).replaces(None));
    }

    #[test]
    fn readings_are_numbered_from_one_and_known_by_their_model() {
        let mut readings = Readings::new(reading("1", false));
        readings.later.push(reading("2", false));
        let version = |number| readings.numbered(number).map(|reading| reading.model.version.as_str());
        assert_eq!([0, 1, 2, 3].map(version), [None, Some("1"), Some("2"), None]);
        assert_eq!(readings.count(), 2);
        assert!(readings.include(&reading("2", true).model));
        assert!(!readings.include(&reading("3", false).model));
    }

    #[test]
    fn what_was_kept_before_there_were_later_readings_is_still_read() {
        let kept = serde_json::json!({
            "condition": "Acne", "confidence": 0.75, "certainty": "high", "probabilities": { "Acne": 0.75 },
            "model": { "name": "skin", "version": "1", "weights_sha256": "00" },
            "created_at": "1970-01-01T00:00:00Z",
        });
        let readings: Readings<SkinCondition> = serde_json::from_value(kept).unwrap();
        assert_eq!(readings.first.certainty(), Certainty::High);
        assert_eq!(readings.count(), 1);
    }
}
