//! Lots with their expiry dates, and the ledger of all that was done.

use serde_json::{Value, json};
use tests::pharmacy::{add, move_stock, path, receive, stock};
use tests::world::{Person, World};

use super::{assert_ledger_balances, ledger};

fn line(lot: Option<&str>, quantity: u64) -> Value {
    json!([{ "medicine_name": "Paracetamol", "lot": lot, "quantity": quantity }])
}

async fn ok(person: &Person, pharmacy: &Value, kind: &str, lines: Value) -> Value {
    let moved = move_stock(person, pharmacy, kind, lines).await;
    assert_eq!(moved.status, 201, "{}", moved.text());
    moved.json()
}

fn changes(moved: &Value) -> Vec<(String, i64)> {
    let lines = moved["lines"].as_array().unwrap().iter();
    lines
        .map(|line| {
            (
                line["lot"].as_str().unwrap().to_owned(),
                line["change"].as_i64().unwrap(),
            )
        })
        .collect()
}

/// A expires before B; E expires today.
async fn stocked(world: &World, person: &Person) -> Value {
    let pharmacy = add(world, json!({})).await;
    let today = jiff::tz::Offset::UTC
        .to_datetime(world.product.clock.now())
        .date()
        .to_string();
    for (lot, quantity, expiry) in [("B", 20, "2044-06"), ("A", 10, "2044-01-31"), ("E", 7, today.as_str())] {
        let lines =
            json!([{ "medicine_name": "Paracetamol", "lot": lot, "quantity": quantity, "expiry_date": expiry }]);
        ok(person, &pharmacy, "receive", lines).await;
    }
    pharmacy
}

