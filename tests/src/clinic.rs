//! What doctors do for patients who let them.

use serde_json::{Value, json};

use crate::world::{Answer, Person};

/// Begins a draft about a patient, of something that is complete.
pub async fn draft(doctor: &Person, patient: &Person) -> String {
    let answer = draft_of(doctor, patient, "diagnosis", json!({ "text": "Asthma (J45)" })).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    text(&answer.json()["id"])
}

pub async fn draft_of(doctor: &Person, patient: &Person, record_type: &str, data: Value) -> Answer {
    let body = json!({ "patient_id": patient.id, "record_type": record_type, "data": data });
    doctor.post("/api/records/drafts", body).await
}

/// Gives the id of the record.
pub async fn sign(doctor: &Person, draft: &str) -> String {
    let answer = doctor
        .post(&format!("/api/records/drafts/{draft}/sign"), Value::Null)
        .await;
    assert_eq!(answer.status, 201, "{answer:?}");
    text(&answer.json()["id"])
}

/// Opens a patient's records in an emergency; gives the id of the access.
pub async fn break_glass(doctor: &Person, patient: &Person) -> String {
    let path = format!("/api/patients/{}/emergency-access", patient.id);
    let answer = doctor
        .post(&path, json!({ "reason": "Unconscious, brought in by ambulance" }))
        .await;
    assert_eq!(answer.status, 201, "{answer:?}");
    text(&answer.json()["id"])
}

fn text(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}
