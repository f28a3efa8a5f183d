//! What nobody can bring about: stock that cannot be released, mails without end, numbers and names that storage refuses.

use serde_json::{Value, json};
use tests::pharmacy::{add, add_as, move_stock, path, prescription, receive, reserve, set_status, stock};
use tests::world::{Person, World, eventually_async};

use super::{items, remove, text};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_reserved_can_be_released_whatever_is_set() {
    let world = World::new().await;
    let (admin, ana) = (world.admin().await, world.patient("ana").await);
    let pharmacy = add(&world, json!({})).await;
    let set = |quantity: u64| {
        let body = json!({ "medicine_name": "Salbutamol", "quantity": quantity });
        let (admin, path) = (&admin, path(&pharmacy, "/stock"));
        async move { admin.put(&path, body).await.status.as_u16() }
    };
    assert_eq!(set(10).await, 200);
    let reserved = reserve(&ana, &prescription(&ana, json!({ "name": "Salbutamol" })).await).await;
    assert_eq!(set(1_000_000_000).await, 422);
    assert_eq!(set(999_999_999).await, 200);
    let given_up = set_status(&ana, &reserved.json(), json!({ "status": "cancelled" })).await;
    assert_eq!(given_up.status, 200, "{given_up:?}");
    assert_eq!(stock(&admin, &pharmacy, "salbutamol").await["available"], 1_000_000_000);
}

/// What cannot be released holds up nothing that stands behind it in the queue, nor lots that expire.
#[tokio::test(flavor = "multi_thread")]
async fn the_worker_goes_on_where_one_fails() {
    let world = World::new().await;
    let (admin, ana) = (world.admin().await, world.patient("ana").await);
    let mut pharmacies = Vec::new();
    for medicine in ["Salbutamol", "Budesonide"] {
        let pharmacy = add(&world, json!({})).await;
        receive(&admin, &pharmacy, medicine, "S", 12).await;
        let record = prescription(&ana, json!({ "name": medicine, "quantity": 2 })).await;
        assert_eq!(reserve(&ana, &record).await.status, 201);
        pharmacies.push(pharmacy);
    }
    let today = jiff::tz::Offset::UTC.to_datetime(world.product.clock.now()).date();
    let line = json!([{ "medicine_name": "Ibuprofen", "lot": "I", "quantity": 12, "expiry_date": today.to_string() }]);
    assert_eq!(move_stock(&admin, &pharmacies[1], "receive", line).await.status, 201);
    let partition = format!("PHARMACY#{}", pharmacies[0]["id"].as_str().unwrap());
    remove(&world, &partition, "SHELF#salbutamol").await;

    world.product.clock.set_forward(2 * 24 * 60 * 60);
    let event = async || world.try_scheduled("release-reservations").await;
    assert!(event().await.is_err(), "it says that one failed");
    let admin = world.admin().await;
    let left = stock(&admin, &pharmacies[1], "budesonide").await;
    assert_eq!((&left["available"], &left["reserved"]), (&json!(12), &json!(0)));
    let low = admin.get("/api/pharmacy/alerts/low-stock").await.json();
    let low: Vec<&Value> = low
        .as_array()
        .unwrap()
        .iter()
        .map(|alert| &alert["medicine_name"])
        .collect();
    assert_eq!(low, ["ibuprofen"], "it was set aside");
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_and_names_that_storage_refuses_are_refused_or_rounded() {
    let world = World::new().await;
    let admin = world.admin().await;
    let long = "x".repeat(2_100);
    for member in ["city", "state", "pincode"] {
        let mut body = json!({ "medicine_name": "Paracetamol" });
        body[member] = json!(long);
        assert_eq!(world.post("/api/pharmacy/search", body).await.status, 422, "{member}");
    }
    let pharmacy = add(&world, json!({ "latitude": 1e-200, "longitude": -1e-200 })).await;
    assert_eq!(
        (&pharmacy["latitude"], &pharmacy["longitude"]),
        (&json!(0.0), &json!(0.0))
    );
    let body = json!({ "medicine_name": "Paracetamol", "quantity": 20, "price": 1e-200 });
    let set = admin.put(&path(&pharmacy, "/stock"), body).await;
    assert_eq!(set.status, 200, "{set:?}");
    let nested = (0..40).fold(json!("09:00"), |inner, _| json!([inner]));
    for hours in [
        json!({ "monday": [1e300] }),
        json!({ "monday": nested }),
        json!({ "": "09:00-18:00" }),
    ] {
        let changed = admin
            .put(&path(&pharmacy, ""), json!({ "operating_hours": hours }))
            .await;
        assert_eq!(changed.status, 422, "{changed:?}");
    }
    let hours = json!({ "operating_hours": { "monday": { "from": 9, "until": 17.5 } } });
    assert_eq!(admin.put(&path(&pharmacy, ""), hours).await.status, 200);
}

/// Anybody can note a prescription.
#[tokio::test(flavor = "multi_thread")]
async fn prescriptions_that_nobody_signed_keep_little_from_others() {
    let world = World::new().await;
    let (admin, ana) = (world.admin().await, world.patient("ana").await);
    let pharmacy = add(&world, json!({})).await;
    receive(&admin, &pharmacy, "Salbutamol", "S", 5_000).await;
    let much = prescription(&ana, json!({ "name": "Salbutamol", "quantity": 101 })).await;
    assert_eq!(reserve(&ana, &much).await.status, 422);
    for _ in 0..3 {
        let record = prescription(&ana, json!({ "name": "Salbutamol", "quantity": 100 })).await;
        assert_eq!(reserve(&ana, &record).await.status, 201);
    }
    let fourth = prescription(&ana, json!({ "name": "Salbutamol" })).await;
    let refused = reserve(&ana, &fourth).await;
    assert_eq!(refused.status, 409);
    assert_eq!(refused.json()["code"], "unsigned_reservations_too_many");
    assert_eq!(stock(&admin, &pharmacy, "salbutamol").await["reserved"], 300);
}

async fn notices(person: &Person) -> usize {
    let list = person.get("/api/notifications?limit=100").await.text();
    list.matches("\"stock_low\"").count()
}

/// However often others reserve and give up, whoever runs the pharmacy is told once until they bring more.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_makes_a_pharmacy_be_told_over_and_over() {
    let world = World::new().await;
    let (admin, ana) = (world.admin().await, world.patient("ana").await);
    let pharmacy = add_as(&admin, json!({})).await;
    receive(&admin, &pharmacy, "Salbutamol", "S", 11).await;
    let record = prescription(&ana, json!({ "name": "Salbutamol" })).await;
    let alerts = async || {
        admin
            .get("/api/pharmacy/alerts/low-stock")
            .await
            .json()
            .as_array()
            .unwrap()
            .len()
    };
    for _ in 0..4 {
        let reserved = reserve(&ana, &record).await;
        assert_eq!(reserved.status, 201, "{reserved:?}");
        assert_eq!(alerts().await, 1);
        let given_up = set_status(&ana, &reserved.json(), json!({ "status": "cancelled" })).await;
        assert_eq!((given_up.status.as_u16(), alerts().await), (200, 0));
    }
    receive(&admin, &pharmacy, "Salbutamol", "S", 5).await;
    let line = json!([{ "medicine_name": "Salbutamol", "quantity": 10 }]);
    assert_eq!(move_stock(&admin, &pharmacy, "dispense", line).await.status, 201);
    let told = || async { (notices(&admin).await >= 2).then_some(()) };
    assert!(eventually_async(told).await.is_some(), "{}", notices(&admin).await);
    assert_eq!(notices(&admin).await, 2);
}

