//! Who may listen to a consultation and speak in it.

use serde_json::{Value, json};
use tests::world::{Person, World, eventually_async};

use super::super::{Call, join};
use super::{Line, is_refused, numbers};
use crate::api::sockets::client::{Client, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_who_waits_hears_of_their_admission_and_of_nothing_that_is_said() {
    let world = World::new().await;
    let call = Call::with(&world, json!({ "waiting_room": true })).await;
    let mut dora = Line::open(&world, &call.dora, &call).await;
    let mut ana = Line::open(&world, &call.ana, &call).await;
    let waiting = ana.subscribe().await;
    assert_eq!(
        (&waiting["waiting"], &waiting["connection"], &waiting["signals"]),
        (&json!(true), &Value::Null, &json!([]))
    );
    // The doctor learns that somebody waits.
    join(&call.ana, &call.call).await;
    assert!(dora.hear("consultation").await["waits_since"].is_string());
    ana.hear("consultation").await;
    dora.send(1).await;
    let said = call.dora.post(&call.path("/messages"), json!({ "text": "Soon" })).await;
    assert_eq!(said.status, 201, "{}", said.text());
    ana.hears_nothing().await;
    assert_eq!(ana.pending(0).await, Vec::<u64>::new());
    for connection in [Value::Null, json!(1)] {
        ana.connection = connection;
        is_refused(&ana.signal(json!({})).await, 409, "not_admitted");
        let refused = ana.ask("call_acknowledge", json!({ "upto": 1 })).await;
        is_refused(&refused, 409, "not_admitted");
    }
    let admitted = call.dora.post(&call.path("/admit"), Value::Null).await;
    assert_eq!(admitted.status, 200, "{}", admitted.text());
    let told = ana.hear("consultation").await;
    assert!(told["admitted_at"].is_string(), "{told}");
    let subscribed = ana.subscribe().await;
    assert_eq!(
        (&subscribed["waiting"], &subscribed["connection"], numbers(&subscribed)),
        (&json!(false), &json!(1), vec![1])
    );
    dora.send(2).await;
    assert_eq!(ana.hear("signal").await["sequence"], 2);
    ana.send(1).await;
    assert!(dora.hear("consultation").await["admitted_at"].is_string());
    assert_eq!(dora.hear("signal").await["sequence"], 1);
}

/// Moves the patient out.
#[tokio::test(flavor = "multi_thread")]
async fn a_patient_who_waits_hears_that_nobody_will_come() {
    let world = World::new().await;
    let call = Call::with(&world, json!({ "waiting_room": true })).await;
    let mut ana = Line::open(&world, &call.ana, &call).await;
    let ended = call.dora.post(&call.path("/end"), Value::Null).await;
    assert_eq!(ended.status, 200, "{}", ended.text());
    assert_eq!(ana.hear("consultation").await["status"], "completed");
}

/// Everything that can be said of a consultation.
async fn all_refusals(line: &mut Line) -> Vec<Value> {
    let mut answers = Vec::new();
    for (kind, more) in [
        ("call_subscribe", json!({})),
        ("call_unsubscribe", json!({})),
        ("call_signals", json!({ "after": 0 })),
        ("call_acknowledge", json!({ "upto": 1 })),
        ("call_signal", json!({ "signal_type": "offer", "signal_data": {} })),
    ] {
        answers.push(line.ask(kind, more).await);
    }
    answers
}

async fn outside(world: &World, person: &Person, call: &Value) -> Line {
    let (client, resume) = Client::ready(world, person).await;
    Line {
        client,
        resume,
        connection: json!(7),
        call: call.clone(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_hears_and_says_nothing_and_the_patient_learns_of_it() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let mut ana = Line::open(&world, &call.ana, &call).await;
    for person in [world.patient("ben").await, world.verified_doctor("dave").await] {
        let mut line = outside(&world, &person, &call.call["id"]).await;
        for answer in all_refusals(&mut line).await {
            is_refused(&answer, 404, "consultation_not_found");
            let log = call
                .ana
                .audit_entry(&text(&answer["request_id"]))
                .await
                .expect("a trace");
            assert_eq!(
                (&log["why"]["right"], &log["who"]["id"]),
                (&json!("refused"), &json!(person.id))
            );
        }
        assert_eq!(line.client.hello().await["channels"], json!([]));
        line.call = json!("nonsense");
        for answer in all_refusals(&mut line).await {
            is_refused(&answer, 404, "consultation_not_found");
        }
        assert_eq!(
            super::signal(&call.dora, &call.call, json!({ "n": 1 })).await.status,
            200
        );
        line.hears_nothing().await;
        ana.hear("signal").await;
    }
    // Nor does somebody in it say what is not theirs to say.
    let mut dora = Line::open(&world, &call.dora, &call).await;
    let as_ana = dora.signal(json!({ "from_user_id": call.ana.id })).await;
    is_refused(&as_ana, 403, "signal_from_another");
    let to_herself = dora.signal(json!({ "to_user_id": call.dora.id })).await;
    is_refused(&to_herself, 422, "signal_to_nobody");
    let too_large = dora
        .signal(json!({ "signal_data": { "sdp": "x".repeat(128_000) } }))
        .await;
    is_refused(&too_large, 413, "signal_too_large");
    dora.connection = Value::Null;
    is_refused(&dora.signal(json!({})).await, 409, "not_subscribed");
    is_refused(&dora.ask("call_signals", json!({})).await, 409, "not_subscribed");
    let malformed = dora
        .ask("call_signal", json!({ "signal_type": "bye", "signal_data": {} }))
        .await;
    is_refused(&malformed, 422, "validation_error");
    ana.hears_nothing().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_who_is_none_any_more_hears_nothing_more() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let mut dora = Line::open(&world, &call.dora, &call).await;
    let mut ana = Line::open(&world, &call.ana, &call).await;
    ana.send(1).await;
    dora.hear("signal").await;
    let verify = format!("/api/admin/dermatologists/{}/verify", call.dora.id);
    let body = json!({ "status": "rejected", "reviewComments": "The licence has run out" });
    let rejected = world.admin().await.post(&verify, body).await;
    assert!(rejected.status.is_success(), "{}", rejected.text());
    world.product.clock.set_forward(6);
    ana.send(2).await;
    let said = call
        .ana
        .post(&call.path("/messages"), json!({ "text": "Are you there?" }))
        .await;
    assert_eq!(said.status, 201, "{}", said.text());
    dora.hears_nothing().await;
    for answer in all_refusals(&mut dora).await {
        is_refused(&answer, 404, "consultation_not_found");
    }
}

/// What is written while somebody listens is read by them.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_listens_is_in_the_patients_log() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    Line::open(&world, &call.dora, &call).await;
    let noted = || async {
        let log = call.ana.get("/api/audit/me?limit=100").await.json();
        let entries = log["entries"].as_array().cloned().unwrap_or_default();
        entries.into_iter().find(|entry| entry["what"]["kind"] == "message")
    };
    let entry = eventually_async(noted).await.expect("an entry");
    assert_eq!(
        (&entry["action"], &entry["who"]["id"], &entry["why"]["right"]),
        (&json!("list"), &json!(call.dora.id), &json!("care"))
    );
}
