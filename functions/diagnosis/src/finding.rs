//! What a prediction says, as all answers show it.

use domain::prediction::{ModelIdentity, Prediction};
use domain::skin::{Certainty, SkinCondition};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Serialize, JsonSchema)]
pub struct Finding {
    predicted_label: SkinCondition,
    /// Calibrated probability of the label, 0 to 1, three decimals.
    confidence_score: f64,
    /// How far to trust it. `low` must be shown as "not sure".
    certainty: Certainty,
    all_probabilities: IndexMap<SkinCondition, f64>,
    model: ModelIdentity,
}

impl Finding {
    pub fn of(prediction: &Prediction) -> Self {
        Self {
            predicted_label: prediction.condition,
            confidence_score: prediction.rounded_confidence(),
            certainty: prediction.certainty,
            all_probabilities: prediction.rounded_probabilities(),
            model: prediction.model.clone(),
        }
    }
}
