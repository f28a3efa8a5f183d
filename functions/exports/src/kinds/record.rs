//! Health records: what they say is in their writers' words and members, so little is sure of it but its type.
//!
//! What is deleted is no statement about a patient any more; it is among the files, not in the bundle.

use domain::fhir::{
    Annotation, CareStatus, Component, Condition, DateTime, Decimal, DiagnosticReport, DispenseRequest, Dosage, Id,
    Intent, MedicationRequest, Observation, Period, Procedure, Quantity, Reference, Resource, ResultStatus, Text,
    Value,
};
use domain::record::{Data, Record, RecordType};
use runtime::Problem;
use serde_json::Value as Json;

use super::Shown;
use crate::archive::Clinical;

pub fn show(record: &Record, clinical: &mut Clinical) -> Result<Shown, Problem> {
    if record.is_live() {
        match record.record_type {
            RecordType::MedicalHistory | RecordType::Diagnosis => add_condition(record, clinical)?,
            RecordType::Prescription => add_prescription(record, clinical)?,
            RecordType::LabReport => add_lab_report(record, clinical)?,
            RecordType::VitalSign => add_vital_sign(record, clinical)?,
            RecordType::Treatment => add_treatment(record, clinical)?,
        }
    }
    Shown::as_kept(record)
}

fn id(record: &Record, part: &str) -> Id {
    Id::new(format!("record-{}{part}", record.id))
}

fn add_condition(record: &Record, clinical: &mut Clinical) -> Result<(), Problem> {
    let said = &record.data;
    let subject = clinical.subject();
    let doctor = first(said, &["doctor_name"]).map(Reference::Display);
    clinical.add(Resource::Condition(Condition {
        id: id(record, ""),
        code: title(said, &["title", "condition", "diagnosis", "name"], "Condition").into(),
        subject,
        onset_date_time: time(said, &["diagnosis_date", "onset_date"]),
        recorded_date: DateTime::at(record.created_at),
        asserter: None,
        note: notes(said, &["description", "condition", "notes"], doctor.as_ref()),
    }))
}

fn add_prescription(record: &Record, clinical: &mut Clinical) -> Result<(), Problem> {
    let said = &record.data;
    let instructions = first(said, &["instructions"]);
    let until = time(said, &["valid_until"]);
    for (number, medication) in (1..).zip(medications(said)) {
        let dose = dose(medication);
        let dosage = [dose, instructions.clone()].into_iter().flatten();
        let subject = clinical.subject();
        clinical.add(Resource::MedicationRequest(MedicationRequest {
            id: id(record, &format!("-{number}")),
            status: CareStatus::Unknown,
            intent: Intent::Order,
            medication_codeable_concept: medication_name(medication).into(),
            subject,
            authored_on: time(said, &["prescribed_date"]).or(DateTime::at(record.created_at)),
            requester: first(said, &["doctor_name"]).map(Reference::Display),
            note: notes(said, &["notes"], None),
            dosage_instruction: dosage.map(|text| Dosage { text }).collect(),
            dispense_request: until.map(|end| DispenseRequest {
                validity_period: Period {
                    start: None,
                    end: Some(end),
                },
            }),
        }))?;
    }
    Ok(())
}

fn add_lab_report(record: &Record, clinical: &mut Clinical) -> Result<(), Problem> {
    let said = &record.data;
    let at = time(said, &["test_date"]);
    let mut results = Vec::new();
    let members = said.get("results").and_then(Json::as_object);
    for (number, (name, value)) in (1..).zip(members.into_iter().flatten()) {
        let Some(value) = value_of(value) else { continue };
        let id = id(record, &format!("-result-{number}"));
        results.push(clinical.observation(&id));
        let subject = clinical.subject();
        let code = Text::new(name).unwrap_or_else(|| "Result".into());
        let mut observation = Observation::new(id, ResultStatus::Unknown, code.into(), subject);
        observation.effective_date_time = at;
        observation.value = Some(value);
        clinical.add(Resource::Observation(observation))?;
    }
    let subject = clinical.subject();
    clinical.add(Resource::DiagnosticReport(DiagnosticReport {
        id: id(record, ""),
        identifier: Vec::new(),
        status: ResultStatus::Unknown,
        code: title(said, &["test_name", "title", "test_type"], "Laboratory report").into(),
        subject,
        effective_date_time: at,
        issued: None,
        performer: first(said, &["lab_name"]).map(Reference::Display).into_iter().collect(),
        result: results,
        conclusion: first(said, &["doctor_notes", "conclusion"]),
    }))
}

/// One measurement in whatever members it has.
fn add_vital_sign(record: &Record, clinical: &mut Clinical) -> Result<(), Problem> {
    let said = &record.data;
    let subject = clinical.subject();
    let code = title(said, &["title", "name", "type"], "Vital sign").into();
    let mut observation = Observation::new(id(record, ""), ResultStatus::Unknown, code, subject);
    let measured = time(said, &["measured_at", "recorded_at", "date"]);
    observation.effective_date_time = measured.or(DateTime::at(record.created_at));
    let member = |(name, value): (&String, &Json)| {
        let code = Text::new(name)?.into();
        let value = Some(value_of(value)?);
        Some(Component { code, value })
    };
    observation.component = said.iter().filter_map(member).collect();
    clinical.add(Resource::Observation(observation))
}

fn add_treatment(record: &Record, clinical: &mut Clinical) -> Result<(), Problem> {
    let said = &record.data;
    let subject = clinical.subject();
    clinical.add(Resource::Procedure(Procedure {
        id: id(record, ""),
        status: CareStatus::Unknown,
        code: title(said, &["title", "treatment", "name"], "Treatment").into(),
        subject,
        performed_date_time: time(said, &["treatment_date", "start_date", "date"]),
        note: notes(said, &["description", "notes"], None),
    }))
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
