//! What a prediction says, as all answers show it.

use domain::prediction::{ModelIdentity, Prediction};
use domain::skin::{Certainty, SkinCondition};
use domain::skin_reading::Outcome;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

use crate::reading_answer::{self, ReadingAnswer, Thresholds};

/// All but `referral` and `readings` is the first reading, which the patient was given; newer ones change none of it.
#[derive(Serialize, JsonSchema)]
pub struct Finding {
    /// A condition, or `Inconclusive` where the model cannot tell.
    predicted_label: &'static str,
    outcome: Outcome,
    /// A doctor must see it, whatever is named: since any reading says so, and no clinician otherwise. Must be shown.
    referral: bool,
    /// Calibrated probability of the label, 0 to 1, three decimals.
    confidence_score: f64,
    /// How far to trust it. `low` must be shown as "not sure".
    certainty: Certainty,
    all_probabilities: IndexMap<SkinCondition, f64>,
    model: ModelIdentity,
    /// Of the model, by which it was judged.
    thresholds: Option<Thresholds>,
    /// All, oldest first.
    readings: Vec<ReadingAnswer>,
}

impl Finding {
    pub fn of(prediction: &Prediction) -> Self {
        let readings = &prediction.readings;
        let first = &readings.first;
        Self {
            predicted_label: first.label(),
            outcome: first.outcome,
            referral: readings.is_referred(),
            confidence_score: first.rounded_confidence(),
            certainty: first.certainty(),
            all_probabilities: first.rounded_probabilities(),
            model: first.model.clone(),
            thresholds: Thresholds::of(first),
            readings: reading_answer::all(readings),
        }
    }
}
