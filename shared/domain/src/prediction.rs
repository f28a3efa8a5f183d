//! What the facial-skin product says of one photo, as it is kept.

use indexmap::IndexMap;
use jiff::{Timestamp, tz::Offset};
use serde::{Deserialize, Serialize};

use crate::id::{PredictionId, UserId};
use crate::picture_link::PictureName;
use crate::readings::{Reading, Readings, ResultId, SkinResult};
use crate::refusal::{Kind, Refusal};
use crate::skin::SkinCondition;

/// What is kept of one photo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    pub id: PredictionId,
    pub patient: UserId,
    pub report: ReportNumber,
    pub picture: PictureName,
    #[serde(flatten)]
    pub readings: Readings<SkinCondition>,
}

/// What is shown where the model cannot tell.
pub const INCONCLUSIVE: &str = "Inconclusive";

impl SkinResult for Prediction {
    type Class = SkinCondition;

    fn id(&self) -> ResultId {
        ResultId::Prediction(self.id)
    }

    fn patient(&self) -> UserId {
        self.patient
    }

    fn picture(&self) -> &PictureName {
        &self.picture
    }

    fn readings(&self) -> &Readings<SkinCondition> {
        &self.readings
    }

    fn readings_mut(&mut self) -> &mut Readings<SkinCondition> {
        &mut self.readings
    }
}

impl Reading<SkinCondition> {
    /// Three decimals are what the clients show.
    pub fn rounded_confidence(&self) -> f64 {
        three_decimals(self.confidence)
    }

    /// In the order of [`SkinCondition::ALL`], whatever order storage gave them back in.
    pub fn rounded_probabilities(&self) -> IndexMap<SkinCondition, f64> {
        let known = |condition| Some((condition, three_decimals(*self.probabilities.get(&condition)?)));
        SkinCondition::ALL.into_iter().filter_map(known).collect()
    }
}

/// As clients show a probability.
pub fn three_decimals(probability: f32) -> f64 {
    (f64::from(probability) * 1000.0).round() / 1000.0
}

/// Which weights answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ModelIdentity {
    pub name: String,
    pub version: String,
    /// SHA-256 of the weights file, in hex.
    pub weights_sha256: String,
}

/// `FacialDerma-YYMMDD-NNNN`: counted per day, four digits at least.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct ReportNumber(String);

impl ReportNumber {
    pub fn new(day: ReportDay, count: u64) -> Self {
        Self(format!("FacialDerma-{}-{count:04}", day.0))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The UTC day that a report is counted in, as `YYMMDD`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportDay(String);

impl ReportDay {
    pub fn of(now: Timestamp) -> Self {
        Self(Offset::UTC.to_datetime(now).strftime("%y%m%d").to_string())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why there is no such prediction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PredictionUnknown {
    #[error("Invalid prediction id")]
    MalformedId,
    #[error("Prediction not found")]
    NotFound,
}

impl Refusal for PredictionUnknown {
    fn kind(&self) -> Kind {
        match self {
            PredictionUnknown::MalformedId => Kind::BadRequest,
            PredictionUnknown::NotFound => Kind::NotFound,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            PredictionUnknown::MalformedId => "prediction_id_malformed",
            PredictionUnknown::NotFound => "prediction_not_found",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_numbered_by_utc_day() {
        let day = ReportDay::of("2026-11-25T23:59:59Z".parse().unwrap());
        assert_eq!(ReportNumber::new(day.clone(), 7).as_str(), "FacialDerma-261125-0007");
        assert_eq!(ReportNumber::new(day, 12_345).as_str(), "FacialDerma-261125-12345");
    }
}
