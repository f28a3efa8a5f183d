//! Pictures of skin, in both products: each reading by a model is an observation that nobody has confirmed.

use domain::fhir::{
    CodeableConcept, Component, DateTime, Decimal, DiagnosticReport, Id, Identifier, Instant, Observation, Quantity,
    Resource, ResultStatus, Text, Value,
};
use domain::prediction::Prediction;
use domain::readings::{Named, Reading, ResultId, SkinResult};
use domain::skin_record::SkinRecord;
use runtime::Problem;

use super::Shown;
use crate::archive::{Clinical, category};

const REFERRAL: &str = "A doctor should see this, by this reading.";

pub fn show_prediction(prediction: &Prediction, clinical: &mut Clinical) -> Result<Shown, Problem> {
    let report = clinical.identifier("report", prediction.report.as_str());
    add(prediction, report, None, clinical)?;
    Ok(Shown::as_kept(prediction)?.with([&prediction.picture]))
}

pub fn show_record(record: &SkinRecord, clinical: &mut Clinical) -> Result<Shown, Problem> {
    let number = clinical.identifier("skin-record", &record.number.to_string());
    add(record, number, record.notes.as_deref(), clinical)?;
    Ok(Shown::as_kept(record)?.with([&record.picture]))
}

/// What a reading of a result is called in the bundle.
pub fn reading_id(result: ResultId, number: u32) -> Id {
    Id::new(format!("{}-reading-{number}", result_id(result)))
}

fn result_id(result: ResultId) -> String {
    match result {
        ResultId::Prediction(id) => format!("prediction-{id}"),
        ResultId::SkinRecord(number) => format!("skin-record-{number}"),
    }
}

fn add<R: SkinResult>(
    result: &R,
    identifier: Option<Identifier>,
    notes: Option<&str>,
    clinical: &mut Clinical,
) -> Result<(), Problem> {
    let mut results = Vec::new();
    for (number, reading) in (1..).zip(result.readings().all()) {
        let id = reading_id(result.id(), number);
        results.push(clinical.observation(&id));
        let mut observation = observation(id, reading, clinical)?;
        observation.derived_from = vec![clinical.picture(result.picture())];
        if number == 1 {
            // What the patient wrote when the picture was sent.
            observation.note.extend(notes.and_then(Text::new).map(Into::into));
        }
        clinical.add(Resource::Observation(observation))?;
    }
    let first = &result.readings().first;
    let subject = clinical.subject();
    clinical.add(Resource::DiagnosticReport(DiagnosticReport {
        id: Id::new(result_id(result.id())),
        identifier: identifier.into_iter().collect(),
        status: ResultStatus::Preliminary,
        code: "Picture of skin".into(),
        subject,
        effective_date_time: DateTime::at(first.at),
        issued: Instant::new(first.at),
        performer: Vec::new(),
        result: results,
        conclusion: Text::new(first.label()),
    }))
}

fn observation<C: Named>(id: Id, reading: &Reading<C>, clinical: &mut Clinical) -> Result<Observation, Problem> {
    let code = "What a picture of skin shows, as a model reads it".into();
    let subject = clinical.subject();
    Ok(Observation {
        category: category("imaging", "Imaging"),
        effective_date_time: DateTime::at(reading.at),
        issued: Instant::new(reading.at),
        value: Some(Value::Concept(reading.label().into())),
        note: reading
            .is_referred
            .then(|| Text::from(REFERRAL).into())
            .into_iter()
            .collect(),
        device: Some(clinical.model(&reading.model)?),
        component: reading
            .probabilities
            .iter()
            .filter_map(|(class, probability)| component(class.words(), *probability))
            .collect(),
        ..Observation::new(id, ResultStatus::Preliminary, code, subject)
    })
}

/// How likely something is, from 0 to 1.
pub fn component(what: &'static str, probability: f32) -> Option<Component> {
    let value = Decimal::of_probability(probability)?;
    Some(Component {
        code: CodeableConcept::from(what),
        value: Some(Value::Quantity(Quantity::ratio(value))),
    })
}
