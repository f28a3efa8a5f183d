//! One reading of a picture, as both skin products show it beside their own words for the first.

use domain::prediction::{ModelIdentity, three_decimals};
use domain::readings::{Named, Reading, Readings};
use domain::skin::Certainty;
use domain::skin_reading::{Outcome, SkinThresholds};
use indexmap::IndexMap;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Reading")]
pub struct ReadingAnswer {
    /// Counted from 1, by age.
    number: usize,
    /// A condition, or `Inconclusive` where the model cannot tell.
    label: &'static str,
    outcome: Outcome,
    /// Whether this reading says that a doctor must see it.
    referral: bool,
    /// Calibrated probability of the likeliest class, 0 to 1, three decimals.
    confidence: f64,
    certainty: Certainty,
    /// Of every class, the likeliest first.
    probabilities: IndexMap<&'static str, f64>,
    model: ModelIdentity,
    /// Of the model, by which it was judged.
    thresholds: Option<Thresholds>,
    #[schemars(with = "String")]
    read_at: Timestamp,
}

/// The numbers that an answer hung on.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FindingThresholds")]
pub struct Thresholds {
    skin: f32,
    label: Option<f32>,
    melanoma_referral: f32,
    malignant_referral: f32,
}

impl Thresholds {
    pub fn of<C: Named>(reading: &Reading<C>) -> Option<Self> {
        let of = |thresholds: &SkinThresholds| Self {
            skin: thresholds.skin,
            label: reading.condition.threshold(thresholds),
            melanoma_referral: thresholds.melanoma_referral,
            malignant_referral: thresholds.malignant_referral,
        };
        reading.thresholds.as_ref().map(of)
    }
}

/// Oldest first.
pub fn all<C: Named>(readings: &Readings<C>) -> Vec<ReadingAnswer> {
    let numbered = readings.all().zip(1..);
    numbered.map(|(reading, number)| answer(number, reading)).collect()
}

fn answer<C: Named>(number: usize, reading: &Reading<C>) -> ReadingAnswer {
    let mut probabilities: Vec<(C, f32)> = reading.probabilities.clone().into_iter().collect();
    probabilities.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    let shown = |(class, probability): (C, f32)| (class.words(), three_decimals(probability));
    ReadingAnswer {
        number,
        label: reading.label(),
        outcome: reading.outcome,
        referral: reading.is_referred,
        confidence: three_decimals(reading.confidence),
        certainty: reading.certainty(),
        probabilities: probabilities.into_iter().map(shown).collect(),
        model: reading.model.clone(),
        thresholds: Thresholds::of(reading),
        read_at: reading.at,
    }
}
