//! A recalled lot stays where it is, and who received it is known.

use reqwest::Method;
use serde_json::{Value, json};
use tests::pharmacy::{add, move_stock, path, prescription, receive, reserve, set_status, stock};
use tests::world::{Person, World, send};

async fn give(person: &Person, pharmacy: &Value, patient: Option<&Person>, quantity: u64) {
    let body = json!({
        "kind": "dispense", "patient_id": patient.map(|patient| &patient.id),
        "lines": [{ "medicine_name": "Salbutamol", "lot": "BAD", "quantity": quantity }],
    });
    let given = person.post(&path(pharmacy, "/movements"), body).await;
    assert_eq!(given.status, 201, "{}", given.text());
}

fn recall() -> Value {
    json!({ "medicine_name": "salbutamol", "lot": "bad", "reason": "Contaminated" })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recall_lists_who_received_the_lot_and_stops_it() {
    let world = World::new().await;
    let (ana, ben, cleo) = (
        world.patient("ana").await,
        world.patient("ben").await,
        world.patient("cleo").await,
    );
    let dora = world.verified_doctor("dora").await;
    let pharmacy = add(&world, json!({ "staff": [dora.id] })).await;
    receive(&dora, &pharmacy, "Salbutamol", "BAD", 30).await;
    give(&dora, &pharmacy, Some(&ana), 2).await;
    give(&dora, &pharmacy, Some(&ben), 3).await;
    give(&dora, &pharmacy, None, 4).await;
    // By a reservation, too; one that is still open received nothing yet.
    let record = prescription(&cleo, json!({ "name": "Salbutamol", "refills": 1 })).await;
    let reserved = reserve(&cleo, &record).await.json();
    let collected = json!({ "status": "collected", "paper_seen": true });
    assert_eq!(set_status(&dora, &reserved, collected).await.status, 200);
    assert_eq!(reserve(&cleo, &record).await.status, 201);

    let recalled = dora.post(&path(&pharmacy, "/recalls"), recall()).await;
    assert_eq!(recalled.status, 201, "{recalled:?}");
    let request = recalled.header("x-request-id").to_owned();
    let recalled = recalled.json();
    let mut received: Vec<(String, u64)> = Vec::new();
    for recipient in recalled["recipients"].as_array().unwrap() {
        assert!(recipient["name"].is_string() && recipient["email"].is_string());
        received.push((
            recipient["patient_id"].as_str().unwrap().to_owned(),
            recipient["quantity"].as_u64().unwrap(),
        ));
    }
    received.sort();
    let mut wanted = vec![(ana.id.clone(), 2), (ben.id.clone(), 3), (cleo.id.clone(), 1)];
    wanted.sort();
    assert_eq!((received, &recalled["given_to_others"]), (wanted, &json!(4)));
    assert_eq!(recalled["next_cursor"], Value::Null);
    for patient in [&ana, &ben, &cleo] {
        let entry = patient.audit_entry(&request).await.expect("it is in their log");
        assert_eq!(entry["who"]["id"], dora.id, "{entry}");
    }

    // Again it says the same.
    let mut other = recall();
    other["reason"] = json!("Another reason");
    let again = dora.post(&path(&pharmacy, "/recalls"), other).await.json();
    for member in ["reason", "recalled_at", "recipients"] {
        assert_eq!(again[member], recalled[member], "{member}");
    }
    super::assert_ledger_balances(&dora, &pharmacy, "salbutamol").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_recalled_lot_is_given_out() {
    let world = World::new().await;
    let (cleo, dora) = (world.patient("cleo").await, world.verified_doctor("dora").await);
    let pharmacy = add(&world, json!({ "staff": [dora.id] })).await;
    receive(&dora, &pharmacy, "Salbutamol", "BAD", 21).await;
    let record = prescription(&cleo, json!({ "name": "Salbutamol" })).await;
    let open = reserve(&cleo, &record).await.json();
    receive(&dora, &pharmacy, "Salbutamol", "GOOD", 5).await;
    assert_eq!(dora.post(&path(&pharmacy, "/recalls"), recall()).await.status, 201);
    let collected = json!({ "status": "collected", "paper_seen": true });

    let line = |lot: &str| json!([{ "medicine_name": "Salbutamol", "lot": lot, "quantity": 1 }]);
    let refused = move_stock(&dora, &pharmacy, "dispense", line("BAD")).await;
    refused.problem(409, "The lot was recalled");
    move_stock(&dora, &pharmacy, "receive", line("BAD"))
        .await
        .problem(409, "The lot was recalled");
    set_status(&dora, &open, collected)
        .await
        .problem(409, "The lot was recalled");
    assert_eq!(
        set_status(&cleo, &open, json!({ "status": "cancelled" })).await.status,
        200
    );
    let left = stock(&dora, &pharmacy, "salbutamol").await;
    assert_eq!((&left["quantity"], &left["available"]), (&json!(5), &json!(5)));
    let search = json!({ "medicine_name": "salbutamol", "min_quantity": 6 });
    assert_eq!(world.post("/api/pharmacy/search", search).await.json(), json!([]));
    assert_eq!(
        move_stock(
            &dora,
            &pharmacy,
            "discard",
            json!([{ "medicine_name": "Salbutamol", "lot": "BAD", "quantity": 21 }])
        )
        .await
        .status,
        201
    );
    super::assert_ledger_balances(&dora, &pharmacy, "salbutamol").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_comes_in_pages_and_a_lot_may_be_recalled_before_it_comes() {
    let world = World::new().await;
    let admin = world.admin().await;
    let pharmacy = add(&world, json!({})).await;
    receive(&admin, &pharmacy, "Salbutamol", "BAD", 200).await;
    let ana = world.patient("ana").await;
    for _ in 0..60 {
        give(&admin, &pharmacy, Some(&ana), 1).await;
    }
    let (mut body, mut given) = (recall(), 0);
    loop {
        let page = admin.post(&path(&pharmacy, "/recalls"), body.clone()).await.json();
        given += page["recipients"].as_array().unwrap().len();
        match page["next_cursor"].as_str() {
            Some(next) => body["cursor"] = json!(next),
            None => break,
        }
    }
    assert_eq!(given, 60);
    let coming = json!({ "medicine_name": "Salbutamol", "lot": "COMING", "reason": "Contaminated" });
    assert_eq!(admin.post(&path(&pharmacy, "/recalls"), coming).await.status, 201);
    let line = json!([{ "medicine_name": "Salbutamol", "lot": "COMING", "quantity": 1 }]);
    move_stock(&admin, &pharmacy, "receive", line)
        .await
        .problem(409, "The lot was recalled");
    let unknown = json!({ "medicine_name": "Aspirin", "lot": "A", "reason": "Contaminated" });
    admin
        .post(&path(&pharmacy, "/recalls"), unknown)
        .await
        .problem(404, "Medicine not found");
}

/// Only those who run a pharmacy see who was given what: not another admin, not a doctor where nobody is named.
#[tokio::test(flavor = "multi_thread")]
async fn who_was_given_what_is_for_those_who_run_the_pharmacy() {
    let world = World::new().await;
    let (admin, dora, ana) = (
        world.admin().await,
        world.verified_doctor("dora").await,
        world.patient("ana").await,
    );
    let pharmacy = add(&world, json!({})).await;
    receive(&dora, &pharmacy, "Salbutamol", "BAD", 30).await;
    give(&admin, &pharmacy, Some(&ana), 2).await;
    dora.post(&path(&pharmacy, "/recalls"), recall())
        .await
        .problem(404, "Pharmacy not found");
    let body = json!({
        "kind": "dispense", "patient_id": ana.id, "lines": [{ "medicine_name": "Salbutamol", "quantity": 1 }],
    });
    let refused = dora.post(&path(&pharmacy, "/movements"), body).await;
    refused.problem(404, "Pharmacy not found");
    let movements = dora.get(&path(&pharmacy, "/movements?medicine_name=salbutamol")).await;
    assert!(movements.status == 200 && !movements.text().contains(&ana.id));
    let kept = format!(
        "/api/pharmacy/reservations?pharmacy_id={}",
        pharmacy["id"].as_str().unwrap()
    );
    dora.get(&kept).await.problem(404, "Pharmacy not found");
    for wrong in [
        json!({ "patient_id": dora.id }),
        json!({ "patient_id": "0186a1f2c3d4e5f601234567" }),
    ] {
        let mut body = json!({ "kind": "dispense", "lines": [{ "medicine_name": "Salbutamol", "quantity": 1 }] });
        body["patient_id"] = wrong["patient_id"].clone();
        assert_eq!(admin.post(&path(&pharmacy, "/movements"), body).await.status, 422);
    }
    let patient = send(ana.request(Method::GET, &path(&pharmacy, "/movements?medicine_name=salbutamol"))).await;
    assert_eq!(patient.status, 403);
}

/// A shelf knows sixty lots. What it has forgotten is recalled all the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_recalled_lot_stays_recalled_when_its_shelf_has_forgotten_it() {
    let world = World::new().await;
    let admin = world.admin().await;
    let pharmacy = add(&world, json!({})).await;
    receive(&admin, &pharmacy, "Salbutamol", "L0", 1).await;
    let recalls = path(&pharmacy, "/recalls");
    assert_eq!(admin.post(&recalls, recall()).await.status, 201);
    let line = |lot: String| json!({ "medicine_name": "Salbutamol", "lot": lot, "quantity": 1 });
    for numbers in [1..21, 21..41, 41..60] {
        let lines = numbers.map(|number| line(format!("L{number}"))).collect();
        let received = move_stock(&admin, &pharmacy, "receive", Value::Array(lines)).await;
        assert_eq!(received.status, 201, "{}", received.text());
    }
    let lots = stock(&admin, &pharmacy, "salbutamol").await["lots"]
        .as_array()
        .unwrap()
        .clone();
    assert!(lots.len() == 60 && lots.iter().all(|lot| lot["lot"] != "BAD"));
    let discarded = move_stock(&admin, &pharmacy, "discard", json!([line("L0".to_owned())])).await;
    assert_eq!(discarded.status, 201);
    move_stock(&admin, &pharmacy, "receive", json!([line("bad".to_owned())]))
        .await
        .problem(409, "The lot was recalled");
    assert_eq!(admin.post(&recalls, recall()).await.status, 201);
    super::assert_ledger_balances(&admin, &pharmacy, "salbutamol").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn packs_without_a_lot_number_are_not_recalled() {
    let world = World::new().await;
    let admin = world.admin().await;
    let pharmacy = add(&world, json!({})).await;
    receive(&admin, &pharmacy, "Salbutamol", "-", 1).await;
    let body = json!({ "medicine_name": "Salbutamol", "lot": "-", "reason": "Contaminated" });
    assert_eq!(admin.post(&path(&pharmacy, "/recalls"), body).await.status, 422);
    let body = json!({ "medicine_name": "Salbutamol", "quantity": 5 });
    let set = admin.put(&path(&pharmacy, "/stock"), body).await.json();
    assert_eq!(set["stock"]["available"], 5);
}
