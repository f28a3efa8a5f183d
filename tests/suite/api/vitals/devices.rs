//! Devices: their tokens, whose they are, and who else sees them.

use serde_json::{Value, json};
use store::table::Table;
use tests::world::World;

use super::{Device, RECENT, list};
use crate::api::exports::contents::items;

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_shown_once_kept_as_a_hash_and_ends_when_it_is_renewed_or_revoked() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let first = Device::of(&ana, "Cuff in the kitchen").await;
    let secret = first.token.split_once('.').unwrap().1.to_owned();
    for table in [Table::Vitals, Table::Notifications] {
        let stored = format!("{:?}", items(&world, table).await);
        assert!(
            !stored.contains(&secret) && !stored.contains("Cuff in the kitchen"),
            "{}",
            table.name()
        );
    }
    let listed = ana.get("/api/iot/devices").await;
    assert_eq!(listed.json()["devices"][0]["name"], "Cuff in the kitchen");
    assert!(!listed.text().contains(&secret));
    first.reads(&world, json!({ "heart_rate": 70 })).await;

    let renewed = ana
        .post(&format!("/api/iot/devices/{}/token", first.id), Value::Null)
        .await;
    assert_eq!(renewed.status, 201, "{renewed:?}");
    let second = Device {
        id: first.id.clone(),
        token: super::text(&renewed.json()["device_token"]),
    };
    let point = json!([{ "heart_rate": 71 }]);
    let refused = first.send(&world, point.clone()).await;
    refused.problem(401, "Invalid device credentials");
    second.reads(&world, json!({ "heart_rate": 72 })).await;

    assert_eq!(ana.delete(&format!("/api/iot/devices/{}", first.id)).await.status, 204);
    second
        .send(&world, point)
        .await
        .problem(401, "Invalid device credentials");
    let again = ana
        .post(&format!("/api/iot/devices/{}/token", first.id), Value::Null)
        .await;
    again.problem(409, "The device was revoked");
    // What it has measured stays.
    assert_eq!(list(&ana.get(RECENT).await).len(), 2);
    assert!(ana.get("/api/iot/devices").await.json()["devices"][0]["revoked_at"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_its_owners_and_shown_to_whoever_may_see_vital_signs() {
    let world = World::new().await;
    let (ana, ben, cora) = (
        world.patient("ana").await,
        world.patient("ben").await,
        world.patient("cora").await,
    );
    let (cuff, other) = (Device::of(&ana, "Cuff").await, Device::of(&ben, "Other").await);
    // A token opens only the device that it was made for, under its owner.
    for (id, token) in [(&cuff.id, &other.token), (&other.id, &cuff.token)] {
        let mixed = Device {
            id: id.clone(),
            token: token.clone(),
        };
        let answer = mixed.send(&world, json!([{ "heart_rate": 70 }])).await;
        answer.problem(401, "Invalid device credentials");
    }
    cuff.reads(&world, json!({ "heart_rate": 70 })).await;
    ana.let_see(&ben, &["vitals"]).await;
    ana.let_see(&cora, &["records"]).await;
    let (devices, recent) = (
        format!("/api/iot/devices?patient_id={}", ana.id),
        format!("{RECENT}?patient_id={}", ana.id),
    );
    assert_eq!(ben.get(&devices).await.json()["devices"][0]["device_id"], cuff.id);
    assert_eq!(list(&ben.get(&recent).await)[0]["heart_rate"], 70);
    // Seeing is not having.
    assert_eq!(ben.delete(&format!("/api/iot/devices/{}", cuff.id)).await.status, 404);
    for path in [&devices, &recent] {
        cora.get(path).await.problem(404, "Patient not found");
    }
    let noted = || async {
        let log = ana.get("/api/audit/me?limit=100").await.json();
        let entries = log["entries"].as_array().cloned().unwrap_or_default();
        let refused = entries
            .iter()
            .filter(|entry| entry["why"]["right"] == "refused")
            .count();
        (refused == 2).then_some(())
    };
    tests::world::eventually_async(noted)
        .await
        .expect("the attempts are noted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_has_twenty_devices_at_most() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let made = (0..25).map(|number| {
        let body = json!({ "name": format!("Sensor {number}") });
        let ana = &ana;
        async move { ana.post("/api/iot/devices", body).await }
    });
    let made = futures_util::future::join_all(made).await;
    let created = made.iter().filter(|answer| answer.status == 201).count();
    let refused = made.iter().filter(|answer| answer.status == 409).count();
    assert_eq!((created, refused), (20, 5));
    let one = super::text(&made.iter().find(|answer| answer.status == 201).unwrap().json()["device_id"]);
    assert_eq!(ana.delete(&format!("/api/iot/devices/{one}")).await.status, 204);
    assert_eq!(ana.delete(&format!("/api/iot/devices/{one}")).await.status, 204);
    Device::of(&ana, "One more").await;
    assert_eq!(
        ana.post("/api/iot/devices", json!({ "name": "Too many" })).await.status,
        409
    );
    for name in ["", "  ", "a\nb", &"x".repeat(81)] {
        assert_eq!(
            ana.post("/api/iot/devices", json!({ "name": name })).await.status,
            422,
            "{name:?}"
        );
    }
}
