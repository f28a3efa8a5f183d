//! Alarms over HTTP: who is told, again, and next; what is answered holds, also over a restart. The exact lists of whom streams
//! of readings lead to be told of are in the tests of the machine itself.

use local::options::Options;
use serde_json::{Value, json};
use store::table::Table;
use tests::world::{Person, World, eventually_async};

use super::{ALERTS, Device, list, minutes, text};
use crate::api::exports::contents::items;

/// All that was to be told so far is told: only then is it sure that somebody was not.
async fn settled(world: &World) {
    let is_open = |item: &std::collections::HashMap<_, _>| format!("{:?}", item["pk"]).contains("OUTBOX#");
    let look = || async {
        let items = items(world, Table::Notifications).await;
        (!items.iter().any(is_open)).then_some(())
    };
    eventually_async(look).await.expect("the outbox is emptied");
}

async fn is_told_nothing(world: &World, person: &Person) {
    settled(world).await;
    assert!(told(person).await.is_empty(), "{:?}", told(person).await);
}

/// Kinds of notifications that somebody has had, the oldest first.
async fn told(person: &Person) -> Vec<String> {
    let list = person.get("/api/notifications?limit=100").await.json();
    let notes = list["notifications"].as_array().unwrap();
    let kinds = notes.iter().rev().map(|note| text(&note["type"]));
    kinds.filter(|kind| kind.contains("vitals")).collect()
}

/// Also when all is told.
async fn are_only_told(world: &World, person: &Person, expected: &[&str]) {
    settled(world).await;
    assert_eq!(told(person).await, expected);
}

async fn are_told(person: &Person, expected: &[&str]) {
    let look = || async { (told(person).await == expected).then_some(()) };
    let seen = eventually_async(look).await;
    assert!(seen.is_some(), "{:?} instead of {expected:?}", told(person).await);
}

/// Time passes, and the sweep looks once a minute.
async fn pass(world: &World, number: i64) {
    world.product.clock.set_forward(minutes(number).as_secs());
    world.run_scheduled("watch-vitals").await;
}

