//! Doctors who break the glass: reading for an hour, in front of everybody's eyes.

use serde_json::{Value, json};
use store::table::Table;
use tests::clinic::{break_glass, draft_of, sign};
use tests::world::{Answer, Person, World, eventually, eventually_async};

const LIST: &str = "/api/admin/emergency-access";
const REASON: &str = "Unconscious, brought in by ambulance";
const A_MINUTE: i64 = 60;
const A_DAY: i64 = 24 * 60 * 60;

async fn open(doctor: &Person, patient: &str, reason: &str) -> Answer {
    let path = format!("/api/patients/{patient}/emergency-access");
    doctor.post(&path, json!({ "reason": reason })).await
}

/// A patient with a record, and a doctor who has nothing to do with them.
async fn strangers(world: &World) -> (Person, Person, String) {
    let (ana, dora) = (world.patient("ana").await, world.verified_doctor("dora").await);
    let made = ana
        .post("/api/records/medical-history", json!({ "title": "Asthma" }))
        .await;
    let path = format!("/api/records/{}", made.json()["id"].as_str().expect("an id"));
    (ana, dora, path)
}

fn of(patient: &Person, path: &str) -> String {
    format!("{path}?patient_id={}", patient.id)
}

async fn notice(person: &Person, kind: &str) -> Option<Value> {
    let found = eventually_async(|| async {
        let inbox = person.get("/api/notifications").await.json();
        let notes = inbox["notifications"].as_array().cloned().unwrap_or_default();
        notes.into_iter().find(|note| note["type"] == kind)
    });
    found.await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_reads_one_patient_for_an_hour_and_writes_nothing() {
    let world = World::new().await;
    let (ana, dora, record) = strangers(&world).await;
    let ben = world.patient("ben").await;
    assert_eq!(dora.get(&of(&ana, &record)).await.status, 404);
    let opened = open(&dora, &ana.id, &format!("  {REASON} ")).await;
    assert_eq!(opened.status, 201, "{opened:?}");
    let body = opened.json();
    assert_eq!(
        (&body["patient_id"], &body["reason"], &body["reviewed"]),
        (&json!(ana.id), &json!(REASON), &Value::Null)
    );
    let mut requests = Vec::new();
    for path in [
        record.clone(),
        format!("{record}/versions"),
        "/api/records".to_owned(),
        "/api/records/sync/changes".to_owned(),
        "/api/records/conflicts".to_owned(),
    ] {
        let read = dora.get(&of(&ana, &path)).await;
        assert_eq!(read.status, 200, "{path}: {read:?}");
        assert_eq!(dora.get(&of(&ben, &path)).await.status, 404, "{path}");
        requests.push(read.header("x-request-id").to_owned());
    }
    requests.push(opened.header("x-request-id").to_owned());
    for request in requests {
        let entry = ana.audit_entry(&request).await.expect("a trace");
        assert_eq!(entry["why"], json!({ "right": "break_glass", "reason": REASON }));
    }
    assert_eq!(
        draft_of(&dora, &ana, "diagnosis", json!({ "text": "x" })).await.status,
        404
    );
    let amendment = json!({ "base_version": 1, "reason": "A slip", "data": { "text": "x" } });
    let amended = dora.post(&of(&ana, &format!("{record}/amend")), amendment).await;
    assert_eq!(amended.status, 404);
    world.product.clock.set_forward(59 * A_MINUTE);
    assert_eq!(dora.get(&of(&ana, &record)).await.status, 200);
    world.product.clock.set_forward(60 * A_MINUTE);
    let late = dora.get(&of(&ana, &record)).await;
    late.problem(404, "Record not found");
    let entry = ana.audit_entry(late.header("x-request-id")).await.expect("a trace");
    assert_eq!(entry["why"]["right"], "refused");
}

/// Nor does a draft from before become anything by it.
#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_is_no_right_to_sign() {
    let world = World::new().await;
    let (ana, dora, _) = strangers(&world).await;
    let link = ana.let_see(&dora, &["records"]).await;
    let draft = draft_of(&dora, &ana, "diagnosis", json!({ "text": "J45" }))
        .await
        .json();
    let draft = draft["id"].as_str().unwrap();
    assert!(
        ana.delete(&format!("/api/users/family/{link}/grant"))
            .await
            .status
            .is_success()
    );
    break_glass(&dora, &ana).await;
    let path = format!("/api/records/drafts/{draft}/sign");
    dora.post(&path, Value::Null).await.problem(404, "Record not found");
    let body = json!({ "scopes": ["records"] });
    let granted = ana.put(&format!("/api/users/family/{link}/grant"), body).await;
    assert!(granted.status.is_success());
    sign(&dora, draft).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_takes_a_reason_a_verified_doctor_and_a_fresh_sign_in() {
    let world = World::new().await;
    let (ana, dora, record) = strangers(&world).await;
    for reason in ["", "too short", &"x".repeat(501)] {
        let refused = open(&dora, &ana.id, reason).await;
        let body = refused.json();
        assert_eq!(
            (refused.status.as_u16(), &body["errors"][0]["loc"]),
            (422, &json!(["body", "reason"]))
        );
    }
    for person in [
        world.patient("ben").await,
        world.licensed_doctor("new").await,
        world.admin().await,
    ] {
        assert_eq!(open(&person, &ana.id, REASON).await.status, 403);
    }
    assert_eq!(open(&dora, &dora.id, REASON).await.json()["code"], "own_records");
    assert_eq!(open(&dora, "nobody", REASON).await.status, 422);
    world.product.clock.set_forward(16 * A_MINUTE);
    let stale = open(&dora, &ana.id, REASON).await;
    assert_eq!(
        (stale.status.as_u16(), &stale.json()["code"]),
        (403, &json!("sign_in_again"))
    );
    assert_eq!(dora.get(&of(&ana, &record)).await.status, 404);
    let fresh = world.log_in(&dora.email, &dora.password).await;
    assert_eq!(open(&fresh, &ana.id, REASON).await.status, 201);
    // It is the doctor who may, on whatever device.
    assert_eq!(dora.get(&of(&ana, &record)).await.status, 200);
    let path = format!("/api/admin/dermatologists/{}/verify", dora.id);
    let admin = world.admin().await;
    assert_eq!(admin.post(&path, json!({ "status": "rejected" })).await.status, 200);
    assert_eq!(dora.get(&of(&ana, &record)).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn patient_and_admins_hear_of_it_and_nobody_hears_why() {
    let world = World::new().await;
    let (ana, dora, record) = strangers(&world).await;
    let admin = world.admin().await;
    open(&dora, &ana.id, REASON).await;
    dora.get(&of(&ana, &record)).await;
    let own = notice(&ana, "emergency_access").await.expect("the patient's");
    let admins = notice(&admin, "emergency_access_opened").await.expect("the admin's");
    for note in [own.to_string(), admins.to_string()] {
        for secret in ["Unconscious", "dora", &dora.id] {
            assert!(!note.contains(secret), "{note}");
        }
    }
    assert!(!admins.to_string().contains(&ana.id), "{admins}");
    let mailed = eventually(|| {
        let mails = world.product.inbox.newest(1000);
        mails
            .into_iter()
            .find(|mail| mail.subject.as_deref() == Some("An emergency access to review"))
    });
    assert_eq!(mailed.await.expect("a mail").to, admin.email);
    world.message(&ana.email, "Emergency access to your records").await;
    let sent = format!(
        "{:?}",
        world
            .product
            .inbox
            .newest(1000)
            .iter()
            .map(|mail| &mail.body)
            .collect::<Vec<_>>()
    );
    assert!(!sent.contains("Unconscious") && !world.log().contains("Unconscious"));
    let settings = &world.product.platform.settings;
    for table in [Table::Identity, Table::Notifications] {
        let scan = settings
            .connection
            .dynamodb()
            .scan()
            .table_name(settings.names.table(table));
        let items = format!("{:?}", scan.send().await.expect("the items").items());
        assert!(!items.contains("Unconscious"), "it lies open in {}", table.name());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_opens_five_a_day() {
    let world = World::new().await;
    let (ana, dora, _) = strangers(&world).await;
    for _ in 0..5 {
        break_glass(&dora, &ana).await;
    }
    let spent = open(&dora, &ana.id, REASON).await;
    assert_eq!(
        (spent.status.as_u16(), &spent.json()["code"]),
        (429, &json!("emergencies_too_many"))
    );
    let dave = world.verified_doctor("dave").await;
    break_glass(&dave, &ana).await;
    world.product.clock.set_forward(A_DAY);
    let dora = world.log_in(&dora.email, &dora.password).await;
    break_glass(&dora, &ana).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whether_there_is_such_a_patient_shows_nowhere() {
    let world = World::new().await;
    let (_, dora, _) = strangers(&world).await;
    let without_records = world.patient("ben").await;
    let unknown = "0186a1f2c3d4e5f601234567";
    let (known, unknown_too) = (
        open(&dora, &without_records.id, REASON).await,
        open(&dora, unknown, REASON).await,
    );
    assert_eq!((known.status.as_u16(), unknown_too.status.as_u16()), (201, 201));
    let members = |answer: &Answer| answer.json().as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(members(&known), members(&unknown_too));
    for path in [
        "/api/records",
        "/api/records/sync/changes",
        "/api/records/01a0000000000123456789ab",
    ] {
        let known = dora.get(&of(&without_records, path)).await;
        let unknown = dora.get(&format!("{path}?patient_id={unknown}")).await;
        assert_eq!(known.status, unknown.status, "{path}");
        if known.status == 200 {
            assert_eq!(known.json(), unknown.json(), "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_review_each_once() {
    let world = World::new().await;
    let (ana, dora, _) = strangers(&world).await;
    let admin = world.admin().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        world.product.clock.set_forward(i64::try_from(ids.len()).unwrap() + 1);
        ids.push(break_glass(&dora, &ana).await);
    }
    for person in [&ana, &dora] {
        assert_eq!(person.get(LIST).await.status, 403);
    }
    let listed = async |query: &str| {
        let list = admin.get(&format!("{LIST}{query}")).await.json();
        let list = list.as_array().cloned().unwrap();
        list.iter()
            .map(|each| each["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let newest_first = [ids[2].clone(), ids[1].clone(), ids[0].clone()];
    assert_eq!(listed("").await, newest_first);
    assert_eq!(listed("?unreviewed=true&limit=2").await, newest_first[..2]);
    let path = format!("{LIST}/{}/review", ids[1]);
    assert_eq!(admin.post(&path, json!({ "outcome": "maybe" })).await.status, 422);
    let review = || admin.post(&path, json!({ "outcome": "unjustified" }));
    let (one, other) = tokio::join!(review(), review());
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(listed("?unreviewed=true").await, [ids[2].clone(), ids[0].clone()]);
    let all = admin.get(LIST).await.json();
    assert_eq!(
        (
            &all[1]["reviewed"]["outcome"],
            &all[1]["reviewed"]["by"],
            &all[1]["reason"]
        ),
        (&json!("unjustified"), &json!(admin.id), &json!(REASON))
    );
    let unknown = admin
        .post(&format!("{LIST}/nonsense/review"), json!({ "outcome": "justified" }))
        .await;
    unknown.problem(404, "Emergency access not found");
    // With the patient it goes from the list; the log of who read what stays.
    assert_eq!(admin.delete("/users/ana").await.status, 200);
    let gone = eventually_async(|| async { listed("").await.is_empty().then_some(()) });
    assert!(gone.await.is_some());
}
