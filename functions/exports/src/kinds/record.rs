//! Health records: what they say is in their writers' words and members, so little is sure of it but its type, and who
//! has signed it.
//!
//! What is deleted, or withdrawn by a doctor, is no statement about a patient any more; it is among the files, not in the
//! bundle.

use domain::fhir::{
    Annotation, CareStatus, Component, Condition, DateTime, Decimal, DiagnosticReport, DispenseRequest, Dosage, Id,
    Intent, MedicationRequest, Observation, Period, Procedure, Quantity, Reference, Resource, ResultStatus, Text,
    Value,
};
use domain::record::signature::{Act, Signature};
use domain::record::{Data, Record, RecordType};
use runtime::Problem;
use serde_json::Value as Json;

use super::Shown;
use crate::archive::Clinical;

pub fn show(record: &Record, clinical: &mut Clinical) -> Result<Shown, Problem> {
    let signature = record.signature.as_ref();
    let is_withdrawn = signature.is_some_and(|signature| signature.act.is_withdrawal());
    if record.is_live() && !is_withdrawn {
        add(record, signature, clinical)?;
    }
    Shown::as_kept(record)
}

fn add(record: &Record, signature: Option<&Signature>, clinical: &mut Clinical) -> Result<(), Problem> {
    let doctor = signature.map(|Signature { doctor, signer, .. }| {
        clinical.doctor(*doctor, Some(&signer.name), signer.license.as_deref())
    });
    let told = Told {
        record,
        subject: clinical.subject(),
        doctor: doctor.clone(),
    };
    let resources = match record.record_type {
        RecordType::MedicalHistory | RecordType::Diagnosis => vec![told.condition()],
        RecordType::Prescription => told.prescription(),
        RecordType::LabReport => told.lab_report(),
        RecordType::VitalSign => vec![told.vital_sign()],
        RecordType::Treatment => vec![told.treatment()],
    };
    match signature.zip(doctor) {
        Some((signature, doctor)) => {
            clinical.add_signed(&told.id(""), resources, doctor, signature.at, &signature.hash)
        }
        None => clinical.add_all(resources),
    }
}

/// What is told of whom, and by which doctor, where one has signed it.
struct Told<'a> {
    record: &'a Record,
    subject: Reference,
    doctor: Option<Reference>,
}

