use serde_json::{Value, json};
use tests::calls::{CONSULTATIONS, consult, path};
use tests::world::{Person, World};

use super::{Call, handed, join};

/// Whether somebody's log says so.
async fn is_logged(owner: &Person, request: &str, right: &str, actor: &Person) {
    let entry = owner.audit_entry(request).await.expect("an entry in the log");
    assert_eq!(entry["why"]["right"], right, "{entry}");
    assert_eq!(entry["who"]["id"], json!(actor.id), "{entry}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_verified_doctor_can_be_consulted() {
    let world = World::new().await;
    let (ana, ben) = (world.patient("ana").await, world.patient("ben").await);
    let applicant = world.licensed_doctor("apollo").await;
    let ask = |doctor: &str| ana.post(CONSULTATIONS, json!({ "doctor_id": doctor }));
    ask("nobody").await.problem(404, "Doctor not found");
    ask("0186a1f2c3d4e5f601234567").await.problem(404, "Doctor not found");
    for person in [&ben, &applicant] {
        let refused = ask(&person.id).await.json();
        assert_eq!(refused["status"], 422, "{refused}");
        assert_eq!(refused["code"], "not_a_doctor");
        assert_eq!(refused["error"], "Validation error");
    }
    let dora = world.verified_doctor("dora").await;
    let oneself = dora.post(CONSULTATIONS, json!({ "doctor_id": dora.id })).await;
    assert_eq!(oneself.status, 422);
    // Others may not bring two people together.
    let body = json!({ "doctor_id": dora.id, "patient_id": ben.id });
    let refused = ana.post(CONSULTATIONS, body).await;
    refused.problem(403, "Only the patient or the doctor can create this consultation");
    // A doctor may be somebody's patient.
    let dave = world.verified_doctor("dave").await;
    let call = consult(&dave, &dora, json!({})).await;
    assert_eq!(call["patient_id"], json!(dave.id));
    assert_eq!(dave.post(&path(&call, "/admit"), Value::Null).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_calls_only_those_whom_they_treat_or_who_let_them_in() {
    let world = World::new().await;
    let (ana, ben) = (world.patient("ana").await, world.patient("ben").await);
    let (dora, apollo) = (
        world.verified_doctor("dora").await,
        world.licensed_doctor("apollo").await,
    );
    let call = |doctor: &Person, patient: &Person| {
        let body = json!({ "doctor_id": doctor.id, "patient_id": patient.id });
        let doctor = doctor.clone();
        async move { doctor.post(CONSULTATIONS, body).await }
    };
    let refused = call(&dora, &ana).await;
    assert_eq!(refused.status, 403);
    is_logged(&ana, refused.header("x-request-id"), "refused", &dora).await;
    assert_eq!(call(&apollo, &ana).await.status, 403);
    // Ana was treated before, so that she can be called.
    consult(&ana, &dora, json!({})).await;
    let called = call(&dora, &ana).await;
    assert_eq!(called.status, 201, "{}", called.text());
    is_logged(&ana, called.header("x-request-id"), "care", &dora).await;
    // Ben lets the doctor see his appointments, and no more: no tie comes of it.
    ben.let_see(&dora, &["appointments"]).await;
    let called = call(&dora, &ben).await;
    assert_eq!(called.status, 201, "{}", called.text());
    let records = format!("/api/records/?patient_id={}", ben.id);
    assert_eq!(dora.get(&records).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consultation_lets_its_doctor_see_the_records_until_it_is_off_or_long_over() {
    let world = World::new().await;
    let (ana, dora) = (world.patient("ana").await, world.verified_doctor("dora").await);
    let records = format!("/api/records/?patient_id={}", ana.id);
    assert_eq!(dora.get(&records).await.status, 404);
    let time = (world.product.clock.now() + jiff::SignedDuration::from_hours(1)).to_string();
    let call = consult(&ana, &dora, json!({ "scheduled_time": time })).await;
    assert_eq!(dora.get(&records).await.status, 200);
    assert_eq!(ana.post(&path(&call, "/cancel"), Value::Null).await.status, 200);
    assert_eq!(dora.get(&records).await.status, 404);
    let call = consult(&ana, &dora, json!({})).await;
    assert_eq!(ana.post(&path(&call, "/end"), Value::Null).await.status, 200);
    assert_eq!(dora.get(&records).await.status, 200);
    world.product.clock.set_forward(31 * 24 * 3600);
    let dora = world.log_in(&dora.username, &dora.password).await;
    assert_eq!(dora.get(&records).await.status, 404);
}

/// Else a doctor could go on reading for ever, a consultation a year ahead at a time.
#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_lengthens_no_tie_alone() {
    const DAY: i64 = 24 * 3600;
    let world = World::new().await;
    let (ana, dora) = (world.patient("ana").await, world.verified_doctor("dora").await);
    let records = format!("/api/records/?patient_id={}", ana.id);
    let call = consult(&ana, &dora, json!({})).await;
    assert_eq!(ana.post(&path(&call, "/end"), Value::Null).await.status, 200);
    let later = async |days: i64| {
        world.product.clock.set_forward(days * DAY);
        let ana = world.log_in(&ana.username, &ana.password).await;
        (ana, world.log_in(&dora.username, &dora.password).await)
    };
    let (_, dora) = later(29).await;
    let time = (world.product.clock.now() + jiff::SignedDuration::from_hours(7 * 24)).to_string();
    let body = json!({ "doctor_id": dora.id, "patient_id": ana.id, "scheduled_time": time });
    let made = dora.post(CONSULTATIONS, body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(dora.get(&records).await.status, 200);
    let (ana, dora) = later(7).await;
    assert_eq!(dora.get(&records).await.status, 404);
    join(&dora, &made.json()).await;
    assert_eq!(dora.get(&records).await.status, 404, "the patient has not come yet");
    join(&ana, &made.json()).await;
    assert_eq!(dora.get(&records).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_finds_nothing_and_the_patient_learns_of_it() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let (ben, dave) = (world.patient("ben").await, world.verified_doctor("dave").await);
    for stranger in [&ben, &dave] {
        for path in ["", "/signals", "/signals?after=0", "/messages"] {
            let refused = stranger.get(&call.path(path)).await;
            refused.problem(404, "Consultation not found");
            is_logged(&call.ana, refused.header("x-request-id"), "refused", stranger).await;
        }
        let bodies = [
            ("/signal", json!({ "signal_type": "offer", "signal_data": {} })),
            ("/end", Value::Null),
            ("/cancel", Value::Null),
            ("/messages", json!({ "text": "Hello" })),
            ("/invites", json!({})),
        ];
        for (action, body) in bodies {
            let refused = stranger.post(&call.path(action), body).await;
            refused.problem(404, "Consultation not found");
        }
        let refused = stranger.post(&call.path("/join"), Value::Null).await;
        refused.problem(400, "Consultation not found or access denied");
    }
    let unknown = ben
        .post("/api/consultations/0186a1f2c3d4e5f601234567/join", Value::Null)
        .await;
    unknown.problem(400, "Consultation not found or access denied");
    ben.get("/api/consultations/nonsense")
        .await
        .problem(404, "Consultation not found");
    assert_eq!(call.read(&call.ana).await["status"], "active");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_who_is_none_any_more_is_out() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    join(&call.dora, &call.call).await;
    let verify = format!("/api/admin/dermatologists/{}/verify", call.dora.id);
    let body = json!({ "status": "rejected", "reviewComments": "The licence has run out" });
    let rejected = world.admin().await.post(&verify, body).await;
    assert!(rejected.status.is_success(), "{}", rejected.text());
    world.product.clock.set_forward(6);
    call.dora
        .get(&call.path(""))
        .await
        .problem(404, "Consultation not found");
    let refused = call.dora.get(&call.path("/signals")).await;
    refused.problem(404, "Consultation not found");
    is_logged(&call.ana, refused.header("x-request-id"), "refused", &call.dora).await;
    let refused = call.dora.post(&call.path("/join"), Value::Null).await;
    refused.problem(400, "Consultation not found or access denied");
    assert_eq!(handed(&call.ana, &call.call).await.len(), 0);
}
