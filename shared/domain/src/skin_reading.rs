//! What may be made of what the skin model says: an answer, "I cannot tell", or "this is no skin"; and who is referred.
//!
//! The thresholds are the model's own, chosen on validation pictures by `training/calibrate.py` of `models`.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::condition::Condition;
use crate::skin::SkinCondition;

/// A suspicion counts from here on, though an answer takes more ([`SkinThresholds::skin`]): what looks too odd for an
/// answer may be odd because it is malignant. The model's page in `models` says what this bound finds and costs.
pub const LIKELY_SKIN: f32 = 0.9;

/// Calibrated probabilities, as one look at a picture gives them.
#[derive(Debug, Clone, PartialEq)]
pub struct SkinReading {
    /// That the picture shows skin.
    pub skin: f32,
    /// That it shows teeth.
    pub teeth: f32,
    /// Of the six classes of the facial-skin product; they sum to 1.
    pub classes: IndexMap<SkinCondition, f32>,
    /// Of the broader classifier's conditions; they sum to 1.
    pub conditions: IndexMap<Condition, f32>,
}

/// From which probability on something is said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SkinThresholds {
    pub skin: f32,
    pub classes: IndexMap<SkinCondition, f32>,
    pub conditions: IndexMap<Condition, f32>,
    /// The six classes are named only where the broader classifier finds one of these conditions likely enough.
    pub scope: f32,
    pub scope_conditions: Vec<Condition>,
    pub melanoma_referral: f32,
    /// For the sum over `malignant_conditions`.
    pub malignant_referral: f32,
    pub malignant_conditions: Vec<Condition>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The first answer is good enough to be shown.
    #[default]
    Named,
    /// Skin, but no answer is good enough.
    Inconclusive,
    NotSkin,
}

impl Outcome {
    /// As it is signed: never another word for the same thing.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Named => "named",
            Outcome::Inconclusive => "inconclusive",
            Outcome::NotSkin => "not_skin",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    pub outcome: Outcome,
    /// A doctor must see it, whatever else is said.
    pub is_referred: bool,
}

impl SkinReading {
    pub fn top_class(&self) -> (SkinCondition, f32) {
        first(&self.classes).unwrap_or((SkinCondition::Normal, 0.0))
    }

    pub fn top_condition(&self) -> (Condition, f32) {
        first(&self.conditions).unwrap_or((Condition::Normal, 0.0))
    }

    fn sum(&self, of: &[Condition]) -> f32 {
        of.iter().filter_map(|condition| self.conditions.get(condition)).sum()
    }
}

impl SkinThresholds {
    /// For the six classes.
    pub fn judge_class(&self, reading: &SkinReading) -> Judgement {
        let (class, probability) = reading.top_class();
        let is_in_scope = reading.sum(&self.scope_conditions) >= self.scope;
        let is_clear = is_in_scope && reaches(probability, self.classes.get(&class));
        self.judge(reading, is_clear, class.is_malignant())
    }

    /// For the broader classifier's conditions.
    pub fn judge_condition(&self, reading: &SkinReading) -> Judgement {
        let (condition, probability) = reading.top_condition();
        let is_clear = reaches(probability, self.conditions.get(&condition));
        self.judge(reading, is_clear, condition.is_malignant())
    }

    /// `is_malignant`: what is named, at less than a referral takes perhaps.
    fn judge(&self, reading: &SkinReading, is_clear: bool, is_malignant: bool) -> Judgement {
        let melanoma = reading.classes.get(&SkinCondition::Melanoma).copied();
        let malignant = reading.sum(&self.malignant_conditions);
        let is_likely = melanoma.unwrap_or(0.0) >= self.melanoma_referral || malignant >= self.malignant_referral;
        let is_skin = reading.skin >= self.skin;
        Judgement {
            outcome: match (is_skin, is_clear) {
                (false, _) => Outcome::NotSkin,
                (true, false) => Outcome::Inconclusive,
                (true, true) => Outcome::Named,
            },
            is_referred: reading.skin >= LIKELY_SKIN.min(self.skin) && (is_likely || is_clear && is_malignant),
        }
    }
}

/// What has no threshold is never said; what is no number reaches none.
fn reaches(probability: f32, threshold: Option<&f32>) -> bool {
    threshold.is_some_and(|threshold| probability >= *threshold)
}