impl Told<'_> {
    fn id(&self, part: &str) -> Id {
        Id::new(format!("record-{}{part}", self.record.id))
    }

    /// How far a result is to be taken; what became of a prescription or a treatment is not known here.
    fn status(&self) -> ResultStatus {
        match self.record.signature.as_ref().map(|signature| &signature.act) {
            Some(Act::Written) => ResultStatus::Final,
            Some(Act::Amended { .. }) => ResultStatus::Amended,
            Some(Act::Withdrawn { .. }) | None => ResultStatus::Unknown,
        }
    }

    fn condition(&self) -> Resource {
        let said = &self.record.data;
        let doctor = first(said, &["doctor_name"]).map(Reference::Display);
        Resource::Condition(Condition {
            id: self.id(""),
            code: title(said, &["title", "condition", "diagnosis", "name"], "Condition").into(),
            subject: self.subject.clone(),
            onset_date_time: time(said, &["diagnosis_date", "onset_date"]),
            recorded_date: DateTime::at(self.record.created_at),
            asserter: self.doctor.clone(),
            note: notes(said, &["description", "condition", "notes"], doctor.as_ref()),
        })
    }

    fn prescription(&self) -> Vec<Resource> {
        let said = &self.record.data;
        let instructions = first(said, &["instructions"]);
        let until = time(said, &["valid_until"]);
        let requester = self.doctor.clone();
        let requester = requester.or_else(|| first(said, &["doctor_name"]).map(Reference::Display));
        let request = |(number, medication): (u32, &Json)| {
            let dosage = [dose(medication), instructions.clone()].into_iter().flatten();
            Resource::MedicationRequest(MedicationRequest {
                id: self.id(&format!("-{number}")),
                status: CareStatus::Unknown,
                intent: Intent::Order,
                medication_codeable_concept: medication_name(medication).into(),
                subject: self.subject.clone(),
                authored_on: time(said, &["prescribed_date"]).or(DateTime::at(self.record.created_at)),
                requester: requester.clone(),
                note: notes(said, &["notes"], None),
                dosage_instruction: dosage.map(|text| Dosage { text }).collect(),
                dispense_request: until.map(|end| DispenseRequest {
                    validity_period: Period {
                        start: None,
                        end: Some(end),
                    },
                }),
            })
        };
        (1..).zip(medications(said)).map(request).collect()
    }

    /// Its results, and the report of them.
    fn lab_report(&self) -> Vec<Resource> {
        let said = &self.record.data;
        let at = time(said, &["test_date"]);
        let members = said.get("results").and_then(Json::as_object);
        let result = |(number, (name, value)): (u32, (&String, &Json))| {
            let id = self.id(&format!("-result-{number}"));
            let code = Text::new(name).unwrap_or_else(|| "Result".into());
            Some(Resource::Observation(Observation {
                effective_date_time: at,
                performer: self.doctor.iter().cloned().collect(),
                value: Some(value_of(value)?),
                ..Observation::new(id, self.status(), code.into(), self.subject.clone())
            }))
        };
        let mut resources: Vec<Resource> = (1..).zip(members.into_iter().flatten()).filter_map(result).collect();
        let laboratory = first(said, &["lab_name"]).map(Reference::Display);
        resources.push(Resource::DiagnosticReport(DiagnosticReport {
            id: self.id(""),
            identifier: Vec::new(),
            status: self.status(),
            code: title(said, &["test_name", "title", "test_type"], "Laboratory report").into(),
            subject: self.subject.clone(),
            effective_date_time: at,
            issued: None,
            performer: self.doctor.clone().into_iter().chain(laboratory).collect(),
            result: resources.iter().map(Resource::reference).collect(),
            conclusion: first(said, &["doctor_notes", "conclusion"]),
        }));
        resources
    }

    /// One measurement in whatever members it has.
    fn vital_sign(&self) -> Resource {
        let said = &self.record.data;
        let code = title(said, &["title", "name", "type"], "Vital sign").into();
        let measured = time(said, &["measured_at", "recorded_at", "date"]);
        let member = |(name, value): (&String, &Json)| {
            let code = Text::new(name)?.into();
            let value = Some(value_of(value)?);
            Some(Component { code, value })
        };
        Resource::Observation(Observation {
            effective_date_time: measured.or(DateTime::at(self.record.created_at)),
            performer: self.doctor.iter().cloned().collect(),
            component: said.iter().filter_map(member).collect(),
            ..Observation::new(self.id(""), self.status(), code, self.subject.clone())
        })
    }

    fn treatment(&self) -> Resource {
        let said = &self.record.data;
        Resource::Procedure(Procedure {
            id: self.id(""),
            status: CareStatus::Unknown,
            code: title(said, &["title", "treatment", "name"], "Treatment").into(),
            subject: self.subject.clone(),
            performed_date_time: time(said, &["treatment_date", "start_date", "date"]),
            asserter: self.doctor.clone(),
            note: notes(said, &["description", "notes"], None),
        })
    }
}

/// The first of these members that is a text.
fn first(said: &Data, names: &[&str]) -> Option<Text> {
    names.iter().find_map(|name| Text::new(said.get(*name)?.as_str()?))
}

fn title(said: &Data, names: &[&str], else_: &'static str) -> Text {
    first(said, names).unwrap_or_else(|| else_.into())
}

fn time(said: &Data, names: &[&str]) -> Option<DateTime> {
    names
        .iter()
        .find_map(|name| DateTime::parse(said.get(*name)?.as_str()?))
}

fn notes(said: &Data, names: &[&str], doctor: Option<&Reference>) -> Vec<Annotation> {
    let doctor = match doctor {
        Some(Reference::Display(name)) => Text::new(format!("Doctor: {}", name.as_str())),
        _ => None,
    };
    let said = names.iter().filter_map(|name| first(said, &[name]));
    said.chain(doctor).map(Into::into).collect()
}

/// A list of objects, or of names; or one text.
fn medications(said: &Data) -> Vec<&Json> {
    match said.get("medications").or(said.get("medication")) {
        Some(Json::Array(each)) => each.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    }
}

fn medication_name(medication: &Json) -> Text {
    let name = match medication {
        Json::Object(members) => first(members, &["name", "medication", "drug"]),
        Json::String(name) => Text::new(name),
        _ => None,
    };
    name.unwrap_or_else(|| "Medication".into())
}

/// All that is said of it but its name.
fn dose(medication: &Json) -> Option<Text> {
    let members = medication.as_object()?;
    let said = members.iter().filter(|(name, _)| name.as_str() != "name");
    let said = said.filter_map(|(name, value)| Some(format!("{name}: {}", plain(value)?)));
    Text::new(said.collect::<Vec<_>>().join("; "))
}

fn plain(value: &Json) -> Option<String> {
    match value {
        Json::Null => None,
        Json::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

fn value_of(value: &Json) -> Option<Value> {
    match value {
        Json::Null => None,
        Json::Bool(is_so) => Some(Value::Boolean(*is_so)),
        Json::Number(number) => Decimal::parse(&number.to_string()).map(|value| Value::Quantity(Quantity::bare(value))),
        other => Text::new(plain(other)?).map(Value::Text),
    }
}
