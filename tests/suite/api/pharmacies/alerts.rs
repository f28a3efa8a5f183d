//! Of what there is little: one alert for each medicine of a pharmacy, and one notice for each time that it comes to that.

use serde_json::{Value, json};
use tests::pharmacy::{add, add_as, move_stock, path};
use tests::world::{Person, World, eventually_async};

const SUBJECT: &str = "Stock is running low";

async fn set(person: &Person, pharmacy: &Value, medicine: &str, quantity: u64) {
    let body = json!({ "medicine_name": medicine, "quantity": quantity });
    assert_eq!(person.put(&path(pharmacy, "/stock"), body).await.status, 200);
}

async fn alerts(person: &Person, query: &str) -> Value {
    let found = person.get(&format!("/api/pharmacy/alerts/low-stock{query}")).await;
    assert_eq!(found.status, 200, "{found:?}");
    found.json()
}

async fn notices(person: &Person) -> usize {
    let list = person.get("/api/notifications?limit=100").await.text();
    list.matches("\"stock_low\"").count()
}

async fn notices_become(person: &Person, wanted: usize) {
    let look = || async { (notices(person).await == wanted).then_some(()) };
    assert!(
        eventually_async(look).await.is_some(),
        "{} of {wanted}",
        notices(person).await
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_opens_at_ten_changes_with_the_stock_and_closes_by_itself() {
    let world = World::new().await;
    let (admin, dora) = (world.admin().await, world.verified_doctor("dora").await);
    let (one, other) = (add(&world, json!({})).await, add(&world, json!({})).await);
    set(&admin, &one, "Paracetamol", 11).await;
    assert_eq!(alerts(&dora, "").await, json!([]));
    for (quantity, level) in [
        (10, "warning"),
        (6, "warning"),
        (5, "critical"),
        (0, "critical"),
        (8, "warning"),
    ] {
        set(&admin, &one, "Paracetamol", quantity).await;
        let found = alerts(&dora, "").await;
        assert_eq!(found.as_array().unwrap().len(), 1, "one, not one for each change");
        assert_eq!(found[0]["pharmacy_id"], one["id"]);
        assert_eq!(
            (
                &found[0]["medicine_name"],
                &found[0]["current_quantity"],
                &found[0]["threshold"],
                &found[0]["alert_level"]
            ),
            (&json!("paracetamol"), &json!(quantity), &json!(10), &json!(level))
        );
    }
    set(&admin, &other, "Ibuprofen", 1).await;
    assert_eq!(alerts(&dora, "").await.as_array().unwrap().len(), 2);
    let id = |pharmacy: &Value| pharmacy["id"].as_str().unwrap().to_owned();
    let of_other = alerts(&admin, &format!("?pharmacy_id={}", id(&other))).await;
    assert_eq!(
        (of_other.as_array().unwrap().len(), &of_other[0]["medicine_name"]),
        (1, &json!("ibuprofen"))
    );
    set(&admin, &one, "Paracetamol", 11).await;
    assert_eq!(alerts(&admin, &format!("?pharmacy_id={}", id(&one))).await, json!([]));
    let unknown = admin
        .get("/api/pharmacy/alerts/low-stock?pharmacy_id=0186a1f2c3d4e5f601234567")
        .await;
    unknown.problem(404, "Pharmacy not found");
    let ana = world.patient("ana").await;
    assert_eq!(ana.get("/api/pharmacy/alerts/low-stock").await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_runs_it_is_told_once_each_time() {
    let world = World::new().await;
    let (admin, dora) = (world.admin().await, world.verified_doctor("dora").await);
    let pharmacy = add_as(&admin, json!({ "staff": [dora.id] })).await;
    set(&admin, &pharmacy, "Paracetamol", 50).await;
    for quantity in [10, 9, 3, 0] {
        set(&admin, &pharmacy, "Paracetamol", quantity).await;
    }
    notices_become(&dora, 1).await;
    notices_become(&admin, 1).await;
    world.message(&dora.email, SUBJECT).await;
    set(&admin, &pharmacy, "Paracetamol", 50).await;
    let line = json!([{ "medicine_name": "Paracetamol", "quantity": 45 }]);
    assert_eq!(move_stock(&dora, &pharmacy, "dispense", line).await.status, 201);
    notices_become(&dora, 2).await;
    notices_become(&admin, 2).await;
}

/// What has expired counts no more, whoever notices it.
#[tokio::test(flavor = "multi_thread")]
async fn little_is_left_where_the_rest_has_expired() {
    let world = World::new().await;
    let admin = world.admin().await;
    let pharmacy = add_as(&admin, json!({})).await;
    let now = world.product.clock.now();
    let today = jiff::tz::Offset::UTC.to_datetime(now).date().to_string();
    let lines = json!([
        { "medicine_name": "Paracetamol", "lot": "OLD", "quantity": 30, "expiry_date": today },
        { "medicine_name": "Paracetamol", "lot": "NEW", "quantity": 4, "expiry_date": "2044-01-31" },
    ]);
    assert_eq!(move_stock(&admin, &pharmacy, "receive", lines).await.status, 201);
    world.run_scheduled("release-reservations").await;
    assert_eq!(alerts(&admin, "").await, json!([]));
    world.product.clock.set_forward(25 * 60 * 60);
    let admin = world.admin().await;
    world.run_scheduled("release-reservations").await;
    world.run_scheduled("release-reservations").await;
    let found = alerts(&admin, "").await;
    assert_eq!(
        (&found[0]["current_quantity"], &found[0]["alert_level"]),
        (&json!(4), &json!("critical"))
    );
    notices_become(&admin, 1).await;
    let more = json!([{ "medicine_name": "Paracetamol", "lot": "NEW", "quantity": 7 }]);
    assert_eq!(move_stock(&admin, &pharmacy, "receive", more).await.status, 201);
    assert_eq!(alerts(&admin, "").await, json!([]));
}