fn first<K: Copy>(probabilities: &IndexMap<K, f32>) -> Option<(K, f32)> {
    let mut best = None;
    for (key, probability) in probabilities {
        if best.is_none_or(|(_, most)| *probability > most) {
            best = Some((*key, *probability));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn thresholds() -> SkinThresholds {
        SkinThresholds {
            skin: 0.9,
            classes: SkinCondition::ALL.map(|class| (class, 0.5)).into_iter().collect(),
            conditions: [(Condition::Acne, 0.3), (Condition::Melanoma, 0.3)]
                .into_iter()
                .collect(),
            scope: 0.1,
            scope_conditions: vec![Condition::Acne, Condition::Melanoma],
            melanoma_referral: 0.4,
            malignant_referral: 0.05,
            malignant_conditions: vec![Condition::Melanoma],
        }
    }

    fn reading(skin: f32, acne: f32, melanoma: f32, conditions: [f32; 2]) -> SkinReading {
        let [acne_condition, melanoma_condition] = conditions;
        SkinReading {
            skin,
            teeth: 0.0,
            classes: [(SkinCondition::Acne, acne), (SkinCondition::Melanoma, melanoma)].into(),
            conditions: [
                (Condition::Acne, acne_condition),
                (Condition::Melanoma, melanoma_condition),
            ]
            .into(),
        }
    }

    #[test]
    fn a_clear_answer_is_named_and_a_weak_or_foreign_one_is_not() {
        let outcome = |reading| thresholds().judge_class(&reading).outcome;
        assert_eq!(outcome(reading(1.0, 0.9, 0.0, [0.9, 0.0])), Outcome::Named);
        assert_eq!(outcome(reading(1.0, 0.4, 0.0, [0.9, 0.0])), Outcome::Inconclusive);
        assert_eq!(outcome(reading(1.0, 0.9, 0.0, [0.05, 0.0])), Outcome::Inconclusive);
        assert_eq!(outcome(reading(0.5, 0.9, 0.0, [0.9, 0.0])), Outcome::NotSkin);
        assert_eq!(outcome(reading(f32::NAN, 0.9, 0.0, [0.9, 0.0])), Outcome::NotSkin);
    }

    #[test]
    fn what_is_hardly_taken_for_skin_is_referred_on_suspicion_and_other_things_are_not() {
        let mut thresholds = thresholds();
        thresholds.skin = 0.99;
        let judged = |skin| thresholds.judge_condition(&reading(skin, 0.1, 0.5, [0.6, 0.4]));
        let odd = judged(0.95);
        assert_eq!((odd.outcome, odd.is_referred), (Outcome::NotSkin, true));
        let other = judged(0.85);
        assert_eq!((other.outcome, other.is_referred), (Outcome::NotSkin, false));
        assert!(!judged(f32::NAN).is_referred);
    }

    proptest! {
        #[test]
        fn nothing_malignant_is_named_without_a_referral(
            skin in 0.0f32..1.0, acne in 0.0f32..1.0, melanoma in 0.0f32..1.0,
            other in 0.0f32..1.0, malignant in 0.0f32..1.0, least in 0.0f32..1.0, referral in 0.0f32..1.0,
        ) {
            let mut thresholds = thresholds();
            thresholds.classes.insert(SkinCondition::Melanoma, least);
            thresholds.conditions.insert(Condition::Melanoma, least);
            (thresholds.melanoma_referral, thresholds.malignant_referral) = (referral, referral);
            let reading = reading(skin, acne, melanoma, [other, malignant]);
            let class = thresholds.judge_class(&reading);
            let is_named = class.outcome == Outcome::Named && reading.top_class().0 == SkinCondition::Melanoma;
            prop_assert!(!is_named || class.is_referred);
            let condition = thresholds.judge_condition(&reading);
            let is_named = condition.outcome == Outcome::Named && reading.top_condition().0 == Condition::Melanoma;
            prop_assert!(!is_named || condition.is_referred);
        }

        #[test]
        fn a_suspected_melanoma_is_referred_whatever_is_named(
            acne in 0.0f32..1.0, melanoma in 0.4f32..1.0, other in 0.0f32..1.0,
        ) {
            let reading = reading(1.0, acne, melanoma, [other, 0.0]);
            prop_assert!(thresholds().judge_class(&reading).is_referred);
            prop_assert!(thresholds().judge_condition(&reading).is_referred);
        }

        #[test]
        fn so_is_a_small_chance_of_anything_malignant(malignant in 0.05f32..1.0, acne in 0.0f32..1.0) {
            let reading = reading(1.0, acne, 0.0, [acne, malignant]);
            prop_assert!(thresholds().judge_class(&reading).is_referred);
            prop_assert!(thresholds().judge_condition(&reading).is_referred);
        }
    }
}
