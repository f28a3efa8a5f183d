//! Who may write for a patient, until when, and what is left of it.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::id::{AppointmentId, OutboxId};
use domain::notice::Notice;
use jiff::SignedDuration;
use serde_json::{Value, json};
use store::RefusedOr;
use store::outbox::{Entry, Errand};
use store::records::{self, Along};
use store::table::Table;
use tests::clinic::{draft, draft_of, sign};
use tests::world::{Person, World, eventually_async};

use super::{DRAFTS, amend, signed, table, treated};

/// As an appointment ties them, for so many hours.
async fn treats(world: &World, doctor: &Person, patient: &Person, hours: i64) {
    let now = world.product.clock.now();
    let (id, until) = (AppointmentId::new(now, [1; 6]), now + SignedDuration::from_hours(hours));
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let cause = HashMap::from([
        ("kind".to_owned(), text("appointment")),
        ("id".to_owned(), text(&id.to_string())),
    ]);
    let settings = &world.product.platform.settings;
    let put = settings.connection.dynamodb().put_item();
    let put = put
        .table_name(settings.names.table(Table::Identity))
        .item("pk", text(&format!("USER#{}", patient.id)))
        .item("sk", text(&format!("CARE#{}#{id}#APPOINTMENT", doctor.id)))
        .item("patient", text(&patient.id))
        .item("doctor", text(&doctor.id))
        .item("cause", AttributeValue::M(cause))
        .item("until", text(&until.to_string()));
    put.send().await.expect("a tie of care");
}

/// That somebody's attempts are in the patient's log as refused.
async fn refused(patient: &Person, who: &Person, times: usize) {
    let found = eventually_async(|| async {
        let log = patient.get("/api/audit/me?limit=100").await.json();
        let entries = log["entries"].as_array().cloned().unwrap_or_default();
        let refused = |entry: &&Value| entry["why"]["right"] == "refused" && entry["who"]["id"] == who.id.as_str();
        (entries.iter().filter(refused).count() == times).then_some(())
    });
    assert!(found.await.is_some(), "{times} refusals of {}", who.username);
}

