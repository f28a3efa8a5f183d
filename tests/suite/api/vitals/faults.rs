//! Devices that send nonsense, too much, or at the same moment as others.

use jiff::{SignedDuration, Timestamp};
use local::event_sources::schedule::scheduled_event;
use reqwest::Method;
use serde_json::{Value, json};
use tests::aside::Aside;
use tests::world::{Person, World, send};

use super::{ALERTS, BATCH, Device, RECENT, list, minutes, text};
use crate::api::lambda::event;

fn request(person: &Person, method: &str, path: &str, body: &Value) -> Value {
    let bearer = format!("Bearer {}", person.token);
    let headers = [("content-type", "application/json"), ("authorization", bearer.as_str())];
    event(method, path, &headers, Some((body.to_string(), false)))
}

/// Each write is made over the person's head, and DynamoDB lets no two transactions at one item at a time.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_meets_others_a_dozen_times_is_done_all_the_same() {
    const MEETINGS: u32 = 12;
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let sensor = Device::of(&ana, "Sensor").await;
    let aside = Aside::of(&world).await;
    let now = world.product.clock.now();
    let batch = json!({
        "device_id": sensor.id, "device_token": sensor.token, "data_points": [{ "timestamp": now, "glucose": 48 }],
    });
    let met = |(status, body): (u64, Value), expected: u64| {
        assert_eq!((status, aside.gate.left_to_meet()), (expected, 0), "{body}");
    };
    aside.gate.let_meet(MEETINGS);
    met(
        aside
            .answer("take-device-readings", &request(&ana, "POST", BATCH, &batch))
            .await,
        201,
    );
    aside.gate.let_meet(MEETINGS);
    let settings = json!({ "version": 0, "escalate_after_minutes": 10 });
    let settings = request(&ana, "PUT", "/api/vitals/settings", &settings);
    met(aside.answer("set-vital-settings", &settings).await, 200);
    // Repeated after a quarter of an hour.
    world.product.clock.set_forward(minutes(16).as_secs());
    aside.gate.let_meet(MEETINGS);
    let due = scheduled_event("watch-vitals", world.product.clock.now());
    aside.invoke("watch-vitals", &due).await;
    assert_eq!(aside.gate.left_to_meet(), 0);
    let open = list(&ana.get(ALERTS).await);
    let critical = open.iter().find(|alert| alert["alert_level"] == "critical").unwrap();
    let path = format!("{ALERTS}/{}/answer", text(&critical["id"]));
    let mut said = request(&ana, "POST", &path, &json!({ "action": "acknowledge" }));
    let route = json!("POST /api/iot/alerts/{id}/answer");
    (said["routeKey"], said["requestContext"]["routeKey"]) = (route.clone(), route);
    said["pathParameters"] = json!({ "id": critical["id"] });
    aside.gate.let_meet(MEETINGS);
    met(aside.answer("answer-vital-alert", &said).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_flaps_is_one_alarm() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let sensor = Device::of(&ana, "Sensor").await;
    let begin = world.product.clock.now() - minutes(50);
    let point = |place: i64| {
        let number = place % 2;
        json!({
            "timestamp": begin + SignedDuration::from_secs(place * 3), "heart_rate": 130 + number, "spo2": 92 - number,
            "temperature": 41 - number * 2, "respiratory_rate": 24 + number, "glucose": 54 - number,
            "systolic_bp": 180 + number, "diastolic_bp": 90, "weight": 80,
        })
    };
    let points: Vec<Value> = (0..1_000).map(point).collect();
    let kept = sensor.send(&world, json!(points)).await;
    assert_eq!(
        (kept.status.as_u16(), &kept.json()["stored_count"]),
        (201, &json!(1_000)),
        "{kept:?}"
    );
    let all = list(&ana.get(&format!("{ALERTS}?which=all&limit=100")).await);
    let mut rules: Vec<&str> = all.iter().map(|alert| alert["rule"].as_str().unwrap()).collect();
    let alarms = rules.len();
    rules.sort_unstable();
    rules.dedup();
    assert_eq!((rules.len(), rules.len() >= 10), (alarms, true), "{rules:?}");
}