async fn answer(person: &Person, alert: &Value, of: &str, body: Value) -> tests::world::Answer {
    let path = format!("{ALERTS}/{}/answer{of}", text(&alert["id"]));
    person.post(&path, body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_wait_goes_to_the_next_follower_until_somebody_answers() {
    let world = World::new().await;
    let (ana, ben, cora) = (
        world.patient("ana").await,
        world.patient("ben").await,
        world.patient("cora").await,
    );
    ana.let_see(&ben, &["vitals"]).await;
    ana.let_see(&cora, &["vitals"]).await;
    let sensor = Device::of(&ana, "Sensor").await;
    sensor.reads(&world, json!({ "glucose": 48 })).await;
    are_told(&ana, &["vitals_urgent"]).await;
    let letter = world.message(&ana.email, "A measurement that cannot wait").await;
    let written = format!("{letter:?}").to_lowercase();
    assert!(!written.contains("glucose") && !written.contains("mg/dl"), "{written}");
    pass(&world, 14).await;
    is_told_nothing(&world, &ben).await;
    pass(&world, 1).await;
    are_told(&ben, &["followed_vitals_urgent"]).await;
    // The app can open whose they are; nothing else says it.
    let note = ben.get("/api/notifications?limit=1").await.json()["notifications"][0].clone();
    assert_eq!(note["ref"]["patientId"], json!(ana.id));
    are_told(&ana, &["vitals_urgent", "vitals_urgent"]).await;
    // A run of the sweep too many tells nobody anything.
    world.run_scheduled("watch-vitals").await;
    is_told_nothing(&world, &cora).await;

    let of = format!("?patient_id={}", ana.id);
    let open = list(&ben.get(&format!("{ALERTS}{of}")).await);
    let critical = open.iter().find(|alert| alert["alert_level"] == "critical").unwrap();
    assert_eq!(
        (&critical["state"], &critical["followers_told"]),
        (&json!("escalated"), &json!(1))
    );
    assert_eq!((&critical["value"], &critical["unit"]), (&json!(48), &json!("mg/dL")));
    let said = answer(&ben, critical, &of, json!({ "action": "acknowledge" })).await;
    assert_eq!(said.status, 200, "{said:?}");
    assert_eq!(
        (&said.json()["state"], &said.json()["acknowledged_by"]),
        (&json!("acknowledged"), &json!(ben.id))
    );
    pass(&world, 60).await;
    is_told_nothing(&world, &cora).await;
    are_only_told(&world, &ana, &["vitals_urgent", "vitals_urgent"]).await;

    // It is over with the next good reading, and stays in the list of all.
    sensor.reads(&world, json!({ "glucose": 95 })).await;
    assert!(list(&ana.get(ALERTS).await).is_empty());
    let past = list(&ana.get(&format!("{ALERTS}?which=all")).await);
    let critical = past.iter().find(|alert| alert["alert_level"] == "critical").unwrap();
    assert_eq!(
        (&critical["resolved"], &critical["state"]),
        (&json!(true), &json!("cleared"))
    );
    let late = answer(&ana, critical, "", json!({ "action": "snooze" })).await;
    late.problem(409, "The alert is over");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follower_without_leave_is_passed_over() {
    let world = World::new().await;
    let (ana, ben, cora) = (
        world.patient("ana").await,
        world.patient("ben").await,
        world.patient("cora").await,
    );
    let link = ana.let_see(&ben, &["vitals"]).await;
    ana.let_see(&cora, &["vitals"]).await;
    let order = json!({ "version": 0, "followers": [ben.id, cora.id], "escalate_after_minutes": 10 });
    assert_eq!(ana.put("/api/vitals/settings", order).await.status, 200);
    let revoked = ana.delete(&format!("/api/users/family/{link}/grant")).await;
    assert!(revoked.status.is_success(), "{revoked:?}");
    let sensor = Device::of(&ana, "Sensor").await;
    sensor.reads(&world, json!({ "spo2": 85 })).await;
    pass(&world, 10).await;
    are_told(&cora, &["followed_vitals_urgent"]).await;
    is_told_nothing(&world, &ben).await;
    let open = list(&ana.get(ALERTS).await);
    let said = answer(
        &ben,
        &open[0],
        &format!("?patient_id={}", ana.id),
        json!({ "action": "acknowledge" }),
    )
    .await;
    said.problem(404, "Patient not found");
    // Whoever names no patient means their own.
    answer(&ben, &open[0], "", json!({ "action": "acknowledge" }))
        .await
        .problem(404, "Alert not found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snooze_survives_a_restart_and_does_not_silence_what_is_graver() {
    let folder = tempfile::tempdir().unwrap();
    let kept = || Options {
        port: 0,
        data: Some(folder.path().to_owned()),
        rate_limits: false,
        ..Options::default()
    };
    let world = World::with(kept()).await;
    let ana = world.patient("ana").await;
    let sensor = Device::of(&ana, "Sensor").await;
    sensor.reads(&world, json!({ "glucose": 64 })).await;
    are_told(&ana, &["vitals_warning"]).await;
    let open = list(&ana.get(ALERTS).await);
    let said = answer(&ana, &open[0], "", json!({ "action": "snooze", "minutes": 240 })).await;
    assert_eq!((said.status.as_u16(), &said.json()["state"]), (200, &json!("snoozed")));
    world.product.stop().await;

    let world = World::with(kept()).await;
    let ana = world.log_in("ana", &ana.password).await;
    let open = list(&ana.get(ALERTS).await);
    assert_eq!((open.len(), &open[0]["state"]), (1, &json!("snoozed")));
    for _ in 0..3 {
        world.product.clock.set_forward(minutes(20).as_secs());
        sensor.reads(&world, json!({ "glucose": 63 })).await;
        world.run_scheduled("watch-vitals").await;
    }
    are_only_told(&world, &ana, &["vitals_warning"]).await;
    sensor.reads(&world, json!({ "glucose": 50 })).await;
    are_told(&ana, &["vitals_warning", "vitals_urgent"]).await;
    world.product.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_is_told_once_where_somebody_wants_to_know() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let sensor = Device::of(&ana, "Sensor").await;
    sensor.reads(&world, json!({ "glucose": 100 })).await;
    pass(&world, 300).await;
    is_told_nothing(&world, &ana).await;
    let wanted = json!({ "version": 0, "no_data": [{ "kind": "glucose", "after_minutes": 30, "delay_minutes": 60 }] });
    assert_eq!(ana.put("/api/vitals/settings", wanted).await.status, 200);
    // It had been silent for longer than that.
    are_told(&ana, &["vitals_silent"]).await;
    sensor.reads(&world, json!({ "glucose": 101 })).await;
    assert!(list(&ana.get(ALERTS).await).is_empty());
    pass(&world, 89).await;
    are_only_told(&world, &ana, &["vitals_silent"]).await;
    pass(&world, 2).await;
    are_told(&ana, &["vitals_silent", "vitals_silent"]).await;
    pass(&world, 300).await;
    are_only_told(&world, &ana, &["vitals_silent", "vitals_silent"]).await;
    // A sensor that is changed says nothing for two hours.
    let until = world.product.clock.now() + minutes(120);
    let point = json!([{ "timestamp": world.product.clock.now(), "glucose": 99 }]);
    let more = json!({ "sensor_warm_up_until": until });
    assert_eq!(sensor.send_with(&world, point, more).await.status, 201);
    pass(&world, 119).await;
    are_only_told(&world, &ana, &["vitals_silent", "vitals_silent"]).await;
    let off = json!({ "version": 1, "off": ["glucose"] });
    assert_eq!(ana.put("/api/vitals/settings", off).await.status, 200);
    pass(&world, 600).await;
    sensor.reads(&world, json!({ "glucose": 41 })).await;
    are_only_told(&world, &ana, &["vitals_silent", "vitals_silent"]).await;
}

/// Many at once, of one person: none is lost, each is told once.
#[tokio::test(flavor = "multi_thread")]
async fn devices_that_send_at_once_lose_nothing_and_alarm_once() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let sensors = [Device::of(&ana, "One").await, Device::of(&ana, "Two").await];
    let begin = super::past(&world, 200);
    let sends = (0..40).map(|place| {
        let (sensor, world) = (&sensors[place % 2], &world);
        async move {
            let at = begin + minutes(place as i64);
            let point = json!([{ "timestamp": at, "heart_rate": 70 + place, "spo2": 97 }]);
            sensor.send(world, point).await
        }
    });
    for sent in futures_util::future::join_all(sends).await {
        assert_eq!(
            (sent.status.as_u16(), &sent.json()["stored_count"]),
            (201, &json!(1)),
            "{sent:?}"
        );
    }
    assert_eq!(list(&ana.get("/api/iot/data/recent?limit=100").await).len(), 40);
    let day = ana
        .get(&format!("/api/vitals/series?kind=heart_rate&bucket=1d&from={begin}"))
        .await
        .json();
    let counts = day["points"]
        .as_array()
        .unwrap()
        .iter()
        .map(|point| point["count"].as_i64().unwrap());
    assert_eq!(counts.sum::<i64>(), 40);
    let now = world.product.clock.now();
    let alarming = (0..12).map(|place| {
        let (sensor, world) = (&sensors[place % 2], &world);
        let at = now + jiff::SignedDuration::from_millis(place as i64);
        async move {
            sensor
                .send(world, json!([{ "timestamp": at, "heart_rate": 140 }]))
                .await
        }
    });
    for sent in futures_util::future::join_all(alarming).await {
        assert_eq!(sent.status, 201, "{sent:?}");
    }
    are_only_told(&world, &ana, &["vitals_urgent"]).await;
}
