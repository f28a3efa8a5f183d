//! What clients ask for: one kind of vital sign, or both pressures under one name.

use domain::vital::VitalKind;
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "VitalMetric")]
pub enum Metric {
    HeartRate,
    /// `systolic_bp` and `diastolic_bp`.
    Bp,
    SystolicBp,
    DiastolicBp,
    Spo2,
    Temperature,
    RespiratoryRate,
    Glucose,
    Weight,
}

impl Metric {
    pub fn kinds(self) -> &'static [VitalKind] {
        match self {
            Metric::HeartRate => &[VitalKind::HeartRate],
            Metric::Bp => &[VitalKind::SystolicBp, VitalKind::DiastolicBp],
            Metric::SystolicBp => &[VitalKind::SystolicBp],
            Metric::DiastolicBp => &[VitalKind::DiastolicBp],
            Metric::Spo2 => &[VitalKind::Spo2],
            Metric::Temperature => &[VitalKind::Temperature],
            Metric::RespiratoryRate => &[VitalKind::RespiratoryRate],
            Metric::Glucose => &[VitalKind::Glucose],
            Metric::Weight => &[VitalKind::Weight],
        }
    }

    /// Of several, each kind once.
    pub fn all_kinds(metrics: &[Self]) -> Vec<VitalKind> {
        let mut kinds: Vec<VitalKind> = metrics.iter().flat_map(|metric| metric.kinds()).copied().collect();
        kinds.sort();
        kinds.dedup();
        kinds
    }
}
