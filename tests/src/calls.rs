//! Consultations as people begin them.

use serde_json::{Value, json};

use crate::world::Person;

pub const CONSULTATIONS: &str = "/api/consultations/";

/// A patient consults a doctor, at once unless `more` has a time; gives the consultation.
pub async fn consult(patient: &Person, doctor: &Person, more: Value) -> Value {
    let mut body = json!({ "doctor_id": doctor.id });
    let members = more.as_object().cloned().unwrap_or_default();
    body.as_object_mut().expect("an object").extend(members);
    let made = patient.post(CONSULTATIONS, body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()
}

pub fn path(consultation: &Value, action: &str) -> String {
    let id = consultation["id"].as_str().expect("an id");
    format!("/api/consultations/{id}{action}")
}

/// The token of a fresh invite to a consultation.
pub async fn invite(host: &Person, consultation: &Value, name: &str) -> Value {
    let made = host
        .post(&path(consultation, "/invites"), json!({ "name": name }))
        .await;
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()
}

/// To one invite of a consultation.
pub fn invite_path(consultation: &Value, invite: &Value) -> String {
    let id = invite["id"].as_str().expect("an id");
    path(consultation, &format!("/invites/{id}"))
}
