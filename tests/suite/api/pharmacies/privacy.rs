//! What a pharmacy knows of a patient: sealed where it lies, sealed anew when keys change, and gone with the account.

use jiff::SignedDuration;
use serde_json::{Value, json};
use store::rotation::{self, SUBJECTS};
use tests::pharmacy::{add_as, prescription, receive, reserve, set_status, stock};
use tests::world::{Person, World, eventually_async};

use super::{Item, assert_ledger_balances, items, ledger, text};

/// One reservation that was collected, and one that is open.
async fn visit(admin: &Person, ana: &Person) -> Value {
    let pharmacy = add_as(admin, json!({})).await;
    receive(admin, &pharmacy, "Salbutamol", "S", 40).await;
    let record = prescription(ana, json!({ "name": "Salbutamol", "refills": 1 })).await;
    let first = reserve(ana, &record).await.json();
    let given = set_status(admin, &first, json!({ "status": "collected", "paper_seen": true })).await;
    assert_eq!(given.status, 200, "{given:?}");
    assert_eq!(reserve(ana, &record).await.status, 201);
    pharmacy
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_patient_takes_is_sealed_and_sealed_anew() {
    let world = World::new().await;
    let (admin, ana) = (world.admin().await, world.patient("ana").await);
    visit(&admin, &ana).await;
    let own = |items: Vec<Item>| -> Vec<Item> {
        let partition = format!("PATIENT#{}", ana.id);
        items
            .into_iter()
            .filter(|item| text(item, "pk") == partition && item.contains_key("sealed"))
            .collect()
    };
    let sealed = own(items(&world).await);
    assert_eq!(sealed.len(), 3, "two reservations, and what was given");
    for item in &sealed {
        assert!(!format!("{item:?}").to_lowercase().contains("salbutamol"), "{item:?}");
    }
    let key = |item: &Item| text(item, "sealed").split('.').next().unwrap_or_default().to_owned();
    let before: Vec<String> = sealed.iter().map(key).collect();

    assert_eq!(admin.post("/api/admin/keys/rotations", Value::Null).await.status, 201);
    let (store, mut now) = (world.product.platform.store(), world.product.clock.now());
    for _ in 0..500 {
        rotation::step(&store, &SUBJECTS, now).await.expect("a step");
        now += SignedDuration::from_secs(30);
    }
    for item in own(items(&world).await) {
        assert!(
            !before.contains(&key(&item)),
            "{} lies under the old key",
            text(&item, "sk")
        );
    }
    assert_eq!(
        ana.get("/api/pharmacy/reservations").await.json()["reservations"][0]["medicine_name"],
        "salbutamol"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_whoever_is_deleted_but_how_much_was_given_out() {
    let world = World::new().await;
    let (admin, ana) = (world.admin().await, world.patient("ana").await);
    let pharmacy = visit(&admin, &ana).await;
    assert_eq!(stock(&admin, &pharmacy, "salbutamol").await["reserved"], 1);
    assert_eq!(admin.delete("/users/ana").await.status, 200);
    let traces = || async {
        let items = items(&world).await;
        let named = items.into_iter().filter(|item| format!("{item:?}").contains(&ana.id));
        let places: Vec<String> = named
            .map(|item| format!("{} {}", text(&item, "pk"), text(&item, "sk")))
            .collect();
        places
    };
    let gone = eventually_async(|| async { traces().await.is_empty().then_some(()) }).await;
    assert!(gone.is_some(), "these stayed: {:#?}", traces().await);
    let left = stock(&admin, &pharmacy, "salbutamol").await;
    assert_eq!((&left["available"], &left["reserved"]), (&json!(39), &json!(0)));
    assert_ledger_balances(&admin, &pharmacy, "salbutamol").await;
    // What was held for her was freed when the account went, not when it would have been over.
    let now = world.product.clock.now();
    for line in ledger(&admin, &pharmacy, "salbutamol").await {
        let at: jiff::Timestamp = line["at"].as_str().unwrap().parse().unwrap();
        assert!(at <= now, "{line}");
    }
    let recall = json!({ "medicine_name": "Salbutamol", "lot": "S", "reason": "Contaminated" });
    let recalled = admin
        .post(&tests::pharmacy::path(&pharmacy, "/recalls"), recall)
        .await
        .json();
    assert_eq!(
        (&recalled["recipients"], &recalled["given_to_others"]),
        (&json!([]), &json!(1))
    );
}
