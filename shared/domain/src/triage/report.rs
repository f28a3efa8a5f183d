//! What a person tells the symptom checker.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Mild,
    #[default]
    Moderate,
    Severe,
    Critical,
}

#[derive(Clone, Default)]
pub struct Symptom {
    pub symptom: String,
    pub severity: Severity,
    pub duration_days: Option<u32>,
    pub frequency: Option<String>,
}

/// Health data: it has no `Debug`, so it cannot slip into a log.
#[derive(Clone, Default)]
pub struct Report {
    pub symptoms: Vec<Symptom>,
    pub age: Option<u8>,
    pub gender: Option<String>,
    pub medical_history: Option<Vec<String>>,
    pub current_medications: Option<Vec<String>>,
    pub additional_info: Option<String>,
}

impl Report {
    /// Of one sentence, as most people write.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let symptom = Symptom {
            symptom: text.to_owned(),
            ..Symptom::default()
        };
        Self {
            symptoms: vec![symptom],
            ..Self::default()
        }
    }

    /// Everything that is told of the present, a line each.
    #[must_use]
    pub fn complaints(&self) -> String {
        let symptoms = self
            .symptoms
            .iter()
            .flat_map(|each| [Some(each.symptom.as_str()), each.frequency.as_deref()]);
        let lines: Vec<&str> = symptoms.chain([self.additional_info.as_deref()]).flatten().collect();
        lines.join("\n")
    }

    /// What is known of before: illnesses and medicines, a line each.
    #[must_use]
    pub fn background(&self) -> String {
        let lists = [self.medical_history.as_deref(), self.current_medications.as_deref()];
        lists
            .into_iter()
            .flatten()
            .flatten()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// The gravest severity the person chose; it never makes an emergency by itself.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.symptoms.iter().map(|each| each.severity).max().unwrap_or_default()
    }
}
