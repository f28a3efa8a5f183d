//! Conditions of facial skin that the product can name, how sure an answer is, and what people are told.

use serde::{Deserialize, Serialize};

use crate::skin_reading::Outcome;
use std::fmt;

/// A condition the facial-skin classifier answers with; the order is the order of its outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub enum SkinCondition {
    Acne,
    Melanoma,
    Normal,
    #[serde(rename = "Perioral Dermatitis")]
    PerioralDermatitis,
    Rosacea,
    Warts,
}

impl SkinCondition {
    pub const COUNT: usize = 6;

    /// Every condition, in the order of the classifier's outputs.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Acne,
        Self::Melanoma,
        Self::Normal,
        Self::PerioralDermatitis,
        Self::Rosacea,
        Self::Warts,
    ];

    /// Whether a doctor must see it as soon as it is named.
    #[must_use]
    pub const fn is_malignant(self) -> bool {
        matches!(self, Self::Melanoma)
    }

    /// The name on the wire; treatment suggestions are kept under it, so it never changes.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Acne => "Acne",
            Self::Melanoma => "Melanoma",
            Self::Normal => "Normal",
            Self::PerioralDermatitis => "Perioral Dermatitis",
            Self::Rosacea => "Rosacea",
            Self::Warts => "Warts",
        }
    }
}

impl fmt::Display for SkinCondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// How far an answer can be trusted, from its calibrated probability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    Low,
    Moderate,
    High,
}

impl Certainty {
    /// Below this an answer is Low: on validation pictures (by cluster apart from training) 51 of 100 such answers
    /// were right. `training/train_skin.py` in `models` prints the figures.
    pub const MODERATE_FROM: f32 = 0.6;
    /// From this on an answer is High: 94 of 100 were right there, 89 of 100 in between.
    pub const HIGH_FROM: f32 = 0.9;

    /// From the calibrated probability of the first answer, 0 to 1. What is not a number is Low.
    #[must_use]
    pub fn of(top_probability: f32) -> Self {
        if top_probability >= Self::HIGH_FROM {
            Self::High
        } else if top_probability >= Self::MODERATE_FROM {
            Self::Moderate
        } else {
            Self::Low
        }
    }
}

pub const NOT_A_DIAGNOSIS: &str = "This is an automatic comparison with pictures, not a medical diagnosis.";

/// Beside every answer that a doctor must see, whatever it names.
pub const REFERRAL: &str =
    "Something in the picture could be serious: have it seen by a doctor soon, whatever else is said here.";

/// Where the model cannot tell.
#[must_use]
pub fn advice_without_answer(outcome: Outcome) -> String {
    let why = match outcome {
        Outcome::NotSkin => "The picture does not seem to show skin close enough.",
        Outcome::Named | Outcome::Inconclusive => "The model cannot tell what this is.",
    };
    format!(
        "{why} Another picture, close, sharp and in even light, may help; if something worries you, have it seen by a doctor. {NOT_A_DIAGNOSIS}"
    )
}

/// What a patient is told beside an answer. It never claims an illness or rules one out.
#[must_use]
pub fn advice(condition: SkinCondition, certainty: Certainty) -> String {
    let seen = match condition {
        // Whatever the certainty: a missed melanoma costs more than a needless visit.
        SkinCondition::Melanoma => {
            "A spot like this should be seen: have this seen by a doctor soon, whatever the figure beside it says."
        }
        SkinCondition::Normal => {
            "Nothing in the picture stood out to the model. It can miss things: if something worries you or changes, have it seen by a doctor."
        }
        SkinCondition::Acne | SkinCondition::PerioralDermatitis | SkinCondition::Rosacea | SkinCondition::Warts => {
            "If it bothers you, spreads or does not get better, have it seen by a doctor."
        }
    };
    match certainty {
        Certainty::Low => format!(
            "The model is not sure about this picture; another one, close and in even light, may help. {seen} {NOT_A_DIAGNOSIS}"
        ),
        Certainty::Moderate => format!(
            "The picture looks most like {condition}, though other conditions look alike. {seen} {NOT_A_DIAGNOSIS}"
        ),
        Certainty::High => format!("The picture looks like {condition}. {seen} {NOT_A_DIAGNOSIS}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_written_as_its_label() {
        for condition in SkinCondition::ALL {
            let written = serde_json::to_value(condition).ok();
            assert_eq!(written, Some(condition.label().into()));
        }
    }

    #[test]
    fn certainty_rises_with_probability_and_nonsense_is_low() {
        assert_eq!(Certainty::of(f32::NAN), Certainty::Low);
        assert_eq!(Certainty::of(0.2), Certainty::Low);
        assert_eq!(Certainty::of(Certainty::MODERATE_FROM), Certainty::Moderate);
        assert_eq!(Certainty::of(Certainty::HIGH_FROM), Certainty::High);
        assert!(Certainty::Low < Certainty::High);
    }

    #[test]
    fn a_suspected_melanoma_is_always_sent_to_a_doctor() {
        for certainty in [Certainty::Low, Certainty::Moderate, Certainty::High] {
            assert!(advice(SkinCondition::Melanoma, certainty).contains("have this seen by a doctor"));
        }
    }

    #[test]
    fn low_certainty_is_said_and_nothing_is_called_a_diagnosis() {
        for condition in SkinCondition::ALL {
            assert!(advice(condition, Certainty::Low).contains("not sure"));
            assert!(!advice(condition, Certainty::Low).contains(condition.label()));
            assert!(advice(condition, Certainty::High).contains("not a medical diagnosis"));
        }
    }
}
