//! Many at once for the same stock. `DISPENSE_RACERS` asks for another number than a usual run has; there is three fifths as much
//! as they want.

use std::time::Instant;

use futures_util::StreamExt;
use futures_util::future::join_all;
use futures_util::stream;
use serde_json::{Value, json};
use tests::pharmacy::{add, move_stock, prescription, receive, reserve, stock};
use tests::world::{Answer, Person, World, eventually_async};

use super::{assert_ledger_balances, ledger};

fn racers() -> u64 {
    let asked = std::env::var("DISPENSE_RACERS").ok();
    asked.and_then(|text| text.parse().ok()).unwrap_or(500)
}

fn count(answers: &[Answer], status: u16) -> u64 {
    answers.iter().filter(|answer| answer.status == status).count() as u64
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_given_to_nobody() {
    let world = World::new().await;
    let admin = world.admin().await;
    let pharmacy = add(&world, json!({})).await;
    let (racers, there) = (racers(), racers() * 3 / 5);
    receive(&admin, &pharmacy, "Paracetamol", "A", there).await;
    let began = Instant::now();
    let line = || json!([{ "medicine_name": "Paracetamol", "quantity": 1 }]);
    let answers = join_all((0..racers).map(|_| move_stock(&admin, &pharmacy, "dispense", line()))).await;
    println!("{racers} dispenses of 1 from {there}: {:?}", began.elapsed());
    assert_eq!((count(&answers, 201), count(&answers, 409)), (there, racers - there));
    for refused in answers.iter().filter(|answer| answer.status == 409) {
        assert_eq!(refused.json()["code"], "not_enough_in_stock");
    }
    let left = stock(&admin, &pharmacy, "paracetamol").await;
    assert_eq!((&left["quantity"], &left["available"]), (&json!(0), &json!(0)));
    assert_ledger_balances(&admin, &pharmacy, "paracetamol").await;
    assert_eq!(ledger(&admin, &pharmacy, "paracetamol").await.len() as u64, there + 1);
    // Of all who gave the tenth but last away, one has raised the alert.
    let told = async || {
        let list = admin.get("/api/notifications?limit=100").await.text();
        list.matches("\"stock_low\"").count()
    };
    assert!(
        eventually_async(|| async { (told().await > 0).then_some(()) })
            .await
            .is_some()
    );
    let alerts = admin.get("/api/pharmacy/alerts/low-stock").await.json();
    assert_eq!((alerts.as_array().unwrap().len(), told().await), (1, 1));
}

/// Everything that can be done to stock, at once.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_meets_the_ledger_comes_to_the_balance() {
    let world = World::new().await;
    let admin = world.admin().await;
    let pharmacy = add(&world, json!({})).await;
    receive(&admin, &pharmacy, "Paracetamol", "A", 20).await;
    let turns = (0..60_u64).map(|turn| {
        let (admin, pharmacy) = (&admin, &pharmacy);
        async move {
            let lot = ["A", "B", "C"][turn as usize % 3];
            let line = |quantity: u64, lot: Value| json!([{ "medicine_name": "Paracetamol", "lot": lot, "quantity": quantity }]);
            match turn % 5 {
                0 => move_stock(admin, pharmacy, "receive", line(3, json!(lot))).await,
                1 => move_stock(admin, pharmacy, "discard", line(1, json!(lot))).await,
                2 if turn % 10 == 2 => {
                    let body = json!({ "medicine_name": "Paracetamol", "quantity": turn });
                    admin.put(&tests::pharmacy::path(pharmacy, "/stock"), body).await
                }
                _ => move_stock(admin, pharmacy, "dispense", line(2, Value::Null)).await,
            }
        }
    });
    for answer in join_all(turns).await {
        assert!(answer.status.as_u16() < 500, "{answer:?}");
    }
    assert_ledger_balances(&admin, &pharmacy, "paracetamol").await;
    let left = stock(&admin, &pharmacy, "paracetamol").await;
    let is_low = left["available"].as_u64().unwrap() <= 10;
    let alerts = admin.get("/api/pharmacy/alerts/low-stock").await.json();
    assert_eq!(alerts.as_array().unwrap().len(), usize::from(is_low), "{left}");
}

/// Of two that bring packs of one empty lot with another date each, one comes: the other would give its packs that date.
#[tokio::test(flavor = "multi_thread")]
async fn packs_that_meet_do_not_get_the_date_of_others() {
    let world = World::new().await;
    let admin = world.admin().await;
    let pharmacy = add(&world, json!({})).await;
    for round in 0..24 {
        let lot = format!("R{round}");
        let line = |quantity: u64, expiry: &str| json!([{ "medicine_name": "Paracetamol", "lot": lot, "quantity": quantity, "expiry_date": expiry }]);
        assert_eq!(
            move_stock(&admin, &pharmacy, "receive", line(1, "2044-12"))
                .await
                .status,
            201
        );
        assert_eq!(
            move_stock(&admin, &pharmacy, "discard", line(1, "2044-12"))
                .await
                .status,
            201
        );
        let (same, other) = tokio::join!(
            move_stock(&admin, &pharmacy, "receive", line(10, "2044-12")),
            move_stock(&admin, &pharmacy, "receive", line(5, "2045-06")),
        );
        let both = [same, other];
        assert_eq!((count(&both, 201), count(&both, 409)), (1, 1), "{both:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_patients_and_one_pack_one_gets_it() {
    let world = World::new().await;
    let admin = world.admin().await;
    let pharmacy = add(&world, json!({})).await;
    receive(&admin, &pharmacy, "Salbutamol", "S", 1).await;
    let names: Vec<String> = (0..6).map(|number| format!("patient-{number}")).collect();
    let patients: Vec<Person> = stream::iter(&names)
        .map(|name| world.patient(name))
        .buffered(3)
        .collect()
        .await;
    let mut wishes = Vec::new();
    for patient in &patients {
        let record = prescription(patient, json!({ "name": "Salbutamol" })).await;
        wishes.push(async move { reserve(patient, &record).await });
    }
    let answers = join_all(wishes).await;
    assert_eq!((count(&answers, 201), count(&answers, 409)), (1, 5), "{answers:?}");
    for refused in answers.iter().filter(|answer| answer.status == 409) {
        refused.problem(409, "No open pharmacy within reach has it in stock");
    }
    let left = stock(&admin, &pharmacy, "salbutamol").await;
    assert_eq!((&left["available"], &left["reserved"]), (&json!(0), &json!(1)));
    assert_ledger_balances(&admin, &pharmacy, "salbutamol").await;
}

/// A patient who taps twice has one reservation, and their prescription is used up once.
#[tokio::test(flavor = "multi_thread")]
async fn a_prescription_is_not_reserved_twice_at_once() {
    let world = World::new().await;
    let (admin, ana) = (world.admin().await, world.patient("ana").await);
    let pharmacy = add(&world, json!({})).await;
    receive(&admin, &pharmacy, "Salbutamol", "S", 50).await;
    let record = prescription(&ana, json!({ "name": "Salbutamol", "quantity": 2, "refills": 3 })).await;
    let answers = join_all((0..8).map(|_| reserve(&ana, &record))).await;
    assert_eq!((count(&answers, 201), count(&answers, 409)), (1, 7), "{answers:?}");
    assert_eq!(stock(&admin, &pharmacy, "salbutamol").await["reserved"], 2);
    assert_ledger_balances(&admin, &pharmacy, "salbutamol").await;
}
