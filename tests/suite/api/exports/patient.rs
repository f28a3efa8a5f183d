//! A patient of whom something of every kind is kept.

use domain::notice::Notice;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use tests::calls::{self, consult, invite};
use tests::clinic::{draft_of, sign};
use tests::files::{pdf, uploaded};
use tests::pharmacy;
use tests::photos;
use tests::world::{Person, World, eventually_async, send};

pub const PUSH_TOKEN: &str = "a-push-token-that-is-secret";
/// What people write wherever they can.
pub const EVIL: &str = "<script>alert('x')</script> & \u{3000}\u{feff}";

const CHANGES: &str = "/api/records/sync/changes";

pub async fn fill(world: &World) -> Person {
    let ana = world.patient("ana").await;
    let derm = world.verified_doctor("derm").await;
    profile(&ana).await;
    results(&ana, &derm).await;
    records(&ana).await;
    conflicts(&ana).await;
    files(&ana).await;
    signed(world, &ana).await;
    emergency(&ana, &derm).await;
    visits(&ana, &derm).await;
    call(&ana, &derm).await;
    medicine(world, &ana).await;
    vital_signs(world, &ana).await;
    others(world, &ana).await;
    ana
}

async fn ok(person: &Person, path: &str, body: Value) -> Value {
    let answer = person.post(path, body).await;
    assert!(answer.status.is_success(), "{path}: {answer:?}");
    serde_json::from_slice(&answer.bytes).unwrap_or_default()
}