/// Clients draw the ids of movements.
#[tokio::test(flavor = "multi_thread")]
async fn two_pharmacies_may_have_one_id_of_a_movement() {
    let world = World::new().await;
    let (admin, ana) = (world.admin().await, world.patient("ana").await);
    for quantity in [1, 2] {
        let pharmacy = add_as(&admin, json!({})).await;
        receive(&admin, &pharmacy, "Salbutamol", "S", 50).await;
        let body = json!({
            "movement_id": "01e0000000000123456789ab", "kind": "dispense", "patient_id": ana.id,
            "lines": [{ "medicine_name": "Salbutamol", "quantity": quantity }],
        });
        let given = admin.post(&path(&pharmacy, "/movements"), body).await;
        assert_eq!(given.status, 201, "{given:?}");
    }
    let partition = format!("PATIENT#{}", ana.id);
    let all = items(&world).await;
    let received = all
        .iter()
        .filter(|item| text(item, "pk") == partition && text(item, "sk").starts_with("RECEIVED#"));
    assert_eq!(received.count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_never_there_is_not_in_the_index() {
    let world = World::new().await;
    let admin = world.admin().await;
    let pharmacy = add(&world, json!({})).await;
    let set = async |quantity: u64| {
        let body = json!({ "medicine_name": "Salbutamol", "quantity": quantity });
        assert_eq!(admin.put(&path(&pharmacy, "/stock"), body).await.status, 200);
    };
    let offers = async || {
        let all = items(&world).await;
        all.iter().filter(|item| text(item, "pk").starts_with("FIND#")).count()
    };
    set(0).await;
    assert_eq!(offers().await, 0);
    set(7).await;
    assert_eq!(offers().await, 4);
    let found = world
        .post("/api/pharmacy/search", json!({ "medicine_name": "salbutamol" }))
        .await;
    assert_eq!(found.json()[0]["quantity"], 7);
}

/// Of a pharmacy that changes hands there is a trace, and who had it is told.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_takes_a_pharmacy_over_leaves_a_trace() {
    let world = World::new().await;
    let admin = world.admin().await;
    world.patient("ben").await;
    let pharmacy = add_as(&admin, json!({})).await;
    let promoted = tests::world::send(admin.request(reqwest::Method::PUT, "/users/ben/role?new_role=admin")).await;
    assert_eq!(promoted.status, 200, "{promoted:?}");
    let ben = world.log_in("ben", "password of ben").await;
    let staff = ben.put(&path(&pharmacy, ""), json!({ "staff": [] })).await;
    assert_eq!(staff.status, 200, "{staff:?}");
    let taken = ben.put(&path(&pharmacy, ""), json!({ "take_over": true })).await;
    assert_eq!(taken.json()["owner_id"], ben.id);
    let log = admin.get("/api/admin/activity-logs").await.json();
    let actions: Vec<&str> = log
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["action"].as_str().unwrap())
        .collect();
    assert!(
        actions.contains(&"pharmacy_changed") && actions.contains(&"pharmacy_taken_over"),
        "{actions:?}"
    );
    let told = || async {
        let list = admin.get("/api/notifications").await.text();
        list.contains("pharmacy_taken_over").then_some(())
    };
    assert!(eventually_async(told).await.is_some(), "who had it is told");
}
