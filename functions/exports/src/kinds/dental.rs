//! Pictures of teeth: each finding is an observation that nobody has confirmed.

use domain::dental::{DentalAnalysis, HostedModel, JudgingModel, Observation as Finding, Provider};
use domain::fhir::{
    CodeableConcept, Component, DateTime, DiagnosticReport, Id, Instant, Observation, Resource, ResultStatus, Text,
    Value,
};
use runtime::Problem;
use serde::Serialize;

use super::Shown;
use crate::archive::{Clinical, category};

pub fn show(analysis: &DentalAnalysis, clinical: &mut Clinical) -> Result<Shown, Problem> {
    let name = format!("dental-{}", analysis.number);
    let mut results = Vec::new();
    for (number, finding) in (1..).zip(analysis.judgement.findings()) {
        let id = Id::new(format!("{name}-finding-{number}"));
        results.push(clinical.observation(&id));
        let observation = observation(id, analysis, finding, clinical)?;
        clinical.add(Resource::Observation(observation))?;
    }
    let number = clinical.identifier("dental-analysis", &analysis.number.to_string());
    let subject = clinical.subject();
    clinical.add(Resource::DiagnosticReport(DiagnosticReport {
        id: Id::new(name),
        identifier: number.into_iter().collect(),
        status: ResultStatus::Preliminary,
        code: "Picture of teeth".into(),
        subject,
        effective_date_time: DateTime::at(analysis.created_at),
        issued: Instant::new(analysis.created_at),
        performer: Vec::new(),
        result: results,
        conclusion: Text::new(&analysis.text),
    }))?;
    Ok(Shown::as_kept(analysis)?.with([&analysis.picture, &analysis.thumbnail]))
}

fn observation(
    id: Id,
    analysis: &DentalAnalysis,
    finding: Finding,
    clinical: &mut Clinical,
) -> Result<Observation, Problem> {
    let code = "What a picture of teeth shows, as a model reads it".into();
    let subject = clinical.subject();
    let (what, _) = finding.finding.class();
    let severity = word(&finding.severity).map(|severity| Component {
        code: "Severity".into(),
        value: Some(Value::Concept(severity)),
    });
    let device = match &analysis.judgement.model {
        JudgingModel::Local(model) => clinical.model(model)?,
        JudgingModel::Hosted(model) => hosted(model, clinical)?,
    };
    Ok(Observation {
        category: category("imaging", "Imaging"),
        effective_date_time: DateTime::at(analysis.created_at),
        issued: Instant::new(analysis.created_at),
        value: Some(Value::Concept(what.into())),
        body_site: word(&finding.place),
        device: Some(device),
        derived_from: vec![clinical.picture(&analysis.picture)],
        component: severity.into_iter().collect(),
        ..Observation::new(id, ResultStatus::Preliminary, code, subject)
    })
}

/// A word of ours, as it is stored: `upper_gums`.
fn word(value: &impl Serialize) -> Option<CodeableConcept> {
    let value = serde_json::to_value(value).ok()?;
    let text = Text::new(value.as_str()?.replace('_', " "))?;
    Some(text.into())
}

fn hosted(model: &HostedModel, clinical: &mut Clinical) -> Result<domain::fhir::Reference, Problem> {
    let manufacturer = match model.provider {
        Provider::Google => "Google",
    };
    let version = model.version.clone();
    let id = format!(
        "hosted {manufacturer} {} {}",
        model.name,
        version.as_deref().unwrap_or_default()
    );
    clinical.software(Id::new(id), &model.name, [version, None], Some(manufacturer))
}
