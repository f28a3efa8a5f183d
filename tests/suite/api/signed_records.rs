//! Records that doctors write: drafts that nobody else sees, signatures, and what is amended or withdrawn.

mod access;
mod files;

use futures_util::future::join_all;
use serde_json::{Value, json};
use store::records;
use store::table::Table;
use tests::clinic::{draft, draft_of, sign};
use tests::world::{Answer, Person, World, eventually_async};

const DRAFTS: &str = "/api/records/drafts";
const ID: &str = "01a0000000000123456789ab";

/// A patient, and a doctor whom they let see their records.
async fn treated(world: &World) -> (Person, Person) {
    let (ana, dora) = (world.patient("ana").await, world.verified_doctor("dora").await);
    ana.let_see(&dora, &["records"]).await;
    (ana, dora)
}

fn prescription() -> Value {
    json!({ "medications": [{ "name": "Salbutamol", "dose_mg": 0.1 }], "instructions": "When needed" })
}

async fn signed(doctor: &Person, patient: &Person) -> Value {
    let id = sign(doctor, &draft(doctor, patient).await).await;
    patient.get(&format!("/api/records/{id}")).await.json()
}

fn path(record: &Value) -> String {
    format!("/api/records/{}", record["id"].as_str().expect("an id"))
}

async fn amend(doctor: &Person, patient: &Person, record: &Value, body: Value) -> Answer {
    let path = format!("{}/amend?patient_id={}", path(record), patient.id);
    doctor.post(&path, body).await
}

