//! Files that a signed record names: what they hold is signed too, and who signed brings them.

use serde_json::{Value, json};
use tests::clinic::{draft_of, sign};
use tests::files::{digest, pdf, uploaded};
use tests::world::{Answer, Person, World};

use super::treated;

const FILE: &str = "0f0000000000123456789abc";

async fn draft_with(doctor: &Person, patient: &Person, file: Value) -> String {
    let data = json!({ "test_name": "Spirometry", "results": { "fev1_l": 3.1 }, "files": [file] });
    let answer = draft_of(doctor, patient, "lab_report", data).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.json()["id"].as_str().expect("an id").to_owned()
}

async fn attach(person: &Person, record: &str, patient: &Person, bytes: &[u8]) -> Answer {
    let body = json!({ "file_id": FILE, "upload_id": uploaded(person, "pdf", bytes).await });
    let path = format!("/api/records/{record}/files?patient_id={}", patient.id);
    person.post(&path, body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_brings_the_file_that_was_signed_and_no_other() {
    let world = World::new().await;
    let (ana, dora) = treated(&world).await;
    let curve = pdf("Curve", 900);
    let named = json!({ "id": FILE, "name": "Curve", "sha256": digest(&curve) });
    let record = sign(&dora, &draft_with(&dora, &ana, named).await).await;
    let path = format!("/api/records/{record}");
    assert_eq!(ana.get(&path).await.json()["sync_status"], "pending");

    assert_eq!(attach(&dora, &record, &ana, &pdf("Another", 900)).await.status, 422);
    let attached = attach(&dora, &record, &ana, &curve).await;
    assert_eq!(attached.status, 200, "{}", attached.text());
    assert_eq!(attached.json()["sync_status"], "synced");
    let now = ana.get(&path).await.json();
    assert_eq!(
        (&now["signature"]["is_valid"], &now["version"]),
        (&json!(true), &json!(1))
    );
    let entry = ana.audit_entry(attached.header("x-request-id")).await.expect("a trace");
    assert_eq!(
        (&entry["who"]["id"], &entry["why"]["right"]),
        (&json!(dora.id), &json!("grant"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn others_bring_nothing_to_what_somebody_signed() {
    let world = World::new().await;
    let (ana, dora) = treated(&world).await;
    let (dave, ben) = (world.verified_doctor("dave").await, world.patient("ben").await);
    ana.let_see(&dave, &["records"]).await;
    let curve = pdf("Curve", 900);
    let named = json!({ "id": FILE, "name": "Curve", "sha256": digest(&curve) });
    let record = sign(&dora, &draft_with(&dora, &ana, named).await).await;
    for other in [&dave, &ben] {
        let refused = attach(other, &record, &ana, &curve).await;
        assert_eq!(refused.status, 404, "{}", refused.text());
        let entry = ana.audit_entry(refused.header("x-request-id")).await.expect("a trace");
        assert_eq!(entry["why"]["right"], "refused");
    }
    // Nor does the doctor to what the patient wrote.
    let own = json!({ "title": "Asthma", "files": [{ "id": FILE, "name": "Curve" }] });
    let own = ana.post("/api/records/medical-history", own).await.json();
    let id = own["id"].as_str().expect("an id");
    assert_eq!(attach(&dora, id, &ana, &curve).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_which_nobody_said_what_it_holds_is_not_signed() {
    let world = World::new().await;
    let (ana, dora) = treated(&world).await;
    let draft = draft_with(&dora, &ana, json!({ "id": FILE, "name": "Curve" })).await;
    let path = format!("/api/records/drafts/{draft}/sign");
    let refused = dora.post(&path, Value::Null).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["code"]),
        (422, &json!("record_incomplete"))
    );
}
