//! A report of symptoms as it comes (contract #103): numbers may be strings, and null is the same as not sent.

use domain::triage::{Report, Severity, Symptom};
use runtime::lenient;
use schemars::JsonSchema;
use serde::Deserialize;

/// Health data: it has no `Debug`, so it cannot slip into a log.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "SymptomReport")]
pub struct ReportForm {
    #[schemars(length(min = 1))]
    symptoms: Vec<SymptomForm>,
    #[serde(default, deserialize_with = "lenient::number")]
    #[schemars(range(max = 150))]
    age: Option<u8>,
    #[serde(default)]
    gender: Option<String>,
    #[serde(default)]
    medical_history: Option<Vec<String>>,
    #[serde(default)]
    current_medications: Option<Vec<String>>,
    #[serde(default)]
    additional_info: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "Symptom")]
pub struct SymptomForm {
    symptom: String,
    #[serde(default, deserialize_with = "lenient::null_is_default")]
    #[schemars(with = "Option<Severity>")]
    severity: Severity,
    #[serde(default, deserialize_with = "lenient::number")]
    duration_days: Option<u32>,
    #[serde(default)]
    frequency: Option<String>,
}

impl From<ReportForm> for Report {
    fn from(form: ReportForm) -> Self {
        Self {
            symptoms: form.symptoms.into_iter().map(Symptom::from).collect(),
            age: form.age,
            gender: form.gender,
            medical_history: form.medical_history,
            current_medications: form.current_medications,
            additional_info: form.additional_info,
        }
    }
}

impl From<SymptomForm> for Symptom {
    fn from(form: SymptomForm) -> Self {
        Self {
            symptom: form.symptom,
            severity: form.severity,
            duration_days: form.duration_days,
            frequency: form.frequency,
        }
    }
}
