//! The resources that our exports have, each with the members that we fill in.

use serde::Serialize;

use super::{
    Address, Agent, Annotation, BirthDate, CodeableConcept, Communication, Component, Contact, ContactPoint, Content,
    DateTime, DeviceName, DeviceVersion, DispenseRequest, Dosage, Gender, HumanName, Id, Identifier, Instant,
    Reference, Signature, Text, Value,
};

#[derive(Debug, Clone, Serialize)]
#[serde(tag = "resourceType")]
pub enum Resource {
    Patient(Patient),
    Practitioner(Practitioner),
    Observation(Observation),
    DiagnosticReport(DiagnosticReport),
    Condition(Condition),
    MedicationRequest(MedicationRequest),
    Procedure(Procedure),
    DocumentReference(DocumentReference),
    Device(Device),
    Provenance(Provenance),
}

impl Resource {
    /// As references name it: `Patient/42`.
    pub fn name(&self) -> String {
        let (kind, id) = match self {
            Resource::Patient(it) => ("Patient", &it.id),
            Resource::Practitioner(it) => ("Practitioner", &it.id),
            Resource::Observation(it) => ("Observation", &it.id),
            Resource::DiagnosticReport(it) => ("DiagnosticReport", &it.id),
            Resource::Condition(it) => ("Condition", &it.id),
            Resource::MedicationRequest(it) => ("MedicationRequest", &it.id),
            Resource::Procedure(it) => ("Procedure", &it.id),
            Resource::DocumentReference(it) => ("DocumentReference", &it.id),
            Resource::Device(it) => ("Device", &it.id),
            Resource::Provenance(it) => ("Provenance", &it.id),
        };
        format!("{kind}/{id}")
    }

    pub fn reference(&self) -> Reference {
        Reference::Reference(self.name())
    }
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Patient {
    pub id: Id,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifier: Vec<Identifier>,
    pub active: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub name: Vec<HumanName>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub telecom: Vec<ContactPoint>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<BirthDate>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub address: Vec<Address>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contact: Vec<Contact>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub communication: Vec<Communication>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Practitioner {
    pub id: Id,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifier: Vec<Identifier>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub name: Vec<HumanName>,
}

/// How far an observation or a report is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResultStatus {
    /// No person has looked at it yet.
    Preliminary,
    Final,
    /// Said anew after it was final.
    Amended,
    Unknown,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Observation {
    pub id: Id,
    pub status: ResultStatus,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub category: Vec<CodeableConcept>,
    pub code: CodeableConcept,
    pub subject: Reference,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective_date_time: Option<DateTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued: Option<Instant>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub performer: Vec<Reference>,
    #[serde(flatten)]
    pub value: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub note: Vec<Annotation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_site: Option<CodeableConcept>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<Reference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub derived_from: Vec<Reference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub component: Vec<Component>,
}

impl Observation {
    /// With what every one has.
    pub fn new(id: Id, status: ResultStatus, code: CodeableConcept, subject: Reference) -> Self {
        Self {
            id,
            status,
            category: Vec::new(),
            code,
            subject,
            effective_date_time: None,
            issued: None,
            performer: Vec::new(),
            value: None,
            note: Vec::new(),
            body_site: None,
            device: None,
            derived_from: Vec::new(),
            component: Vec::new(),
        }
    }
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DiagnosticReport {
    pub id: Id,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifier: Vec<Identifier>,
    pub status: ResultStatus,
    pub code: CodeableConcept,
    pub subject: Reference,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective_date_time: Option<DateTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued: Option<Instant>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub performer: Vec<Reference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub result: Vec<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conclusion: Option<Text>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Condition {
    pub id: Id,
    pub code: CodeableConcept,
    pub subject: Reference,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub onset_date_time: Option<DateTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded_date: Option<DateTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asserter: Option<Reference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub note: Vec<Annotation>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CareStatus {
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Intent {
    Order,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MedicationRequest {
    pub id: Id,
    pub status: CareStatus,
    pub intent: Intent,
    pub medication_codeable_concept: CodeableConcept,
    pub subject: Reference,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authored_on: Option<DateTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requester: Option<Reference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub note: Vec<Annotation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dosage_instruction: Vec<Dosage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dispense_request: Option<DispenseRequest>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Procedure {
    pub id: Id,
    pub status: CareStatus,
    pub code: CodeableConcept,
    pub subject: Reference,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub performed_date_time: Option<DateTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asserter: Option<Reference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub note: Vec<Annotation>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentStatus {
    Current,
}

#[derive(Debug, Clone, Serialize)]
pub struct DocumentReference {
    pub id: Id,
    pub status: DocumentStatus,
    #[serde(rename = "type")]
    pub kind: CodeableConcept,
    pub subject: Reference,
    pub content: [Content; 1],
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Device {
    pub id: Id,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manufacturer: Option<Text>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub device_name: Vec<DeviceName>,
    #[serde(rename = "type")]
    pub kind: CodeableConcept,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub version: Vec<DeviceVersion>,
}

/// Who vouches for what.
#[derive(Debug, Clone, Serialize)]
pub struct Provenance {
    pub id: Id,
    /// One at least.
    pub target: Vec<Reference>,
    pub recorded: Instant,
    pub agent: [Agent; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub signature: Vec<Signature>,
}