async fn profile(ana: &Person) {
    let body = json!({
        "full_name": format!("Ana {EVIL}"), "gender": "female", "emergency_contact_name": "Ben",
        "emergency_contact_phone": "+15005550001", "address": "Main street 1",
    });
    assert_eq!(ana.put("/api/users/profile", body).await.status, 200);
    let body = json!({ "height": "170 cm", "weight": "70.50", "bloodGroup": "0+", "allergies": EVIL });
    assert_eq!(ana.put("/api/users/me", body).await.status, 200);
    let form = Form::new()
        .text("dob", "1990-02-28")
        .text("medical_history", r#"["asthma", "flu"]"#);
    let answer = send(ana.request(Method::POST, "/patients/me").multipart(form)).await;
    assert!(answer.status.is_success(), "{answer:?}");
    let picture = json!({ "image": data_encoding::BASE64.encode(&photos::face()) });
    ok(ana, "/api/auth/profile/upload-image", picture).await;
}

async fn results(ana: &Person, derm: &Person) {
    let mut predictions = Vec::new();
    for _ in 0..2 {
        let made = ana.predict(photos::face()).await.json();
        predictions.push(made["prediction_id"].as_str().expect("an id").to_owned());
    }
    let answered = ana.ask_about(&predictions[0], derm).await;
    ana.ask_about(&predictions[1], derm).await;
    let path = format!("/api/review-requests/{answered}/review");
    ok(derm, &path, json!({ "comment": EVIL })).await;
    for (number, verdict) in ["agree", "correct"].into_iter().enumerate() {
        let path = format!(
            "/api/predictions/{}/opinions?patient_id={}",
            predictions[number], ana.id
        );
        let condition = (verdict == "correct").then_some("Rosacea");
        ok(
            derm,
            &path,
            json!({ "verdict": verdict, "condition": condition, "note": EVIL }),
        )
        .await;
    }
    let photo = Part::bytes(photos::face()).file_name("../../evil.jpg");
    let form = Form::new().part("image", photo).text("notes", EVIL);
    let answer = send(ana.request(Method::POST, "/infections/diagnose").multipart(form)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let teeth = ana
        .send_photo("/analysis/analyze-images", "file1", photos::teeth_with_a_red_spot())
        .await;
    assert_eq!(teeth.status, 200, "{teeth:?}");
}

fn change(name: &str, record: &str, kind: &str, base: u64, data: Value) -> Value {
    json!({
        "change_id": name, "record_id": record, "record_type": kind, "base_version": base, "data": data,
    })
}

/// Of every type; changed, deleted, erased, in conflict, and with a conflict that is settled.
async fn records(ana: &Person) {
    let title = json!({ "title": "Asthma", "description": EVIL, "diagnosis_date": "2019-05-01T00:00:00" });
    let history = ok(ana, "/api/records/medical-history", title).await;
    let path = format!("/api/records/{}", history["id"].as_str().expect("an id"));
    let changed = json!({ "client_version": 2, "description": "Better since May" });
    assert_eq!(ana.put(&path, changed).await.status, 200);
    let prescription = json!({
        "doctor_name": "Dora Example", "instructions": "With food", "valid_until": "2027-05-01T00:00:00Z",
        "medications": [{ "name": "Salbutamol", "dose": "100 micrograms" }, { "name": EVIL }, { "strange": [1, null] }],
    });
    ok(ana, "/api/records/prescription", prescription).await;
    let lab = json!({
        "test_name": "Blood count", "test_type": "blood", "doctor_notes": EVIL,
        "results": { "hb_g_per_dl": 13.5, "comment": "", "none": null, "flags": ["a"], "fasting": true, "": 1 },
    });
    ok(ana, "/api/records/lab-report", lab).await;
    for (gone, how) in [("soft", ""), ("hard", "?soft_delete=false")] {
        let record = ok(ana, "/api/records/medical-history", json!({ "title": gone })).await;
        let path = format!("/api/records/{}{how}", record["id"].as_str().expect("an id"));
        assert_eq!(ana.delete(&path).await.status, 200);
    }
    let changes = json!([
        change(
            "1",
            &record(1),
            "vital_sign",
            0,
            json!({ "name": "Pulse", "beats_per_minute": 61, "at rest": true })
        ),
        change(
            "2",
            &record(2),
            "diagnosis",
            0,
            json!({ "diagnosis": "Flu", "onset_date": "2026-01" })
        ),
        change(
            "3",
            &record(3),
            "treatment",
            0,
            json!({ "treatment": "Rest", "date": "2026-01-05" })
        ),
        change("4", &record(4), "treatment", 0, json!({})),
    ]);
    ok(ana, CHANGES, json!({ "device_id": "a", "changes": changes })).await;
}

fn record(number: u8) -> String {
    format!("01d0000000000123456789{number:02x}")
}

/// One that is open and one that is settled.
async fn conflicts(ana: &Person) {
    for number in [1, 2] {
        let from_both = |device: &str| {
            let data = json!({ "from": device });
            let change = change(&format!("c{number}"), &record(number), "treatment", 1, data);
            json!({ "device_id": device, "changes": [change] })
        };
        ok(ana, CHANGES, with_type(from_both("b"), number)).await;
        ok(ana, CHANGES, with_type(from_both("c"), number)).await;
    }
    let conflicts = ana.get("/api/records/conflicts").await.json();
    let conflict = &conflicts[0];
    let path = format!(
        "/api/records/{}/conflicts/{}",
        conflict["record_id"].as_str().expect("an id"),
        conflict["id"].as_str().expect("an id")
    );
    ok(ana, &path, json!({ "keep": "server", "version": 2 })).await;
}

/// A picture and a PDF of one record.
async fn files(ana: &Person) {
    let files = [("picture", photos::face()), ("pdf", pdf("Letter", 0))];
    let named = |number: usize| json!({ "id": format!("0f{number:022x}"), "name": EVIL });
    let body = json!({ "title": "Letter", "files": [named(0), named(1)] });
    let record = ok(ana, "/api/records/medical-history", body).await;
    for (number, (kind, bytes)) in files.into_iter().enumerate() {
        let upload = uploaded(ana, kind, &bytes).await;
        let path = format!("/api/records/{}/files", record["id"].as_str().expect("an id"));
        let body = json!({ "file_id": named(number)["id"], "upload_id": upload });
        ok(ana, &path, body).await;
    }
}

/// What a doctor has signed, amended and withdrawn; and a question that they declined.
async fn signed(world: &World, ana: &Person) {
    let dora = world.verified_doctor("dora").await;
    ana.let_see(&dora, &["records"]).await;
    let medicine = |name: &str| json!({ "medications": [{ "name": name, "dose": "500 mg" }] });
    let report = |value: f64| json!({ "test_name": "Creatinine", "results": { "mg_per_dl": value } });
    let amended = json!({ "base_version": 1, "data": report(1.2), "reason": "A slip of the pen" });
    let withdrawn = json!({ "base_version": 1, "withdraw": true, "reason": "Of another patient" });
    for (kind, data, amendment) in [
        ("prescription", medicine("Amoxicillin"), None),
        ("prescription", medicine("Withdrawn medicine"), Some(&withdrawn)),
        ("diagnosis", json!({ "diagnosis": "Withdrawn gout" }), Some(&withdrawn)),
        ("lab_report", report(1.1), Some(&amended)),
    ] {
        let draft = draft_of(&dora, ana, kind, data).await.json();
        let record = sign(&dora, draft["id"].as_str().expect("an id")).await;
        if let Some(amendment) = amendment {
            let path = format!("/api/records/{record}/amend?patient_id={}", ana.id);
            ok(&dora, &path, amendment.clone()).await;
        }
    }
    let predictions = ana.predictions().await;
    let asked = ana
        .ask_about(predictions[0]["id"].as_str().expect("an id"), &dora)
        .await;
    let path = format!("/api/review-requests/{asked}/reject");
    ok(&dora, &path, json!({ "comment": "Declined, not my field" })).await;
}

async fn visits(ana: &Person, derm: &Person) {
    let slot = json!({ "start_datetime": "2034-05-02T09:00:00Z", "end_datetime": "2034-05-02T09:30:00Z" });
    ok(derm, "/doctors/me/slots", slot).await;
    ok(ana, "/appointments/request", json!({})).await;
    ok(ana, "/waitlist", json!({ "doctor_id": derm.id })).await;
}

async fn call(ana: &Person, derm: &Person) {
    let call = consult(ana, derm, json!({ "reason": EVIL })).await;
    invite(ana, &call, "Rosa").await;
    let text = json!({ "text": EVIL, "client_id": "1" });
    ok(ana, &calls::path(&call, "/messages"), text).await;
}

/// One is given out and one is still kept.
async fn medicine(world: &World, ana: &Person) {
    let admin = world.admin().await;
    let house = pharmacy::add_as(&admin, json!({})).await;
    pharmacy::receive(&admin, &house, "Salbutamol", "S-1", 40).await;
    let record = pharmacy::prescription(ana, json!({ "name": "Salbutamol", "refills": 1 })).await;
    let first = pharmacy::reserve(ana, &record).await.json();
    let collected = json!({ "status": "collected", "paper_seen": true });
    let given = pharmacy::set_status(&admin, &first, collected).await;
    assert_eq!(given.status, 200, "{given:?}");
    assert_eq!(pharmacy::reserve(ana, &record).await.status, 201);
}

/// A device, readings of two kinds, one that cannot be true, an alarm, and settings.
async fn vital_signs(world: &World, ana: &Person) {
    let device = ok(ana, "/api/iot/devices", json!({ "name": EVIL.trim() })).await;
    let now = world.product.clock.now();
    let points = json!([{ "timestamp": now, "glucose": 250.5, "heart_rate": 71 }, { "timestamp": now, "spo2": 400 }]);
    let batch = json!({
        "device_id": device["device_id"], "device_token": device["device_token"], "data_points": points,
    });
    ok(ana, "/api/iot/data/batch", batch).await;
    let settings = json!({ "version": 0, "weight_gain": true });
    assert_eq!(ana.put("/api/vitals/settings", settings).await.status, 200);
    let told = || async {
        ana.get("/api/notifications")
            .await
            .text()
            .contains("vitals_warning")
            .then_some(())
    };
    eventually_async(told).await.expect("a notification");
}

async fn emergency(ana: &Person, derm: &Person) {
    let path = format!("/api/patients/{}/emergency-access", ana.id);
    ok(derm, &path, json!({ "reason": "Unconscious, allergies unknown" })).await;
}

fn with_type(mut push: Value, number: u8) -> Value {
    push["changes"][0]["record_type"] = json!(if number == 1 { "vital_sign" } else { "diagnosis" });
    push
}

async fn others(world: &World, ana: &Person) {
    let ben = world.patient("ben").await;
    ana.let_see(&ben, &["records"]).await;
    let device = json!({ "token": PUSH_TOKEN, "platform": "android", "app": EVIL.trim() });
    ok(ana, "/api/notifications/devices", device).await;
    let ticket = json!({
        "name": "Ana", "email": ana.email, "subject": EVIL, "category": "General", "message": EVIL,
    });
    ok(ana, "/api/support/tickets", ticket).await;
    ok(ana, "/api/uploads", json!({ "size_bytes": 9 })).await;
    world.log_in(&ana.email, &ana.password).await;
    for notice in [Notice::PasswordChanged, Notice::TicketAnswered] {
        let kind = notice.kind();
        world.tell(ana, notice).await;
        let told = || async { ana.get("/api/notifications").await.text().contains(kind).then_some(()) };
        eventually_async(told).await.expect("a notification");
    }
}