/// All that lies in the table of records.
async fn table(world: &World) -> String {
    let settings = &world.product.platform.settings;
    let table = settings.names.table(Table::Records);
    let scan = settings.connection.dynamodb().scan().table_name(table).send().await;
    format!("{:?}", scan.expect("the items").items())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_made_once_changed_from_its_version_and_thrown_away() {
    let world = World::new().await;
    let (ana, dora) = treated(&world).await;
    let body =
        |text: &str| json!({ "id": ID, "patient_id": ana.id, "record_type": "diagnosis", "data": { "text": text } });
    let answers = join_all((0..10).map(|_| dora.post(DRAFTS, body("J45")))).await;
    assert!(answers.iter().all(|answer| answer.status == 201), "{answers:?}");
    let made = answers[0].json();
    for (member, value) in [
        ("id", json!(ID)),
        ("patient_id", json!(ana.id)),
        ("record_type", json!("diagnosis")),
        ("version", json!(1)),
        ("data", json!({ "text": "J45" })),
    ] {
        assert_eq!(made[member], value, "{member}");
    }
    assert_eq!(dora.post(DRAFTS, body("other")).await.json()["code"], "record_id_taken");
    let path = format!("{DRAFTS}/{ID}");
    let change = |base: u64, text: &str| dora.put(&path, json!({ "base_version": base, "data": { "text": text } }));
    assert_eq!(change(1, "J45.0").await.json()["version"], 2);
    let stale = change(1, "J45.1").await;
    assert_eq!(
        (stale.status.as_u16(), &stale.json()["server_data"]["text"]),
        (409, &json!("J45.0"))
    );
    let both = join_all(["a", "b"].map(|text| change(2, text))).await;
    let mut statuses = both.iter().map(|answer| answer.status.as_u16()).collect::<Vec<_>>();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(dora.get(&path).await.json()["version"], 3);
    for expected in [204, 404] {
        assert_eq!(dora.delete(&path).await.status, expected);
    }
    dora.get(&path).await.problem(404, "Draft not found");
    assert!(!table(&world).await.contains("DRAFT"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_of_long_numbers_is_the_same_when_it_is_sent_again() {
    let world = World::new().await;
    let (ana, dora) = treated(&world).await;
    let data = json!({ "curve": super::records::long_numbers() });
    let body = json!({ "id": ID, "patient_id": ana.id, "record_type": "lab_report", "data": data });
    for _ in 0..2 {
        let made = dora.post(DRAFTS, body.clone()).await;
        assert_eq!(made.status, 201, "{}", made.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_are_pages_and_only_their_author_sees_them() {
    let world = World::new().await;
    let (ana, dora) = treated(&world).await;
    let dave = world.verified_doctor("dave").await;
    ana.let_see(&dave, &["records"]).await;
    for _ in 0..3 {
        draft(&dora, &ana).await;
    }
    let first = dora.get(&format!("{DRAFTS}?limit=2")).await;
    assert_eq!(first.json().as_array().unwrap().len(), 2);
    let next = first
        .header("link")
        .split_once('<')
        .unwrap()
        .1
        .split_once('>')
        .unwrap()
        .0
        .to_owned();
    let next = &next[next.find("/api").unwrap()..];
    let second = dora.get(next).await.json();
    assert_eq!(second.as_array().unwrap().len(), 1);
    let id = second[0]["id"].as_str().unwrap();
    let own = format!("{DRAFTS}/{id}");
    dave.get(&own).await.problem(404, "Draft not found");
    assert_eq!(dave.delete(&own).await.status, 404);
    assert_eq!(dave.post(&format!("{own}/sign"), Value::Null).await.status, 404);
    assert_eq!(dave.get(DRAFTS).await.json(), json!([]));
    assert_eq!(ana.get(&own).await.status, 403);
    // Nor anywhere among the patient's.
    assert_eq!(ana.get("/api/records").await.json()["total"], 0);
    assert_eq!(ana.get("/api/records/sync/changes").await.json()["records"], json!([]));
    assert_eq!(ana.get(&format!("/api/records/{id}")).await.status, 404);
    assert!(!table(&world).await.contains("Asthma"), "it lies open");
    let noted = ana.audit_entry(first.header("x-request-id")).await.expect("a trace");
    assert_eq!(
        (&noted["action"], &noted["what"]["kind"]),
        (&json!("list"), &json!("record_draft"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_draft_is_a_record_of_its_patient() {
    let world = World::new().await;
    let (ana, dora) = treated(&world).await;
    let id = draft_of(&dora, &ana, "prescription", prescription()).await.json()["id"].clone();
    let path = format!("{DRAFTS}/{}", id.as_str().unwrap());
    let signing = dora.post(&format!("{path}/sign"), Value::Null).await;
    assert_eq!(signing.status, 201, "{signing:?}");
    dora.post(&format!("{path}/sign"), Value::Null)
        .await
        .problem(404, "Draft not found");
    let own = ana.get(&format!("/api/records/{}", id.as_str().unwrap())).await.json();
    let listed = ana.get("/api/records?record_type=prescription").await.json();
    let pulled = ana.get("/api/records/sync/changes").await.json();
    for shown in [&signing.json(), &own, &listed["records"][0], &pulled["records"][0]] {
        assert_eq!(
            (&shown["id"], &shown["user_id"], &shown["version"], &shown["created_by"]),
            (&id, &json!(ana.id), &json!(1), &json!(dora.id))
        );
        // Whoever reads it without knowing signatures sees who prescribed.
        assert_eq!(shown["data"]["doctor_name"], "Dr dora");
        let signature = &shown["signature"];
        for (member, value) in [
            ("by", json!(dora.id)),
            ("name", json!("Dr dora")),
            ("licence", json!("LIC-dora")),
            ("is_valid", json!(true)),
            ("is_withdrawn", json!(false)),
            ("reason", Value::Null),
        ] {
            assert_eq!(signature[member], value, "{member}");
        }
        assert_eq!(signature["hash"].as_str().unwrap().len(), 64);
        assert!(signature["signed_at"].as_str().unwrap().ends_with('Z'));
    }
    let stored = table(&world).await;
    for secret in ["Salbutamol", "LIC-dora", "Dr dora"] {
        assert!(!stored.contains(secret), "{secret} lies open");
    }
    let entry = ana.audit_entry(signing.header("x-request-id")).await.expect("a trace");
    assert_eq!(
        (&entry["action"], &entry["why"]["right"], &entry["what"]["id"]),
        (&json!("create"), &json!("grant"), &id)
    );
    let note = notice(&ana, "record_signed").await;
    assert!(!note.contains("Salbutamol") && !note.contains("dora"), "{note}");
}

/// What somebody is told, in the app.
async fn notice(person: &Person, kind: &str) -> String {
    let found = eventually_async(|| async {
        let inbox = person.get("/api/notifications").await.json();
        let notes = inbox["notifications"].as_array().cloned().unwrap_or_default();
        notes.into_iter().find(|note| note["type"] == kind)
    });
    found.await.expect("a notice").to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_signed_is_refused() {
    let world = World::new().await;
    let (ana, dora) = treated(&world).await;
    let vitals = draft_of(&dora, &ana, "vital_sign", json!({ "pulse": 70 })).await;
    assert_eq!(
        (vitals.status.as_u16(), &vitals.json()["code"]),
        (422, &json!("record_type_not_for_doctors"))
    );
    for (kind, data, missing) in [
        ("prescription", json!({ "medications": [] }), "medications"),
        ("lab_report", json!({ "test_name": "Hb" }), "results"),
        ("medical_history", json!({}), "data"),
    ] {
        let id = draft_of(&dora, &ana, kind, data).await.json()["id"].clone();
        let path = format!("{DRAFTS}/{}/sign", id.as_str().unwrap());
        let refused = dora.post(&path, Value::Null).await;
        let body = refused.json();
        assert_eq!(
            (refused.status.as_u16(), &body["code"], &body["errors"][0]["loc"]),
            (422, &json!("record_incomplete"), &json!(["body", missing]))
        );
    }
    // The patient has something of their own under that name.
    let own = json!({ "id": ID, "title": "Asthma" });
    assert_eq!(ana.post("/api/records/medical-history", own).await.status, 201);
    let body = json!({ "id": ID, "patient_id": ana.id, "record_type": "treatment", "data": { "text": "Rest" } });
    assert_eq!(dora.post(DRAFTS, body).await.status, 201);
    let refused = dora.post(&format!("{DRAFTS}/{ID}/sign"), Value::Null).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["code"]),
        (409, &json!("record_id_taken"))
    );
    assert_eq!(dora.get(&format!("{DRAFTS}/{ID}")).await.status, 200);
    assert_eq!(
        ana.get(&format!("/api/records/{ID}")).await.json()["data"]["title"],
        "Asthma"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_a_patient_does_changes_what_is_signed() {
    let world = World::new().await;
    let (ana, dora) = treated(&world).await;
    let before = signed(&dora, &ana).await;
    let path = path(&before);
    let resolve = json!({ "record_id": before["id"], "chosen_version": 1, "resolved_data": { "text": "mine" } });
    let again = json!({ "id": before["id"], "title": "mine", "client_version": 2 });
    let answers = [
        ana.put(&format!("{path}?client_version=2"), json!({ "text": "mine" }))
            .await,
        ana.put(&format!("{path}?client_version=1"), json!({ "signature": null }))
            .await,
        ana.delete(&path).await,
        ana.delete(&format!("{path}?soft_delete=false")).await,
        ana.post("/api/records/resolve-conflict", resolve).await,
    ];
    for answer in answers {
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["code"]),
            (403, &json!("record_signed")),
            "{answer:?}"
        );
    }
    assert_eq!(
        ana.post("/api/records/medical-history", again).await.json()["code"],
        "record_of_another_type"
    );
    let change = |name: &str, record: &Value, base: u64, data: Value| {
        json!({
            "change_id": name, "record_id": record, "record_type": "diagnosis", "base_version": base, "data": data,
        })
    };
    let changes = json!([
        change("edit", &before["id"], 1, json!({ "text": "mine" })),
        change("delete", &before["id"], 1, Value::Null),
        change("stale", &before["id"], 0, json!({ "text": "mine" })),
        change("own", &json!("01d0000000000123456789ab"), 0, json!({ "text": "own" })),
    ]);
    let body = json!({ "device_id": "a", "changes": changes });
    for _ in 0..2 {
        let pushed = ana.post("/api/records/sync/changes", body.clone()).await.json();
        let results = pushed["results"].as_array().unwrap();
        for refused in &results[..3] {
            assert_eq!(
                (&refused["code"], &refused["outcome"]),
                (&json!("record_signed"), &Value::Null)
            );
        }
        // The other changes of the device are none the worse for it.
        assert_eq!(results[3]["outcome"], "applied");
    }
    assert_eq!(ana.get("/api/records/conflicts").await.json(), json!([]));
    assert_eq!(ana.get(&path).await.json(), before);
    let versions = ana.get(&format!("{path}/versions")).await.json();
    assert_eq!(versions.as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_forges_a_signature() {
    let world = World::new().await;
    let (ana, dora) = treated(&world).await;
    let real = signed(&dora, &ana).await["signature"].clone();
    let body = json!({ "title": "Asthma", "signature": real, "metadata": { "signature": real } });
    let made = ana.post("/api/records/medical-history", body).await.json();
    let change = json!({ "signature": real, "client_version": 2 });
    let updated = ana.put(&path(&made), change).await.json();
    let read = ana.get(&path(&made)).await.json();
    for shown in [&made, &updated, &read] {
        assert_eq!(shown["signature"], Value::Null, "{shown}");
    }
    // Of what was signed, nothing else is taken for it.
    let store = world.product.platform.store();
    let id = signed(&dora, &ana).await["id"].clone();
    let (patient, id) = (ana.id.parse().unwrap(), id.as_str().unwrap().parse().unwrap());
    let record = records::get(&store, patient, id).await.unwrap().unwrap();
    assert!(records::is_authentic(&store, &record).await.unwrap());
    let mut other = record.clone();
    other.data.insert("text".to_owned(), json!("something else"));
    assert!(!records::is_authentic(&store, &other).await.unwrap());
    let mut other = record.clone();
    other.signature.as_mut().unwrap().signer.name = "Dr Other".to_owned();
    assert!(!records::is_authentic(&store, &other).await.unwrap());
}

fn in_short(version: &Value) -> Value {
    let signature = &version["signature"];
    let (name, reason) = (&signature["name"], &signature["reason"]);
    json!([
        version["version"],
        name,
        reason,
        signature["is_withdrawn"],
        signature["is_valid"]
    ])
}

#[tokio::test(flavor = "multi_thread")]
async fn an_amendment_is_a_signed_version_and_all_versions_stay() {
    let world = World::new().await;
    let (ana, dora) = treated(&world).await;
    let dave = world.verified_doctor("dave").await;
    ana.let_see(&dave, &["records"]).await;
    let record = signed(&dora, &ana).await;
    let body = |base: u64, text: &str| json!({ "base_version": base, "reason": "A slip", "data": { "text": text } });
    let amended = amend(&dave, &ana, &record, body(1, "J45.0")).await;
    assert_eq!(amended.status, 200, "{amended:?}");
    let shown = ana.get(&path(&record)).await.json();
    assert_eq!(amended.json(), shown);
    assert_eq!(
        (&shown["version"], &shown["created_by"], &shown["updated_by"]),
        (&json!(2), &json!(dora.id), &json!(dave.id))
    );
    let stale = amend(&dora, &ana, &record, body(1, "J45.1")).await;
    assert_eq!(
        (stale.status.as_u16(), &stale.json()["server_version"]),
        (409, &json!(2))
    );
    let withdrawal = json!({ "base_version": 2, "reason": "Another patient's", "withdraw": true });
    let withdrawn = amend(&dora, &ana, &record, withdrawal).await.json();
    assert_eq!(
        (&withdrawn["signature"]["is_withdrawn"], &withdrawn["data"]["text"]),
        (&json!(true), &json!("J45.0"))
    );
    assert_eq!(
        amend(&dora, &ana, &record, body(3, "x")).await.json()["code"],
        "record_withdrawn"
    );
    let versions = ana.get(&format!("{}/versions", path(&record))).await.json();
    let seen: Vec<Value> = versions.as_array().unwrap().iter().map(in_short).collect();
    assert_eq!(
        json!(seen),
        json!([
            [3, "Dr dora", "Another patient's", true, true],
            [2, "Dr dave", "A slip", false, true],
            [1, "Dr dora", null, false, true],
        ])
    );
    let entry = ana.audit_entry(amended.header("x-request-id")).await.expect("a trace");
    assert_eq!(
        (&entry["action"], &entry["who"]["id"]),
        (&json!("update"), &json!(dave.id))
    );
    assert!(!notice(&ana, "record_amended").await.contains("J45"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_amendment_is_refused() {
    let world = World::new().await;
    let (ana, dora) = treated(&world).await;
    let record = signed(&dora, &ana).await;
    let text = || json!({ "text": "x" });
    for body in [
        json!({ "base_version": 1, "data": text() }),
        json!({ "base_version": 1, "data": text(), "reason": " " }),
        json!({ "base_version": 1, "data": text(), "reason": "x".repeat(1_001) }),
        json!({ "base_version": 1, "reason": "why" }),
        json!({ "base_version": 1, "data": text(), "withdraw": true, "reason": "why" }),
        json!({ "base_version": 1, "data": {}, "reason": "why" }),
        json!({ "base_version": 1, "data": { "text": "x".repeat(100_001) }, "reason": "why" }),
        json!({ "data": text(), "reason": "why" }),
    ] {
        let answer = amend(&dora, &ana, &record, body.clone()).await;
        assert_eq!(answer.status, 422, "{:.100}: {answer:?}", body.to_string());
    }
    let own = ana
        .post("/api/records/medical-history", json!({ "title": "Asthma" }))
        .await
        .json();
    let body = json!({ "base_version": 1, "data": text(), "reason": "why" });
    let refused = amend(&dora, &ana, &own, body.clone()).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["code"]),
        (403, &json!("record_not_signed"))
    );
    let unknown = json!({ "id": ID });
    amend(&dora, &ana, &unknown, body)
        .await
        .problem(404, "Record not found");
    assert_eq!(ana.get(&path(&record)).await.json(), record);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_amendments_of_one_version_one_is_made() {
    let world = World::new().await;
    let (ana, dora) = treated(&world).await;
    let record = signed(&dora, &ana).await;
    let body = |number: usize| json!({ "base_version": 1, "reason": "A slip", "data": { "text": number.to_string() } });
    let answers = join_all((0..50).map(|number| amend(&dora, &ana, &record, body(number)))).await;
    let with = |status: u16| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((with(200), with(409)), (1, 49), "{answers:?}");
    let versions = ana.get(&format!("{}/versions", path(&record))).await.json();
    assert_eq!(versions.as_array().unwrap().len(), 2);
}
