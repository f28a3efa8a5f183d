//! The parts that resources are made of.

use serde::Serialize;

use super::{DateTime, Day, Decimal, Id, Instant, Text};

/// Units of UCUM.
const UCUM: &str = "http://unitsofmeasure.org";

#[derive(Debug, Clone, Serialize)]
pub struct Coding {
    pub system: &'static str,
    pub code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<&'static str>,
}

/// What something is: by a code of a known system, or in words.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CodeableConcept {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub coding: Vec<Coding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Text>,
}

impl CodeableConcept {
    pub fn coded(system: &'static str, code: &'static str, display: &'static str) -> Self {
        let display = Some(display);
        Self {
            coding: vec![Coding { system, code, display }],
            text: None,
        }
    }
}

impl From<Text> for CodeableConcept {
    fn from(text: Text) -> Self {
        Self {
            coding: Vec::new(),
            text: Some(text),
        }
    }
}

impl From<&'static str> for CodeableConcept {
    fn from(text: &'static str) -> Self {
        Text::from(text).into()
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct Identifier {
    pub system: String,
    pub value: Text,
}

/// Another resource, or only what it is called.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Reference {
    Reference(String),
    Display(Text),
}

#[derive(Debug, Clone, Default, Serialize)]
pub struct HumanName {
    pub text: Option<Text>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ContactPoint {
    /// `phone` or `email`.
    pub system: &'static str,
    pub value: Text,
}

#[derive(Debug, Clone, Serialize)]
pub struct Address {
    pub text: Text,
}

#[derive(Debug, Clone, Serialize)]
pub struct Period {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<DateTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<DateTime>,
}

/// What somebody added in words.
#[derive(Debug, Clone, Serialize)]
pub struct Annotation {
    pub text: Text,
}

impl From<Text> for Annotation {
    fn from(text: Text) -> Self {
        Self { text }
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct Quantity {
    pub value: Decimal,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<&'static str>,
    /// Of UCUM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
}

impl Quantity {
    /// Nobody said of what.
    pub fn bare(value: Decimal) -> Self {
        Self {
            value,
            unit: None,
            system: None,
            code: None,
        }
    }

    pub fn ratio(value: Decimal) -> Self {
        Self {
            value,
            unit: None,
            system: Some(UCUM),
            code: Some("1"),
        }
    }
}

/// What was observed.
#[derive(Debug, Clone, Serialize)]
pub enum Value {
    #[serde(rename = "valueQuantity")]
    Quantity(Quantity),
    #[serde(rename = "valueCodeableConcept")]
    Concept(CodeableConcept),
    #[serde(rename = "valueString")]
    Text(Text),
    #[serde(rename = "valueBoolean")]
    Boolean(bool),
}

#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    /// SHA-1 in base64: what FHIR asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Content {
    pub attachment: Attachment,
}

/// Whom to call, and what they are.
#[derive(Debug, Clone, Serialize)]
pub struct Contact {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub relationship: Vec<CodeableConcept>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<HumanName>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub telecom: Vec<ContactPoint>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Communication {
    pub language: CodeableConcept,
}

#[derive(Debug, Clone, Serialize)]
pub struct Component {
    pub code: CodeableConcept,
    #[serde(flatten)]
    pub value: Option<Value>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Dosage {
    pub text: Text,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DispenseRequest {
    pub validity_period: Period,
}

#[derive(Debug, Clone, Serialize)]
pub struct DeviceName {
    pub name: Text,
    #[serde(rename = "type")]
    pub kind: &'static str,
}

#[derive(Debug, Clone, Serialize)]
pub struct DeviceVersion {
    pub value: Text,
}

/// Who had a part in something.
#[derive(Debug, Clone, Serialize)]
pub struct Agent {
    pub who: Reference,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Signature {
    #[serde(rename = "type")]
    pub kind: [Coding; 1],
    pub when: Instant,
    /// Who vouches for it.
    pub who: Reference,
    /// The media type of what was signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sig_format: Option<&'static str>,
    /// In base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
}

/// One resource of a collection, under its full address.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    pub full_url: String,
    pub resource: super::Resource,
}

/// A collection but for its entries, which are written one by one.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "resourceType", rename = "Bundle")]
pub struct Collection {
    pub id: Id,
    #[serde(rename = "type")]
    pub kind: CollectionType,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Instant>,
}

/// The only one that we make.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CollectionType {
    Collection,
}

/// Of a person's gender, where FHIR has a code for what they wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Gender {
    Male,
    Female,
    Other,
    Unknown,
}

impl Gender {
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text.trim().to_lowercase().as_str() {
            "male" | "m" | "man" => Self::Male,
            "female" | "f" | "woman" => Self::Female,
            "other" => Self::Other,
            "unknown" => Self::Unknown,
            _ => return None,
        })
    }
}

/// A day of birth.
pub type BirthDate = Day;
