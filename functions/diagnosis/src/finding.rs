//! What a prediction says, as all answers show it.

use domain::prediction::{ModelIdentity, Prediction};
use domain::skin::{Certainty, SkinCondition};
use domain::skin_reading::Outcome;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Serialize, JsonSchema)]
pub struct Finding {
    /// A condition, or `Inconclusive` where the model cannot tell.
    predicted_label: &'static str,
    outcome: Outcome,
    /// A doctor must see it, whatever is named. Must be shown.
    referral: bool,
    /// Calibrated probability of the label, 0 to 1, three decimals.
    confidence_score: f64,
    /// How far to trust it. `low` must be shown as "not sure".
    certainty: Certainty,
    all_probabilities: IndexMap<SkinCondition, f64>,
    model: ModelIdentity,
    /// Of the model, by which it was judged.
    thresholds: Option<Thresholds>,
}

/// The three numbers that this answer hung on.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FindingThresholds")]
struct Thresholds {
    skin: f32,
    label: Option<f32>,
    melanoma_referral: f32,
}

impl Finding {
    pub fn of(prediction: &Prediction) -> Self {
        Self {
            predicted_label: prediction.label(),
            outcome: prediction.outcome,
            referral: prediction.is_referred,
            confidence_score: prediction.rounded_confidence(),
            certainty: prediction.certainty,
            all_probabilities: prediction.rounded_probabilities(),
            model: prediction.model.clone(),
            thresholds: prediction.thresholds.as_ref().map(|thresholds| Thresholds {
                skin: thresholds.skin,
                label: thresholds.classes.get(&prediction.condition).copied(),
                melanoma_referral: thresholds.melanoma_referral,
            }),
        }
    }
}