async fn try_to_write(doctor: &Person, patient: &Person, record: &Value) -> [u16; 2] {
    let body = json!({ "base_version": 1, "reason": "A slip", "data": { "text": "x" } });
    [
        draft_of(doctor, patient, "diagnosis", json!({ "text": "x" }))
            .await
            .status
            .as_u16(),
        amend(doctor, patient, record, body).await.status.as_u16(),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn only_verified_doctors_with_a_tie_write_and_whoever_tries_is_noted() {
    let world = World::new().await;
    let (ana, dora) = treated(&world).await;
    let record = signed(&dora, &ana).await;
    let (ben, dave) = (world.patient("ben").await, world.verified_doctor("dave").await);
    let new = world.licensed_doctor("new").await;
    for person in [&ben, &new] {
        ana.let_see(person, &["records"]).await;
        assert_eq!(try_to_write(person, &ana, &record).await, [403, 403]);
    }
    assert_eq!(try_to_write(&dave, &ana, &record).await, [404, 404]);
    refused(&ana, &dave, 2).await;
    // A grant of something else is none of this.
    ana.let_see(&dave, &["predictions"]).await;
    assert_eq!(try_to_write(&dave, &ana, &record).await, [404, 404]);
    refused(&ana, &dave, 4).await;
    // Nor does anybody write for themselves.
    assert_eq!(try_to_write(&dora, &dora, &record).await, [404, 404]);
    // An id that nobody has answers as one that somebody has.
    let mut nobody = ana.clone();
    "0186a1f2c3d4e5f601234567".clone_into(&mut nobody.id);
    assert_eq!(try_to_write(&dave, &nobody, &record).await, [404, 404]);
}

/// What a doctor is shown in place of the version that they named is noted as read.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_late_reads_what_there_is_and_is_noted() {
    let world = World::new().await;
    let (ana, dora) = treated(&world).await;
    let record = signed(&dora, &ana).await;
    let unsigned = draft(&dora, &ana).await;
    let data = json!({ "text": "J45.1" });
    let amendment = json!({ "base_version": 7, "reason": "a slip", "data": data });
    let amended = amend(&dora, &ana, &record, amendment).await;
    let change = json!({ "base_version": 7, "data": data });
    let changed = dora.put(&format!("{DRAFTS}/{unsigned}"), change).await;
    for (late, kind) in [(amended, "record"), (changed, "record_draft")] {
        assert_eq!(
            (late.status.as_u16(), late.json()["server_data"].is_object()),
            (409, true)
        );
        let noted = ana.audit_entry(late.header("x-request-id")).await;
        let noted = noted.unwrap_or_else(|| panic!("{kind}: nothing is noted"));
        let told = (&noted["action"], &noted["what"]["kind"], &noted["why"]["right"]);
        assert_eq!(told, (&json!("read"), &json!(kind), &json!("grant")));
        assert_eq!(noted["who"]["id"], dora.id);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_no_right_reads_nothing_and_is_noted() {
    let world = World::new().await;
    let (ana, dora) = treated(&world).await;
    let record = signed(&dora, &ana).await;
    let others = [
        world.patient("ben").await,
        world.verified_doctor("dave").await,
        world.licensed_doctor("new").await,
    ];
    // What ties a doctor who is not approved opens nothing.
    treats(&world, &others[2], &ana, 2).await;
    let path = format!("/api/records/{}", record["id"].as_str().unwrap());
    for other in &others {
        for path in [path.clone(), format!("{path}/versions"), "/api/records".to_owned()] {
            let answer = other.get(&format!("{path}?patient_id={}", ana.id)).await;
            answer.problem(404, "Record not found");
        }
        refused(&ana, other, 3).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tie_of_care_lets_write_until_it_lapses() {
    let world = World::new().await;
    let (ana, dora) = (world.patient("ana").await, world.verified_doctor("dora").await);
    treats(&world, &dora, &ana, 2).await;
    let record = signed(&dora, &ana).await;
    let unsigned = draft(&dora, &ana).await;
    let read = format!("/api/records/{}?patient_id={}", record["id"].as_str().unwrap(), ana.id);
    assert_eq!(dora.get(&read).await.status, 200);
    world.product.clock.set_forward(2 * 3600);
    assert_eq!(try_to_write(&dora, &ana, &record).await, [404, 404]);
    assert_eq!(dora.get(&read).await.status, 404);
    let path = format!("{DRAFTS}/{unsigned}");
    dora.post(&format!("{path}/sign"), Value::Null)
        .await
        .problem(404, "Record not found");
    let change = json!({ "base_version": 1, "data": { "text": "x" } });
    assert_eq!(dora.put(&path, change).await.status, 404);
    refused(&ana, &dora, 5).await;
    // What they wrote is theirs, to read and to throw away.
    assert_eq!(dora.get(&path).await.json()["version"], 1);
    assert_eq!(dora.delete(&path).await.status, 204);
    assert_eq!(ana.get("/api/records").await.json()["total"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_that_ended_or_was_taken_back_lets_nobody_sign() {
    let world = World::new().await;
    let (ana, dora) = (world.patient("ana").await, world.verified_doctor("dora").await);
    let link = ana.let_see(&dora, &["records"]).await;
    let unsigned = draft(&dora, &ana).await;
    let path = format!("{DRAFTS}/{unsigned}/sign");
    let grant = format!("/api/users/family/{link}/grant");
    assert!(ana.delete(&grant).await.status.is_success());
    assert_eq!(dora.post(&path, Value::Null).await.status, 404);
    let soon = world.product.clock.now() + SignedDuration::from_mins(10);
    let body = json!({ "scopes": ["records"], "expires_at": soon.to_string() });
    assert!(ana.put(&grant, body).await.status.is_success());
    world.product.clock.set_forward(11 * 60);
    assert_eq!(dora.post(&path, Value::Null).await.status, 404);
    refused(&ana, &dora, 2).await;
    let body = json!({ "scopes": ["records"] });
    assert!(ana.put(&grant, body).await.status.is_success());
    sign(&dora, &unsigned).await;
}

/// A session may be remembered for a few seconds; what is signed is decided by the account.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_no_verified_doctor_at_that_moment_signs_nothing() {
    let world = World::new().await;
    let (ana, dora) = treated(&world).await;
    let id = draft(&dora, &ana).await.parse().unwrap();
    let store = world.product.platform.store();
    let found = records::get_draft(&store, dora.id.parse().unwrap(), id)
        .await
        .unwrap()
        .unwrap();
    let admin = world.admin().await;
    let path = format!("/api/admin/dermatologists/{}/verify", dora.id);
    let body = json!({ "status": "rejected", "reviewComments": "The licence was withdrawn" });
    assert_eq!(admin.post(&path, body).await.status, 200);
    let now = world.product.clock.now();
    let entry = |number: u8| {
        let errand = Errand::Tell {
            user: found.patient,
            notice: Notice::RecordSigned,
        };
        Entry::new(OutboxId::new(now, [number; 6]), errand, now)
    };
    let along = Along {
        audit: &entry(1),
        told: &entry(2),
    };
    match records::sign(&store, &found, along, now).await {
        Err(RefusedOr::Refused(refused)) => assert_eq!(refused.to_string(), "Only verified doctors can do this"),
        other => panic!("{other:?}"),
    }
    let path = format!("{DRAFTS}/{id}/sign");
    dora.post(&path, Value::Null)
        .await
        .problem(403, "Only verified doctors can do this");
    assert_eq!(ana.get("/api/records").await.json()["total"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_takes_drafts_along_and_signed_records_stay_with_their_patient() {
    let world = World::new().await;
    let (ana, dora) = treated(&world).await;
    let ben = world.patient("ben").await;
    ben.let_see(&dora, &["records"]).await;
    draft(&dora, &ana).await;
    draft(&dora, &ben).await;
    let record = signed(&dora, &ana).await;
    let admin = world.admin().await;
    let left = |word: String| {
        let world = &world;
        async move { eventually_async(|| async { (!table(world).await.contains(&word)).then_some(()) }).await }
    };
    // A patient takes along what a doctor was writing about them.
    assert_eq!(admin.delete("/users/ben").await.status, 200);
    assert!(left(ben.id.clone()).await.is_some(), "{}", table(&world).await);
    assert_eq!(dora.get(DRAFTS).await.json().as_array().unwrap().len(), 1);
    assert_eq!(admin.delete("/users/dora").await.status, 200);
    assert!(left("DRAFT".to_owned()).await.is_some(), "{}", table(&world).await);
    let path = format!("/api/records/{}", record["id"].as_str().unwrap());
    let kept = ana.get(&path).await.json();
    assert_eq!(kept, record);
    assert_eq!(admin.delete("/users/ana").await.status, 200);
    assert!(left(ana.id.clone()).await.is_some(), "{}", table(&world).await);
}
