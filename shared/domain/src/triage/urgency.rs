//! How soon somebody must be seen, and by whom.

use serde::{Deserialize, Serialize};

/// In rising order.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Urgency {
    #[default]
    Low,
    Medium,
    High,
    Emergency,
}

/// Whom to see; the words for people are in the wording.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Specialist {
    #[default]
    GeneralPractitioner,
    EmergencyMedicine,
    Cardiologist,
    Neurologist,
    Pulmonologist,
    Gastroenterologist,
    Gynaecologist,
    Urologist,
    Ophthalmologist,
    Paediatrician,
    Psychiatrist,
    Surgeon,
    Endocrinologist,
    EarNoseThroat,
    Haematologist,
    Infectiologist,
    Rheumatologist,
    Dermatologist,
}
