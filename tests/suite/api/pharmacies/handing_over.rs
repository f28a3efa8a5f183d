//! What a reservation comes to when it is collected: the prescription as it is then, and whose word counts.

use serde_json::{Value, json};
use tests::clinic;
use tests::pharmacy::{RESERVATIONS, add, add_as, prescription, receive, reserve, set_status, stock};
use tests::world::{Person, World};

const AN_HOUR: i64 = 60 * 60;

fn collected() -> Value {
    json!({ "status": "collected", "paper_seen": true })
}

async fn signed(dora: &Person, ana: &Person, data: Value) -> Value {
    let draft = clinic::draft_of(dora, ana, "prescription", data).await.json();
    json!(clinic::sign(dora, draft["id"].as_str().unwrap()).await)
}

async fn amend(dora: &Person, ana: &Person, record: &Value, mut body: Value) {
    let path = format!("/api/records/{}/amend?patient_id={}", record.as_str().unwrap(), ana.id);
    body["reason"] = json!("Allergy");
    let amended = dora.post(&path, body).await;
    assert!(amended.status.is_success(), "{amended:?}");
}

/// Salbutamol at a pharmacy that dora runs; she treats ana.
async fn clinic_with_pharmacy(world: &World) -> (Person, Person, Value) {
    let (ana, dora) = (world.patient("ana").await, world.verified_doctor("dora").await);
    let pharmacy = add(world, json!({ "staff": [dora.id] })).await;
    receive(&dora, &pharmacy, "Salbutamol", "S", 50).await;
    ana.let_see(&dora, &["records"]).await;
    (ana, dora, pharmacy)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_withdrawn_since_is_not_handed_over() {
    let world = World::new().await;
    let (ana, dora, pharmacy) = clinic_with_pharmacy(&world).await;
    let record = signed(&dora, &ana, json!({ "medications": [{ "name": "Salbutamol" }] })).await;
    let reserved = reserve(&ana, &record).await.json();
    amend(&dora, &ana, &record, json!({ "base_version": 1, "withdraw": true })).await;
    set_status(&dora, &reserved, collected())
        .await
        .problem(409, "The prescription holds no more");
    assert_eq!(stock(&dora, &pharmacy, "salbutamol").await["reserved"], 1);
    let given_up = set_status(&ana, &reserved, json!({ "status": "cancelled" })).await;
    assert_eq!(given_up.status, 200, "{given_up:?}");
    assert_eq!(stock(&dora, &pharmacy, "salbutamol").await["available"], 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_amended_since_is_handed_over_as_it_is_now() {
    let world = World::new().await;
    let (ana, dora, _) = clinic_with_pharmacy(&world).await;
    let medication = |quantity: u64| json!({ "name": "Salbutamol", "quantity": quantity });
    let record = signed(&dora, &ana, json!({ "medications": [medication(4)] })).await;
    let reserved = reserve(&ana, &record).await.json();
    let change = async |version: u64, medications: Value| {
        let body = json!({ "base_version": version, "data": { "medications": medications } });
        amend(&dora, &ana, &record, body).await;
    };
    let refused = async || {
        let refused = set_status(&dora, &reserved, collected()).await;
        refused.problem(409, "The prescription names this medicine no more, or less of it");
    };
    change(1, json!([{ "name": "Budesonide", "quantity": 4 }])).await;
    refused().await;
    change(2, json!([medication(3)])).await;
    refused().await;
    // Elsewhere in it is as good.
    change(3, json!([{ "name": "Budesonide" }, medication(4)])).await;
    let given = set_status(&dora, &reserved, collected()).await;
    assert_eq!(given.status, 200, "{given:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_by_its_day_is_not_handed_over() {
    let world = World::new().await;
    let (ana, dora, _) = clinic_with_pharmacy(&world).await;
    let soon = world.product.clock.now() + jiff::SignedDuration::from_hours(1);
    let data = json!({ "medications": [{ "name": "Salbutamol" }], "valid_until": soon.to_string() });
    let record = signed(&dora, &ana, data).await;
    let reserved = reserve(&ana, &record).await;
    assert_eq!(reserved.status, 201, "{reserved:?}");
    let yesterday = jiff::tz::Offset::UTC.to_datetime(soon).date().yesterday().unwrap();
    let data =
        json!({ "medications": [{ "name": "Salbutamol" }], "valid_until": yesterday.yesterday().unwrap().to_string() });
    let by_the_day = signed(&dora, &ana, data).await;
    reserve(&ana, &by_the_day)
        .await
        .problem(409, "The prescription holds no more");
    let data = json!({ "medications": [{ "name": "Salbutamol" }], "valid_until": "next spring" });
    let unread = signed(&dora, &ana, data).await;
    assert_eq!(reserve(&ana, &unread).await.status, 422);

    world.product.clock.set_forward(2 * AN_HOUR);
    let dora = world.log_in("dora", "password of dora").await;
    set_status(&dora, &reserved.json(), collected())
        .await
        .problem(409, "The prescription holds no more");
}

/// What is used up goes with the medicine, not with its place in the record.
#[tokio::test(flavor = "multi_thread")]
async fn an_amended_prescription_does_not_fill_again_what_was_given_out() {
    let world = World::new().await;
    let (ana, dora, pharmacy) = clinic_with_pharmacy(&world).await;
    receive(&dora, &pharmacy, "Budesonide", "B", 50).await;
    let record = signed(&dora, &ana, json!({ "medications": [{ "name": "Salbutamol" }] })).await;
    let reserved = reserve(&ana, &record).await.json();
    assert_eq!(set_status(&dora, &reserved, collected()).await.status, 200);
    let medications = json!([{ "name": "Budesonide" }, { "name": "Albuterol" }]);
    let body = json!({ "base_version": 1, "data": { "medications": medications } });
    amend(&dora, &ana, &record, body).await;
    let take = |place: u64| {
        let body = json!({ "record_id": record, "medication": place, "pharmacy_id": pharmacy["id"] });
        ana.post(RESERVATIONS, body)
    };
    take(1)
        .await
        .problem(409, "All of this prescription has been reserved or given out");
    assert_eq!(take(0).await.status, 201);
}

/// Nobody has to wait for a worker to use their own prescription again.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_collected_in_time_keeps_nobody_from_reserving_again() {
    let world = World::new().await;
    let (admin, ana) = (world.admin().await, world.patient("ana").await);
    let pharmacy = add(&world, json!({})).await;
    receive(&admin, &pharmacy, "Salbutamol", "S", 50).await;
    let mut records = Vec::new();
    for _ in 0..4 {
        records.push(prescription(&ana, json!({ "name": "Salbutamol" })).await);
    }
    for record in &records[..3] {
        assert_eq!(reserve(&ana, record).await.status, 201);
    }
    assert_eq!(reserve(&ana, &records[3]).await.status, 409);
    world.product.clock.set_forward(24 * AN_HOUR + 1);
    let ana = world.log_in("ana", "password of ana").await;
    for record in &records[..2] {
        let again = reserve(&ana, record).await;
        assert_eq!(again.status, 201, "{again:?}");
    }
    assert_eq!(reserve(&ana, &records[3]).await.status, 201);
    let left = stock(&world.admin().await, &pharmacy, "salbutamol").await;
    assert_eq!((&left["available"], &left["reserved"]), (&json!(47), &json!(3)));
}

/// Whoever runs the pharmacy hands over, also where the patient lets them see prescriptions.
#[tokio::test(flavor = "multi_thread")]
async fn a_pharmacist_with_a_grant_is_a_pharmacist() {
    let world = World::new().await;
    let (ana, dora) = (world.patient("ana").await, world.verified_doctor("dora").await);
    let pharmacy = add_as(&world.admin().await, json!({ "staff": [dora.id] })).await;
    receive(&dora, &pharmacy, "Salbutamol", "S", 50).await;
    ana.let_see(&dora, &["prescriptions"]).await;
    let record = prescription(&ana, json!({ "name": "Salbutamol", "refills": 1 })).await;
    let reserved = reserve(&ana, &record).await.json();
    let given = set_status(&dora, &reserved, collected()).await;
    assert_eq!(given.status, 200, "{given:?}");
    let reserved = reserve(&ana, &record).await.json();
    let given_up = set_status(&dora, &reserved, json!({ "status": "cancelled" })).await;
    assert_eq!(given_up.status, 200, "{given_up:?}");
    let told = || async {
        let list = ana.get("/api/notifications").await.text();
        list.contains("reservation_ended").then_some(())
    };
    assert!(tests::world::eventually_async(told).await.is_some(), "ana is told");
}

/// A pharmacy that the patient chose keeps what a search shows there.
#[tokio::test(flavor = "multi_thread")]
async fn a_chosen_pharmacy_keeps_what_a_search_finds_there() {
    let world = World::new().await;
    let (admin, ana) = (world.admin().await, world.patient("ana").await);
    let record = prescription(&ana, json!({ "name": "Paracetamol", "refills": 5 })).await;
    let nowhere = json!({ "latitude": null, "longitude": null });
    for (stocked, generic, place) in [
        ("Crocin", json!("Paracetamol"), json!({})),
        ("Acetaminophen", Value::Null, nowhere),
    ] {
        let pharmacy = add(&world, place).await;
        let line = json!([{ "medicine_name": stocked, "generic_name": generic, "quantity": 9 }]);
        let received = tests::pharmacy::move_stock(&admin, &pharmacy, "receive", line).await;
        assert_eq!(received.status, 201, "{}", received.text());
        let body = json!({ "record_id": record, "pharmacy_id": pharmacy["id"] });
        let reserved = ana.post(RESERVATIONS, body).await;
        assert_eq!(reserved.status, 201, "{reserved:?}");
        assert_eq!(set_status(&admin, &reserved.json(), collected()).await.status, 200);
    }
    let other = add(&world, json!({})).await;
    receive(&admin, &other, "Ibuprofen", "I", 9).await;
    let body = json!({ "record_id": record, "pharmacy_id": other["id"] });
    ana.post(RESERVATIONS, body)
        .await
        .problem(409, "No open pharmacy within reach has it in stock");
}
