//! What patients ask doctors, and what they answer: clinical once it is answered. Why a doctor declined says nothing of the
//! picture.

use domain::fhir::{DateTime, Id, Instant, Observation, Resource, ResultStatus, Text, Value};
use domain::review::{Opinion, ReviewRequest, ReviewStatus};
use runtime::Problem;

use super::skin::reading_id;
use super::{Shown, kept_as};
use crate::archive::{Clinical, category};

pub fn show(request: &ReviewRequest, clinical: &mut Clinical) -> Result<Shown, Problem> {
    let answer = request.opinion.as_ref();
    if let Some(answer) = answer.filter(|_| request.status == ReviewStatus::Reviewed) {
        add(request, answer, clinical)?;
    }
    Shown::as_kept(&kept_as::review_request(request))
}

fn add(request: &ReviewRequest, answer: &Opinion, clinical: &mut Clinical) -> Result<(), Problem> {
    let id = Id::new(format!("review-{}", request.id));
    let doctor = clinical.doctor(answer.reviewer, None, None);
    let code = "A doctor's answer to a patient's question about a picture of skin".into();
    let subject = clinical.subject();
    let question = request
        .message
        .as_deref()
        .map(|message| format!("The question: {message}"));
    let observation = Observation {
        category: category("exam", "Exam"),
        effective_date_time: DateTime::at(answer.at),
        issued: Instant::new(answer.at),
        performer: vec![doctor.clone()],
        value: answer.comment.as_deref().and_then(Text::new).map(Value::Text),
        note: question.and_then(Text::new).into_iter().map(Into::into).collect(),
        // Reviews are on what the patient was given.
        derived_from: vec![clinical.observation(&reading_id(request.prediction.into(), 1))],
        ..Observation::new(id.clone(), ResultStatus::Final, code, subject)
    };
    let said = vec![Resource::Observation(observation)];
    clinical.add_signed(&id, said, doctor, answer.at, &answer.signature)
}