#[tokio::test(flavor = "multi_thread")]
async fn what_expires_first_is_given_out_first_and_what_has_expired_never() {
    let world = World::new().await;
    let admin = world.admin().await;
    let pharmacy = stocked(&world, &admin).await;
    let moved = ok(&admin, &pharmacy, "dispense", line(None, 8)).await;
    assert_eq!(changes(&moved), [("A".to_owned(), -1), ("E".to_owned(), -7)]);
    ok(
        &admin,
        &pharmacy,
        "receive",
        json!([{ "medicine_name": "Paracetamol", "lot": "E", "quantity": 5 }]),
    )
    .await;

    world.product.clock.set_forward(25 * 60 * 60);
    let admin = world.admin().await;
    let refused = move_stock(&admin, &pharmacy, "dispense", line(Some("E"), 1)).await;
    assert_eq!(refused.problem(409, "The lot has expired")["code"], "lot_expired");
    let found = stock(&admin, &pharmacy, "paracetamol").await;
    assert_eq!((&found["quantity"], &found["available"]), (&json!(29), &json!(29)));
    let refused = move_stock(&admin, &pharmacy, "dispense", line(None, 30)).await;
    assert_eq!(refused.problem(409, "There is not enough in stock")["available"], 29);
    let search = json!({ "medicine_name": "paracetamol", "min_quantity": 30 });
    assert_eq!(world.post("/api/pharmacy/search", search).await.json(), json!([]));
    let moved = ok(&admin, &pharmacy, "dispense", line(None, 12)).await;
    assert_eq!(changes(&moved), [("A".to_owned(), -9), ("B".to_owned(), -3)]);
    ok(&admin, &pharmacy, "discard", line(Some("E"), 5)).await;
    ok(&admin, &pharmacy, "dispense", line(None, 17)).await;
    let refused = move_stock(&admin, &pharmacy, "dispense", line(None, 1)).await;
    assert_eq!(refused.json()["code"], "not_enough_in_stock");
    assert_ledger_balances(&admin, &pharmacy, "paracetamol").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_of_one_lot_are_one_change_of_it() {
    let world = World::new().await;
    let admin = world.admin().await;
    let pharmacy = add(&world, json!({})).await;
    receive(&admin, &pharmacy, "Paracetamol", "A", 10).await;
    receive(&admin, &pharmacy, "Ibuprofen", "I", 10).await;
    let part = |medicine: &str, lot: Value, quantity: u64| json!({ "medicine_name": medicine, "lot": lot, "quantity": quantity });
    let lines = json!([
        part("Paracetamol", json!("A"), 3),
        part("Ibuprofen", Value::Null, 1),
        part("PARACETAMOL", json!("a"), 4),
        part("paracetamol", Value::Null, 2),
    ]);
    let moved = ok(&admin, &pharmacy, "dispense", lines.clone()).await;
    assert_eq!(changes(&moved), [("I".to_owned(), -1), ("A".to_owned(), -9)]);
    // All or nothing, also together.
    let refused = move_stock(&admin, &pharmacy, "dispense", lines).await;
    refused.problem(409, "There is not enough in stock");
    assert_eq!(stock(&admin, &pharmacy, "ibuprofen").await["available"], 9);
    assert_eq!(ledger(&admin, &pharmacy, "paracetamol").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn movements_that_make_no_sense_are_refused() {
    let world = World::new().await;
    let admin = world.admin().await;
    let pharmacy = add(&world, json!({})).await;
    receive(&admin, &pharmacy, "Paracetamol", "A", 10).await;
    let part = |medicine: &str, lot: Value, quantity: u64| json!({ "medicine_name": medicine, "lot": lot, "quantity": quantity });
    let unknown = move_stock(&admin, &pharmacy, "dispense", json!([part("Aspirin", Value::Null, 1)])).await;
    unknown.problem(404, "Medicine not found");
    let unknown = move_stock(
        &admin,
        &pharmacy,
        "dispense",
        json!([part("Paracetamol", json!("Z"), 1)]),
    )
    .await;
    unknown.problem(404, "Lot not found");
    for wrong in [
        json!([]),
        json!([part("Paracetamol", json!("A"), 0)]),
        json!([part("Paracetamol", json!("#"), 1)]),
        json!([
            part("A", Value::Null, 1),
            part("B", Value::Null, 1),
            part("C", Value::Null, 1),
            part("D", Value::Null, 1),
            part("E", Value::Null, 1),
            part("F", Value::Null, 1)
        ]),
        Value::from(vec![part("Paracetamol", Value::Null, 1); 21]),
    ] {
        assert_eq!(
            move_stock(&admin, &pharmacy, "dispense", wrong.clone()).await.status,
            422,
            "{wrong}"
        );
    }
    assert_eq!(
        move_stock(
            &admin,
            &pharmacy,
            "discard",
            json!([part("Paracetamol", Value::Null, 1)])
        )
        .await
        .status,
        422
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_offline_is_carried_out_once() {
    let world = World::new().await;
    let admin = world.admin().await;
    let pharmacy = add(&world, json!({})).await;
    receive(&admin, &pharmacy, "Paracetamol", "A", 10).await;
    let body = |quantity: u64| json!({ "movement_id": "01e0000000000123456789ab", "kind": "dispense", "lines": line(None, quantity) });
    let movements = path(&pharmacy, "/movements");
    let first = admin.post(&movements, body(10)).await;
    assert_eq!(first.status, 201, "{first:?}");
    // Also when there would not be enough for it any more.
    for _ in 0..2 {
        let again = admin.post(&movements, body(10)).await;
        assert_eq!((again.status.as_u16(), again.json()), (201, first.json()));
    }
    let other = admin.post(&movements, body(9)).await;
    other.problem(409, "There is another movement under this id");
    let at_once = futures_util::future::join_all((0..8).map(|_| {
        let body = json!({
            "movement_id": "01e0000000000123456789ac", "kind": "receive",
            "lines": [{ "medicine_name": "Paracetamol", "lot": "B", "quantity": 5 }],
        });
        admin.post(&movements, body)
    }))
    .await;
    assert!(
        at_once
            .iter()
            .all(|answer| answer.status == 201 && answer.json() == at_once[0].json()),
        "{at_once:?}"
    );
    assert_eq!(stock(&admin, &pharmacy, "paracetamol").await["available"], 5);
    assert_ledger_balances(&admin, &pharmacy, "paracetamol").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_count_of_a_lot_is_over_what_was_seen() {
    let world = World::new().await;
    let admin = world.admin().await;
    let pharmacy = add(&world, json!({})).await;
    receive(&admin, &pharmacy, "Paracetamol", "A", 10).await;
    let count = |quantity: u64, version: Value| json!([{ "medicine_name": "Paracetamol", "lot": "A", "quantity": quantity, "expected_version": version }]);
    let seen = stock(&admin, &pharmacy, "paracetamol").await["version"].clone();
    ok(&admin, &pharmacy, "dispense", line(None, 1)).await;
    let late = move_stock(&admin, &pharmacy, "count", count(12, seen)).await;
    let now = late.problem(409, "The stock has changed since it was counted")["version"].clone();
    assert_eq!(
        move_stock(&admin, &pharmacy, "count", count(12, Value::Null))
            .await
            .status,
        422
    );
    assert_eq!(
        changes(&ok(&admin, &pharmacy, "count", count(12, now)).await),
        [("A".to_owned(), 3)]
    );
    let lines = ledger(&admin, &pharmacy, "paracetamol").await;
    let kinds: Vec<_> = lines.iter().map(|line| line["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["receive", "dispense", "count"]);
    assert_ledger_balances(&admin, &pharmacy, "paracetamol").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn packs_of_one_lot_expire_together() {
    let world = World::new().await;
    let admin = world.admin().await;
    let pharmacy = add(&world, json!({})).await;
    receive(&admin, &pharmacy, "Paracetamol", "A", 1).await;
    let other = json!([{ "medicine_name": "Paracetamol", "lot": "A", "quantity": 1, "expiry_date": "2033-11-30" }]);
    let refused = move_stock(&admin, &pharmacy, "receive", other).await;
    refused.problem(409, "The lot is known with another expiry date");
}

/// What the first clients set is what can be given out.
#[tokio::test(flavor = "multi_thread")]
async fn what_has_expired_is_none_of_what_is_set() {
    let world = World::new().await;
    let admin = world.admin().await;
    let pharmacy = add(&world, json!({})).await;
    let old = json!([{ "medicine_name": "Paracetamol", "lot": "OLD", "quantity": 10, "expiry_date": "2020-01-31" }]);
    ok(&admin, &pharmacy, "receive", old).await;
    let body = json!({ "medicine_name": "Paracetamol", "quantity": 20 });
    let set = admin.put(&path(&pharmacy, "/stock"), body).await.json();
    assert_eq!(
        (&set["stock"]["quantity"], &set["stock"]["available"]),
        (&json!(20), &json!(20))
    );
    assert_ledger_balances(&admin, &pharmacy, "paracetamol").await;
}

/// A day ends when the pharmacy's clock says so.
#[tokio::test(flavor = "multi_thread")]
async fn a_lot_expires_by_the_clock_of_its_pharmacy() {
    let world = World::new().await;
    let second = world.product.clock.now().as_second().rem_euclid(24 * 60 * 60);
    world
        .product
        .clock
        .set_forward((36 * 60 * 60 - second) % (24 * 60 * 60));
    // It is noon in Greenwich, and tomorrow in Kiritimati.
    let admin = world.admin().await;
    let today = jiff::tz::Offset::UTC.to_datetime(world.product.clock.now()).date();
    let yesterday = today.yesterday().unwrap();
    for (zone, last, status) in [
        ("Pacific/Kiritimati", today, 409),
        ("Europe/London", today, 201),
        ("Europe/London", yesterday, 409),
        ("Pacific/Pago_Pago", today, 201),
    ] {
        let pharmacy = add(&world, json!({ "time_zone": zone })).await;
        let lot =
            json!([{ "medicine_name": "Paracetamol", "lot": "A", "quantity": 20, "expiry_date": last.to_string() }]);
        ok(&admin, &pharmacy, "receive", lot).await;
        let given = move_stock(&admin, &pharmacy, "dispense", line(Some("A"), 1)).await;
        assert_eq!(given.status, status, "{zone} {last}: {given:?}");
        let is_expired = stock(&admin, &pharmacy, "paracetamol").await["lots"][0]["is_expired"].clone();
        assert_eq!(is_expired, json!(status == 409), "{zone} {last}");
    }
    world.run_scheduled("release-reservations").await;
    let alerts = admin.get("/api/pharmacy/alerts/low-stock").await.json();
    assert_eq!(
        alerts.as_array().unwrap().len(),
        2,
        "of those that have expired there: {alerts}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn good_packs_are_not_put_to_expired_ones() {
    let world = World::new().await;
    let admin = world.admin().await;
    let pharmacy = add(&world, json!({})).await;
    let part = |expiry: &str| json!([{ "medicine_name": "Paracetamol", "quantity": 5, "expiry_date": expiry }]);
    ok(&admin, &pharmacy, "receive", part("2020-01-31")).await;
    let refused = move_stock(&admin, &pharmacy, "receive", part("2044-01-31")).await;
    assert_eq!(refused.json()["code"], "expired_packs_first");
    ok(&admin, &pharmacy, "discard", line(Some("-"), 5)).await;
    ok(&admin, &pharmacy, "receive", part("2044-01-31")).await;
    assert_eq!(stock(&admin, &pharmacy, "paracetamol").await["available"], 5);
}
