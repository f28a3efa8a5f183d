//! A prescription sets medicine apart at the nearest pharmacy that has it, for a day.

use serde_json::{Value, json};
use tests::clinic;
use tests::pharmacy::{HERE, RESERVATIONS, add, add_as, move_stock, prescription, receive, reserve, set_status, stock};
use tests::world::{Person, World, eventually_async};

use super::assert_ledger_balances;

const A_DAY: i64 = 24 * 60 * 60;

fn at(kilometres_north: f64, more: Value) -> Value {
    let mut body = json!({ "latitude": HERE.0 + kilometres_north / 111.195, "longitude": HERE.1 });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

fn collected() -> Value {
    json!({ "status": "collected", "paper_seen": true })
}

/// The first is closed, the second has nothing and the third nothing good; gives the others.
async fn five_pharmacies(world: &World, admin: &Person) -> [Value; 2] {
    let hours =
        json!({ "name": "Closed", "is_24x7": false, "time_zone": "UTC", "operating_hours": { "monday": "closed" } });
    let closed = add(world, at(1.0, hours)).await;
    let empty = add(world, at(2.0, json!({ "name": "Empty" }))).await;
    let expired = add(world, at(3.0, json!({ "name": "Expired" }))).await;
    let right = add(world, at(4.0, json!({ "name": "Right" }))).await;
    let further = add(world, at(9.0, json!({ "name": "Further" }))).await;
    for pharmacy in [&closed, &empty, &right, &further] {
        receive(admin, pharmacy, "Salbutamol", "S", 2).await;
    }
    let line = json!([{ "medicine_name": "Salbutamol", "quantity": 2 }]);
    assert_eq!(move_stock(admin, &empty, "dispense", line).await.status, 201);
    let old = json!([{ "medicine_name": "Salbutamol", "lot": "O", "quantity": 9, "expiry_date": "2020-01-31" }]);
    assert_eq!(move_stock(admin, &expired, "receive", old).await.status, 201);
    [right, further]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nearest_open_pharmacy_that_has_it_keeps_it() {
    let world = World::new().await;
    let (admin, ana) = (world.admin().await, world.patient("ana").await);
    let [right, further] = five_pharmacies(&world, &admin).await;
    let record = prescription(&ana, json!({ "name": "SALBUTAMOL", "quantity": 2, "refills": 2 })).await;
    let reserved = reserve(&ana, &record).await;
    assert_eq!(reserved.status, 201, "{reserved:?}");
    let reserved = reserved.json();
    assert_eq!(
        (
            &reserved["pharmacy"]["name"],
            &reserved["quantity"],
            &reserved["status"]
        ),
        (&json!("Right"), &json!(2), &json!("open"))
    );
    assert_eq!(
        (&reserved["distance_km"], &reserved["is_partial"]),
        (&json!(4.0), &json!(false))
    );
    // What is reserved is nobody else's.
    let search = json!({ "medicine_name": "salbutamol", "latitude": HERE.0, "longitude": HERE.1 });
    let found = world.post("/api/pharmacy/search", search).await.json();
    assert_eq!(
        (found.as_array().unwrap().len(), &found[0]["pharmacy_name"]),
        (1, &json!("Further"))
    );

    let again = reserve(&ana, &record).await;
    again.problem(409, "This medicine is reserved already");
    let given = set_status(&admin, &reserved, collected()).await;
    assert_eq!(
        (given.status.as_u16(), &given.json()["status"]),
        (200, &json!("collected"))
    );
    assert_eq!(stock(&admin, &right, "salbutamol").await["reserved"], 0);
    let next = reserve(&ana, &record).await.json();
    assert_eq!(next["pharmacy"]["name"], "Further");
    assert_eq!(set_status(&admin, &next, collected()).await.status, 200);
    reserve(&ana, &record)
        .await
        .problem(409, "No open pharmacy within reach has it in stock");
    receive(&admin, &right, "Salbutamol", "S", 4).await;
    let last = reserve(&ana, &record).await.json();
    assert_eq!(set_status(&admin, &last, collected()).await.status, 200);
    let refused = reserve(&ana, &record).await;
    assert_eq!(
        refused.problem(409, "All of this prescription has been reserved or given out")["code"],
        "no_fills_left"
    );
    for pharmacy in [&right, &further] {
        assert_ledger_balances(&admin, pharmacy, "salbutamol").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pharmacy_may_be_chosen_and_a_generic_name_found() {
    let world = World::new().await;
    let (admin, ana) = (world.admin().await, world.patient("ana").await);
    let far = add(&world, at(500.0, json!({}))).await;
    let line = json!([{ "medicine_name": "Crocin", "generic_name": "Paracetamol", "lot": "C", "quantity": 9 }]);
    assert_eq!(move_stock(&admin, &far, "receive", line.clone()).await.status, 201);
    let record = prescription(&ana, json!({ "name": "Tylenol", "generic_name": "Acetaminophen" })).await;
    reserve(&ana, &record)
        .await
        .problem(409, "No open pharmacy within reach has it in stock");
    let body = json!({ "record_id": record, "latitude": HERE.0, "longitude": HERE.1, "radius_km": 600 });
    let reserved = ana.post(RESERVATIONS, body).await;
    assert_eq!(reserved.status, 201, "{reserved:?}");
    assert_eq!(reserved.json()["medicine_name"], "crocin");

    let by_name = prescription(&ana, json!({ "name": "crocin" })).await;
    let chosen = ana
        .post(RESERVATIONS, json!({ "record_id": by_name, "pharmacy_id": far["id"] }))
        .await;
    assert_eq!(
        (chosen.status.as_u16(), &chosen.json()["pharmacy_id"]),
        (201, &far["id"])
    );
    let nowhere = ana.post(RESERVATIONS, json!({ "record_id": by_name })).await;
    assert_eq!(nowhere.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_collects_in_a_day_returns() {
    let world = World::new().await;
    let (admin, ana, ben) = (
        world.admin().await,
        world.patient("ana").await,
        world.patient("ben").await,
    );
    let pharmacy = add(&world, json!({})).await;
    receive(&admin, &pharmacy, "Salbutamol", "S", 1).await;
    let of_ana = prescription(&ana, json!({ "name": "Salbutamol" })).await;
    let of_ben = prescription(&ben, json!({ "name": "Salbutamol" })).await;
    let first = reserve(&ana, &of_ana).await.json();
    reserve(&ben, &of_ben)
        .await
        .problem(409, "No open pharmacy within reach has it in stock");
    let search = || world.post("/api/pharmacy/search", json!({ "medicine_name": "salbutamol" }));
    assert_eq!(search().await.json(), json!([]));

    // No worker has run: it is over by its time, and seen so by whoever looks.
    world.product.clock.set_forward(A_DAY);
    let (admin, ana, ben) = (
        log_in(&world, "admin").await,
        log_in(&world, "ana").await,
        log_in(&world, "ben").await,
    );
    assert_eq!(search().await.json()[0]["quantity"], 1);
    let list = ana.get(RESERVATIONS).await.json();
    assert_eq!(list["reservations"][0]["status"], "expired");
    set_status(&admin, &first, collected())
        .await
        .problem(409, "The reservation is expired already");
    let second = reserve(&ben, &of_ben).await;
    assert_eq!(second.status, 201, "{second:?}");
    let told = || async {
        ana.get("/api/notifications")
            .await
            .text()
            .contains("reservation_ended")
            .then_some(())
    };
    assert!(eventually_async(told).await.is_some(), "ana is told");

    // The worker does the same, and the prescription may be used again.
    world.product.clock.set_forward(2 * A_DAY + 1);
    world.run_scheduled("release-reservations").await;
    world.run_scheduled("release-reservations").await;
    let (admin, ana) = (log_in(&world, "admin").await, log_in(&world, "ana").await);
    let left = stock(&admin, &pharmacy, "salbutamol").await;
    assert_eq!((&left["available"], &left["reserved"]), (&json!(1), &json!(0)));
    assert_eq!(reserve(&ana, &of_ana).await.status, 201);
    assert_ledger_balances(&admin, &pharmacy, "salbutamol").await;
}

async fn log_in(world: &World, name: &str) -> Person {
    match name {
        "admin" => world.admin().await,
        _ => world.log_in(name, &format!("password of {name}")).await,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn part_of_a_fill_is_given_where_the_prescription_says_so() {
    let world = World::new().await;
    let (admin, ana) = (world.admin().await, world.patient("ana").await);
    let near = add(&world, at(1.0, json!({}))).await;
    receive(&admin, &near, "Salbutamol", "S", 12).await;
    let whole = prescription(&ana, json!({ "name": "Salbutamol", "quantity": 20 })).await;
    reserve(&ana, &whole)
        .await
        .problem(409, "No open pharmacy within reach has it in stock");
    let parts = prescription(
        &ana,
        json!({ "name": "Salbutamol", "quantity": 20, "partial_fill": true }),
    )
    .await;
    let first = reserve(&ana, &parts).await.json();
    assert_eq!((&first["quantity"], &first["is_partial"]), (&json!(12), &json!(true)));
    assert_eq!(set_status(&admin, &first, collected()).await.status, 200);
    // One that has all of it goes before a nearer one that has not.
    receive(&admin, &near, "Salbutamol", "S", 3).await;
    let further = add(&world, at(5.0, json!({}))).await;
    receive(&admin, &further, "Salbutamol", "S", 30).await;
    let rest = reserve(&ana, &parts).await.json();
    assert_eq!(
        (&rest["quantity"], &rest["is_partial"], &rest["pharmacy_id"]),
        (&json!(8), &json!(false), &further["id"])
    );
    assert_eq!(
        set_status(&ana, &rest, json!({ "status": "cancelled" })).await.status,
        200
    );
    let rest = reserve(&ana, &parts).await.json();
    assert_eq!(set_status(&admin, &rest, collected()).await.status, 200);
    reserve(&ana, &parts)
        .await
        .problem(409, "All of this prescription has been reserved or given out");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_doctor_signed_needs_no_paper_and_holds_until_it_is_withdrawn() {
    let world = World::new().await;
    let (admin, ana, dora) = (
        world.admin().await,
        world.patient("ana").await,
        world.verified_doctor("dora").await,
    );
    let pharmacy = add(&world, json!({ "staff": [dora.id] })).await;
    receive(&admin, &pharmacy, "Salbutamol", "S", 30).await;
    let noted = prescription(&ana, json!({ "name": "Salbutamol" })).await;
    let reserved = reserve(&ana, &noted).await.json();
    assert_eq!(reserved["is_signed"], false);
    let unseen = set_status(&dora, &reserved, json!({ "status": "collected" })).await;
    assert_eq!(unseen.json()["code"], "paper_needed");
    assert_eq!(set_status(&dora, &reserved, collected()).await.status, 200);

    ana.let_see(&dora, &["records"]).await;
    let data = json!({ "medications": [{ "name": "Salbutamol", "refills": 1 }] });
    let draft = clinic::draft_of(&dora, &ana, "prescription", data).await.json();
    // A draft is nothing yet.
    reserve(&ana, &draft["id"]).await.problem(404, "Prescription not found");
    let record = json!(clinic::sign(&dora, draft["id"].as_str().unwrap()).await);
    let reserved = reserve(&ana, &record).await.json();
    assert_eq!(reserved["is_signed"], true);
    assert_eq!(
        set_status(&dora, &reserved, json!({ "status": "collected" }))
            .await
            .status,
        200
    );
    let path = format!("/api/records/{}/amend?patient_id={}", record.as_str().unwrap(), ana.id);
    let withdrawn = dora
        .post(
            &path,
            json!({ "base_version": 1, "reason": "Allergy", "withdraw": true }),
        )
        .await;
    assert!(withdrawn.status.is_success(), "{withdrawn:?}");
    reserve(&ana, &record)
        .await
        .problem(409, "The prescription holds no more");
    for (member, value) in [("medication", json!(1)), ("medication", json!("x"))] {
        let mut body = json!({ "record_id": noted, "latitude": 1, "longitude": 1 });
        body[member] = value;
        assert_eq!(ana.post(RESERVATIONS, body).await.status, 422);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_reserves_ten_medicines_at_most() {
    let world = World::new().await;
    let (admin, ana, dora) = (
        world.admin().await,
        world.patient("ana").await,
        world.verified_doctor("dora").await,
    );
    let pharmacy = add(&world, json!({})).await;
    receive(&admin, &pharmacy, "Salbutamol", "S", 30).await;
    ana.let_see(&dora, &["records"]).await;
    let medications = vec![json!({ "name": "Salbutamol" }); 11];
    let data = json!({ "medications": medications });
    let draft = clinic::draft_of(&dora, &ana, "prescription", data).await.json();
    let record = clinic::sign(&dora, draft["id"].as_str().unwrap()).await;
    let take = async |place: usize| {
        let body = json!({ "record_id": record, "medication": place, "pharmacy_id": pharmacy["id"] });
        ana.post(RESERVATIONS, body).await
    };
    let mut last = Value::Null;
    for place in 0..10 {
        last = take(place).await.json();
        assert_eq!(last["medication"], place, "{last}");
    }
    take(10)
        .await
        .problem(409, "At most 10 medicines can be reserved at once");
    assert_eq!(
        set_status(&ana, &last, json!({ "status": "cancelled" })).await.status,
        200
    );
    assert_eq!(take(10).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_let_in_reserves_and_nobody_else_sees() {
    let world = World::new().await;
    let (admin, ana, mia, eve) = (
        world.admin().await,
        world.patient("ana").await,
        world.patient("mia").await,
        world.patient("eve").await,
    );
    let pharmacy = add_as(&admin, json!({})).await;
    receive(&admin, &pharmacy, "Salbutamol", "S", 30).await;
    let record = prescription(&ana, json!({ "name": "Salbutamol", "refills": 1 })).await;
    ana.let_see(&mia, &["prescriptions"]).await;
    ana.let_see(&eve, &["vitals", "appointments"]).await;
    let body = json!({ "record_id": record, "latitude": HERE.0, "longitude": HERE.1, "patient_id": ana.id });
    let refused = eve.post(RESERVATIONS, body.clone()).await;
    let request = refused.header("x-request-id").to_owned();
    refused.problem(404, "Prescription not found");
    assert!(
        ana.audit_entry(&request).await.is_some(),
        "she sees that somebody tried"
    );
    let reserved = mia.post(RESERVATIONS, body).await;
    assert_eq!(reserved.status, 201, "{reserved:?}");
    let reserved = reserved.json();
    assert_eq!(
        (&reserved["patient_id"], &reserved["reserved_by"]),
        (&json!(ana.id), &json!(mia.id))
    );
    let list = |query: String| format!("{RESERVATIONS}{query}");
    assert_eq!(
        mia.get(&list(format!("?patient_id={}", ana.id))).await.json()["reservations"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    eve.get(&list(format!("?patient_id={}", ana.id)))
        .await
        .problem(404, "Reservation not found");
    set_status(&eve, &reserved, json!({ "status": "cancelled" }))
        .await
        .problem(404, "Reservation not found");
    set_status(&mia, &reserved, collected())
        .await
        .problem(403, "Only the pharmacy can do this");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pharmacy_sees_what_it_keeps_and_may_give_it_up() {
    let world = World::new().await;
    let (admin, ana) = (world.admin().await, world.patient("ana").await);
    let pharmacy = add_as(&admin, json!({})).await;
    receive(&admin, &pharmacy, "Salbutamol", "S", 30).await;
    let record = prescription(&ana, json!({ "name": "Salbutamol" })).await;
    let reserved = reserve(&ana, &record).await.json();
    let list = |query: String| format!("{RESERVATIONS}{query}");
    let kept = admin
        .get(&list(format!("?pharmacy_id={}", pharmacy["id"].as_str().unwrap())))
        .await;
    let request = kept.header("x-request-id").to_owned();
    assert_eq!(kept.json()["reservations"][0]["id"], reserved["id"]);
    assert!(ana.audit_entry(&request).await.is_some());
    let cancelled = set_status(&admin, &reserved, json!({ "status": "cancelled" })).await;
    assert_eq!(cancelled.json()["status"], "cancelled");
    let told = || async {
        ana.get("/api/notifications")
            .await
            .text()
            .contains("reservation_ended")
            .then_some(())
    };
    assert!(eventually_async(told).await.is_some(), "ana is told");
}
