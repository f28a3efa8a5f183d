//! What doctors say of a reading.

use domain::fhir::{DateTime, Id, Instant, Observation, Resource, ResultStatus, Text, Value};
use domain::opinion::{Opinion, Said, Verdict};
use domain::readings::ResultId;
use runtime::Problem;

use super::skin::reading_id;
use super::{Shown, kept_as};
use crate::archive::{Clinical, category};

pub fn show(opinion: &Opinion, clinical: &mut Clinical) -> Result<Shown, Problem> {
    let id = id(opinion);
    let doctor = clinical.doctor(opinion.doctor, Some(&opinion.signer.name), None);
    let code = "A doctor's opinion on what a model said of a picture of skin".into();
    let subject = clinical.subject();
    let Said { note, referral, .. } = &opinion.said;
    let referral = referral.map(|referral| match referral {
        true => Text::from("A doctor must see the patient."),
        false => Text::from("No doctor need see the patient for this."),
    });
    let notes = note.as_deref().and_then(Text::new).into_iter().chain(referral);
    let observation = Observation {
        category: category("exam", "Exam"),
        effective_date_time: DateTime::at(opinion.at),
        issued: Instant::new(opinion.at),
        performer: vec![doctor.clone()],
        value: said(opinion).map(Value::Text),
        note: notes.map(Into::into).collect(),
        derived_from: vec![clinical.observation(&reading_id(opinion.result, opinion.reading))],
        ..Observation::new(id.clone(), ResultStatus::Final, code, subject)
    };
    let said = vec![Resource::Observation(observation)];
    clinical.add_signed(&id, said, doctor, opinion.at, &opinion.signature)?;
    Shown::as_kept(&kept_as::opinion(opinion))
}

fn id(opinion: &Opinion) -> Id {
    let result = match opinion.result {
        ResultId::Prediction(id) => id.to_string(),
        ResultId::SkinRecord(number) => number.to_string(),
    };
    let Opinion {
        reading,
        doctor,
        version,
        ..
    } = opinion;
    Id::new(format!("opinion-{result}-{reading}-{doctor}-{version}"))
}

fn said(opinion: &Opinion) -> Option<Text> {
    Text::new(match opinion.said.verdict {
        Verdict::Agree => format!("Agrees: {}", opinion.judged.condition),
        Verdict::Correct => opinion.said.condition.clone().unwrap_or_default(),
        Verdict::CannotTell => "Cannot tell from the picture".to_owned(),
    })
}
