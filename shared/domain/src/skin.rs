//! Conditions of facial skin that the product can name.

/// A condition the facial-skin classifier answers with; the order is the order of its outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
pub enum SkinCondition {
    Acne,
    Melanoma,
    Normal,
    #[serde(rename = "Perioral Dermatitis")]
    PerioralDermatitis,
    Rosacea,
    Warts,
}
