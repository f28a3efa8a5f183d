//! What is stored says nothing to whoever reads the table, comes under new keys, and goes with its owner.

use jiff::SignedDuration;
use serde_json::json;
use store::table::Table;
use tests::world::{World, eventually_async};

use super::{ALERTS, BY_HAND, Device, RECENT, list, past};
use crate::api::exports::contents::items;

#[tokio::test(flavor = "multi_thread")]
async fn readings_lie_sealed_come_under_new_keys_and_go_with_their_owner() {
    let world = World::new().await;
    let (ana, ben, admin) = (
        world.patient("ana").await,
        world.patient("ben").await,
        world.admin().await,
    );
    for person in [&ana, &ben] {
        let sensor = Device::of(person, "Sensor").await;
        let at = past(&world, 3);
        let points =
            json!([{ "timestamp": at, "glucose": 47, "heart_rate": 71 }, { "timestamp": at, "glucose": 4700 }]);
        assert_eq!(sensor.send(&world, points).await.status, 201);
        let limits = json!({ "version": 0, "limits": [{ "kind": "glucose", "unit": "mg/dL", "warning_low": 77 }] });
        assert_eq!(person.put("/api/vitals/settings", limits).await.status, 200);
    }
    let keys = || async {
        let sealed = items(&world, Table::Vitals).await.into_iter().filter_map(|item| {
            let sealed = item.get("sealed")?.as_s().ok()?.clone();
            Some(sealed.split_once('.').unwrap().0.to_owned())
        });
        let keys: Vec<String> = sealed.collect();
        assert!(keys.len() >= 16, "{}", keys.len());
        keys.into_iter().collect::<std::collections::BTreeSet<_>>()
    };
    let stored = format!("{:?}", items(&world, Table::Vitals).await);
    for secret in ["implausible", "glucose_low", "warning_low", "Sensor"] {
        assert!(!stored.contains(secret), "{secret} is in the open");
    }
    let before = keys().await;
    assert_eq!(admin.post("/api/admin/keys/rotations", json!({})).await.status, 201);
    for _ in 0..3 {
        world.run_scheduled("reencrypt-fields").await;
        world.product.clock.set_forward(SignedDuration::from_mins(25).as_secs());
    }
    let after = keys().await;
    assert!(after.len() == 1 && before.is_disjoint(&after), "{before:?} {after:?}");
    assert_eq!(list(&ana.get(RECENT).await)[0]["glucose"], 47);
    assert_eq!(list(&ana.get(ALERTS).await).len(), 2);
    let more = json!({ "readings": [
        { "kind": "heart_rate", "value": 72, "unit": "/min", "measured_at": world.product.clock.now() },
    ]});
    assert_eq!(ana.post(BY_HAND, more).await.status, 201);

    assert_eq!(admin.delete("/users/ana").await.status, 200);
    let gone = || async {
        let left = items(&world, Table::Vitals).await;
        let of_ana = left.iter().filter(|item| format!("{item:?}").contains(&ana.id)).count();
        (of_ana == 0).then_some(left.len())
    };
    assert!(eventually_async(gone).await.is_some_and(|left| left > 5));
    assert_eq!(list(&ben.get(RECENT).await)[0]["glucose"], 47);
    // Nothing is due of whoever is gone.
    world.run_scheduled("watch-vitals").await;
}