/// One bad point must not hold up the others, try after try.
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_a_fault_of_its_point_alone() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let sensor = Device::of(&ana, "Sensor").await;
    let at = world.product.clock.now() - minutes(1);
    let body = format!(
        r#"{{"device_id":"{}","device_token":"{}","sensor_warm_up_until":"0000-00-00","data_points":[
            {{"timestamp":"0000-00-00","heart_rate":70}},
            {{"timestamp":"9999-12-31T23:59:59Z","heart_rate":71}},
            {{"timestamp":7,"heart_rate":72}},
            {{"timestamp":"{at}","heart_rate":1e400,"spo2":97}},
            {{"timestamp":"{at}","temperature":"ERR"}},
            {{"timestamp":"{at}","temperature":{{"value":37}},"glucose":""}},
            {{"timestamp":"{at}","heart_rate":"73"}}
        ]}}"#,
        sensor.id, sensor.token
    );
    let sent = send(
        world
            .request(Method::POST, BATCH)
            .header("content-type", "application/json")
            .body(body),
    )
    .await;
    assert_eq!(sent.status, 201, "{sent:?}");
    let results = sent.json()["results"].clone();
    let told: Vec<(u64, Value)> = results
        .as_array()
        .unwrap()
        .iter()
        .map(|result| (result["status"].as_u64().unwrap(), result["faults"][0]["code"].clone()))
        .collect();
    let expected = [
        (422, json!("time_unreadable")),
        (422, json!("time_unreadable")),
        (422, json!("time_unreadable")),
        (207, json!("not_a_number")),
        (422, json!("not_a_number")),
        (422, json!("not_a_number")),
        (201, Value::Null),
    ];
    assert_eq!(told, expected);
    assert_eq!(list(&ana.get(RECENT).await)[0]["heart_rate"], 73);
    let apart = ana.get("/api/vitals/quarantine").await.json();
    let codes = apart["readings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reading| reading["code"].as_str().unwrap());
    assert_eq!(codes.filter(|code| *code == "time_unreadable").count(), 3);
    assert_eq!(apart["next"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn points_without_a_time_are_readings_of_their_own() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let sensor = Device::of(&ana, "Sensor").await;
    let points: Vec<Value> = (0..3).map(|place| json!({ "heart_rate": 70 + place })).collect();
    let kept = sensor.send(&world, json!(points)).await.json();
    assert_eq!(kept["stored_count"], 3);
    let rows = list(&ana.get(RECENT).await);
    let pulses: Vec<&Value> = rows.iter().map(|row| &row["heart_rate"]).collect();
    assert_eq!(pulses, [&json!(72), &json!(71), &json!(70)]);
}

/// Of an hour two a second are kept.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_one_too_many_alarms_nobody() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let sensor = Device::of(&ana, "Sensor").await;
    let now = world.product.clock.now();
    let hour = Timestamp::from_second(now.as_second().div_euclid(3_600) * 3_600).unwrap();
    let point =
        |place: i64, pulse: i64| json!({ "timestamp": hour + SignedDuration::from_millis(place), "heart_rate": pulse });
    for part in (0..7_200_i64).collect::<Vec<_>>().chunks(1_000) {
        let points: Vec<Value> = part.iter().map(|place| point(*place, 70)).collect();
        assert_eq!(sensor.send(&world, json!(points)).await.status, 201);
    }
    let refused = sensor.send(&world, json!([point(8_000, 150)])).await;
    assert_eq!(refused.status, 422, "{refused:?}");
    assert_eq!(refused.json()["results"][0]["faults"][0]["code"], "too_many");
    assert!(list(&ana.get(ALERTS).await).is_empty());
    assert_eq!(list(&ana.get(RECENT).await)[0]["heart_rate"], 70);
}
