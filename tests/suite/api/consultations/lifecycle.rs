use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::calls::{CONSULTATIONS, consult, path};
use tests::world::World;

use super::{Call, join, list, signal};

const AN_HOUR: i64 = 3600;

fn later(world: &World, minutes: i64) -> Value {
    let time = world.product.clock.now() + jiff::SignedDuration::from_mins(minutes);
    json!(time.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consultation_has_the_members_that_old_clients_read() {
    let world = World::new().await;
    let more = json!({ "scheduled_time": later(&world, 120), "reason": "A rash", "consultation_type": "audio" });
    let Call { ana, dora, call } = Call::with(&world, more).await;
    for (member, value) in [
        ("doctor_id", json!(dora.id)),
        ("patient_id", json!(ana.id)),
        ("status", json!("scheduled")),
        ("consultation_type", json!("audio")),
        ("reason", json!("A rash")),
        ("notes", Value::Null),
        ("started_at", Value::Null),
        ("ended_at", Value::Null),
        ("session_token", Value::Null),
    ] {
        assert_eq!(call[member], value, "{member}");
    }
    for member in ["id", "scheduled_time", "created_at", "updated_at"] {
        assert!(call[member].is_string(), "{member}");
    }
    let config = &call["webrtc_config"];
    assert_eq!(config["ice_transport_policy"], "all");
    assert_eq!(config["rtcp_mux_policy"], "require");
    assert!(config["stun_servers"][0]["urls"].is_array());
    assert_eq!(config["turn_servers"], json!([]), "nobody is in it yet");
    // Both forms of the path, and naive times.
    let body = json!({ "doctor_id": dora.id, "scheduled_time": "2099-01-01T10:00:00", "patient_id": null });
    let refused = ana.post("/api/consultations", body).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["code"]),
        (422, &json!("time_out_of_range"))
    );
    let now = consult(&ana, &dora, json!({ "scheduled_time": null })).await;
    assert_eq!(
        (&now["status"], &now["consultation_type"]),
        (&json!("active"), &json!("video"))
    );
    assert!(now["started_at"].is_string());
    for member in ["urls", "username", "credential"] {
        assert!(!now["webrtc_config"]["turn_servers"][0][member].is_null(), "{member}");
    }
    assert_eq!(dora.get(&path(&now, "/")).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduled_one_begins_when_either_joins_and_ends_once() {
    let world = World::new().await;
    let call = Call::with(&world, json!({ "scheduled_time": later(&world, 10) })).await;
    let refused = signal(&call.ana, &call.call, json!({})).await;
    refused.problem(400, "Consultation is not active");
    let (ana, dora) = (join(&call.ana, &call.call).await, join(&call.dora, &call.call).await);
    assert_eq!(ana["status"], "active");
    assert_eq!(ana["consultation_id"], call.call["id"]);
    assert_eq!(ana["other_participant_id"], json!(call.dora.id));
    assert_eq!(dora["other_participant_id"], json!(call.ana.id));
    assert_ne!(ana["session_token"], dora["session_token"]);
    assert!(ana["session_token"].as_str().unwrap().len() > 40);
    assert!(ana["webrtc_config"]["stun_servers"].is_array());
    call.end().await;
    let first = call.read(&call.dora).await;
    assert_eq!(first["status"], "completed");
    world.product.clock.set_forward(60);
    call.end().await;
    let again = call.read(&call.dora).await;
    assert_eq!(first["ended_at"], again["ended_at"]);
    assert_eq!(again["webrtc_config"]["turn_servers"], json!([]));
    for person in [&call.ana, &call.dora] {
        let refused = person.post(&call.path("/join"), Value::Null).await;
        refused.problem(400, "Consultation is not active");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tap_days_before_begins_nothing() {
    let world = World::new().await;
    let days = 3 * 24 * 60;
    let more = json!({ "scheduled_time": later(&world, days), "waiting_room": true });
    let call = Call::with(&world, more).await;
    for person in [&call.ana, &call.dora] {
        let early = join(person, &call.call).await;
        assert_eq!(
            (&early["waiting"], &early["status"]),
            (&json!(true), &json!("scheduled"))
        );
        assert_eq!(early["session_token"], Value::Null);
    }
    // The door may be opened before.
    let admitted = call.dora.post(&call.path("/admit"), Value::Null).await.json();
    assert_eq!(admitted["status"], "scheduled", "{admitted}");
    world.product.clock.set_forward(days * 60 - 14 * 60);
    let ana = world.log_in(&call.ana.email, &call.ana.password).await;
    let read = call.read(&ana).await;
    assert_eq!(
        (&read["started_at"], &read["waits_since"]),
        (&Value::Null, &Value::Null)
    );
    let begun = join(&ana, &call.call).await;
    assert_eq!((&begun["waiting"], &begun["status"]), (&json!(false), &json!("active")));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_is_called_off_before_it_begins_and_not_after() {
    let world = World::new().await;
    let call = Call::with(&world, json!({ "scheduled_time": later(&world, 60) })).await;
    for _ in 0..2 {
        let cancelled = call.dora.post(&call.path("/cancel"), Value::Null).await;
        assert_eq!(
            (cancelled.status.as_u16(), &cancelled.json()["status"]),
            (200, &json!("cancelled"))
        );
    }
    let refused = call.ana.post(&call.path("/join"), Value::Null).await;
    refused.problem(400, "Consultation is not active");
    call.end().await;
    assert_eq!(call.read(&call.ana).await["status"], "cancelled");
    let begun = consult(&call.ana, &call.dora, json!({})).await;
    let refused = call.ana.post(&path(&begun, "/cancel"), Value::Null).await;
    refused.problem(409, "A consultation that has begun is ended, not cancelled");
}

#[tokio::test(flavor = "multi_thread")]
async fn time_misses_what_nobody_began_and_ends_what_nobody_ended() {
    let world = World::new().await;
    let call = Call::with(&world, json!({ "scheduled_time": later(&world, 60) })).await;
    let begun = consult(&call.ana, &call.dora, json!({})).await;
    world.product.clock.set_forward(2 * AN_HOUR + 60);
    assert_eq!(call.read(&call.ana).await["status"], "missed");
    let refused = call.ana.post(&call.path("/join"), Value::Null).await;
    refused.problem(400, "Consultation is not active");
    // Whoever lost the line may come back, for as long as a call can last.
    join(&call.ana, &begun).await;
    world.product.clock.set_forward(4 * AN_HOUR);
    let over = call.ana.get(&path(&begun, "")).await.json();
    assert_eq!(over["status"], "completed");
    assert!(over["ended_at"].is_string());
    let refused = call.dora.post(&path(&begun, "/join"), Value::Null).await;
    refused.problem(400, "Consultation is not active");
    signal(&call.ana, &begun, json!({}))
        .await
        .problem(400, "Consultation is not active");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_waits_until_the_doctor_admits_them() {
    let world = World::new().await;
    let more = json!({ "scheduled_time": later(&world, 10), "waiting_room": "true" });
    let call = Call::with(&world, more).await;
    let waiting = join(&call.ana, &call.call).await;
    assert_eq!(waiting["waiting"], true);
    assert_eq!(waiting["session_token"], Value::Null);
    assert_eq!(waiting["status"], "scheduled");
    assert_eq!(waiting["webrtc_config"]["turn_servers"], json!([]));
    assert!(call.read(&call.dora).await["waits_since"].is_string());
    let begun = join(&call.dora, &call.call).await;
    assert_eq!((&begun["waiting"], &begun["status"]), (&json!(false), &json!("active")));
    // The doctor may speak already; what they say waits.
    assert_eq!(signal(&call.dora, &call.call, json!({ "n": 1 })).await.status, 200);
    let refused = signal(&call.ana, &call.call, json!({})).await;
    refused.problem(409, "The doctor has not admitted you yet");
    let unheard = call.ana.get(&call.path("/signals?after=0")).await.json();
    assert_eq!(list(&unheard, "signals").len(), 0);
    let channel = format!("/video/token?channel=visit-{}", call.call["id"].as_str().unwrap());
    call.ana
        .get(&channel)
        .await
        .problem(409, "The doctor has not admitted you yet");
    let servers = call.read(&call.ana).await["webrtc_config"]["turn_servers"].clone();
    assert_eq!(servers, json!([]));
    let refused = call.ana.post(&call.path("/admit"), Value::Null).await;
    assert_eq!(refused.status, 403);
    for _ in 0..2 {
        assert_eq!(call.dora.post(&call.path("/admit"), Value::Null).await.status, 200);
    }
    let admitted = join(&call.ana, &call.call).await;
    assert_eq!(admitted["waiting"], false);
    assert!(admitted["session_token"].is_string());
    assert!(admitted["webrtc_config"]["turn_servers"][0]["credential"].is_string());
    let heard = call.ana.get(&call.path("/signals?after=0")).await.json();
    assert_eq!(list(&heard, "signals").len(), 1);
    assert_eq!(call.ana.get(&channel).await.status, 200);
}

/// Whatever comes first: nobody is let into a call that is over, and it is over once.
#[tokio::test(flavor = "multi_thread")]
async fn joining_and_ending_at_once_is_decided() {
    let world = World::new().await;
    let call = Call::with(&world, json!({ "scheduled_time": later(&world, 10) })).await;
    let (join_path, end_path) = (call.path("/join"), call.path("/end"));
    let joins = (0..10).map(|turn| {
        let person = if turn % 2 == 0 { &call.ana } else { &call.dora };
        person.post(&join_path, Value::Null)
    });
    let ends = (0..4).map(|_| call.dora.post(&end_path, Value::Null));
    let (joined, ended) = futures_util::future::join(join_all(joins), join_all(ends)).await;
    assert!(ended.iter().all(|answer| answer.status == 200));
    let statuses: Vec<u16> = joined.iter().map(|answer| answer.status.as_u16()).collect();
    assert!(
        statuses.iter().all(|status| [200, 400].contains(status)),
        "{statuses:?}"
    );
    let over = call.read(&call.ana).await;
    assert_eq!(over["status"], "completed");
    assert_eq!(call.ana.post(&call.path("/join"), Value::Null).await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn own_consultations_are_listed_by_pages() {
    let world = World::new().await;
    let call = Call::begun(&world).await;
    let mut wanted = vec![call.call["id"].clone()];
    for _ in 0..4 {
        wanted.push(consult(&call.ana, &call.dora, json!({})).await["id"].clone());
    }
    wanted.reverse();
    for person in [&call.ana, &call.dora] {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = person.get(&format!("{CONSULTATIONS}?limit=2{cursor}")).await.json();
            found.extend(list(&page, "consultations").into_iter().map(|each| each["id"].clone()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(found, wanted);
    }
    let ben = world.patient("ben").await;
    assert_eq!(
        list(&ben.get(CONSULTATIONS).await.json(), "consultations"),
        Vec::<Value>::new()
    );
}
