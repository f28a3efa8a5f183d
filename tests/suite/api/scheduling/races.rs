//! Many at once for the same time: one gets it, or as many as there is room for; nobody is told of a fault, and nothing is left
//! behind. `BOOKING_ROUNDS` and `BOOKING_RACERS` ask for more than a usual run has.

use std::ops::RangeInclusive;

use futures_util::StreamExt;
use futures_util::future::join_all;
use futures_util::stream;
use jiff::Timestamp;
use serde_json::{Value, json};
use tests::world::{Answer, Person, World};

use super::{HOUR, MINUTE, ahead, always, assert_no_orphans, book, doctor_with, moment, open_doctor};

fn number(name: &str, usual: usize) -> usize {
    let asked = std::env::var(name).ok();
    asked.and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn rounds() -> usize {
    number("BOOKING_ROUNDS", 2)
}

fn racers() -> usize {
    number("BOOKING_RACERS", 50)
}

/// Alternatives where there is time.
const SOME: RangeInclusive<usize> = 1..=3;

/// Of races in which how many there are matters less.
const MOST_BESIDE: usize = 24;

/// Some at a time: making an account costs a password hash.
async fn patients(world: &World, count: usize) -> Vec<Person> {
    let names: Vec<String> = (0..count).map(|place| format!("patient-{place}")).collect();
    let patients = stream::iter(&names).map(|name| world.patient(name)).buffered(4);
    patients.collect().await
}

/// Gives those who got it; all others were refused since it was taken, and told what else there is.
fn winners(answers: &[Answer], alternatives: RangeInclusive<usize>) -> Vec<Value> {
    let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 201);
    for answer in lost {
        let body = answer.json();
        assert_eq!(
            (answer.status.as_u16(), &body["code"]),
            (409, &json!("slot_taken")),
            "{answer:?}"
        );
        let told = body["alternatives"].as_array().unwrap().len();
        assert!(alternatives.contains(&told), "{body}");
    }
    won.into_iter().map(Answer::json).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_want_one_time_one_gets_it() {
    let world = World::new().await;
    let dora = open_doctor(&world, "dora").await;
    let patients = patients(&world, racers()).await;
    let start = ahead(&world, 0);
    for round in 0..rounds() {
        let at = start + HOUR * i32::try_from(round).unwrap();
        let answers = join_all(patients.iter().map(|patient| book(patient, &dora, at))).await;
        assert_eq!(winners(&answers, SOME).len(), 1, "round {round}");
    }
    assert_no_orphans(&world).await;
    let counts = dora.get("/appointments").await.json()["counts"]["scheduled"].clone();
    assert_eq!(counts, json!(rounds()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_has_as_many_as_it_has_seats() {
    let world = World::new().await;
    let dora = world.verified_doctor("dora").await;
    let patients = patients(&world, racers().min(MOST_BESIDE)).await;
    for round in 0..rounds() {
        let start = ahead(&world, 2 * i64::try_from(round).unwrap());
        let offered = json!({ "start_datetime": start, "end_datetime": start + HOUR, "seats": 3 });
        let slot = dora.post("/doctors/me/slots", offered).await.json();
        let body = json!({ "slot_id": slot["id"] });
        let answers = join_all(
            patients
                .iter()
                .map(|patient| patient.post("/appointments", body.clone())),
        )
        .await;
        // There is nothing but the slot.
        let won = winners(&answers, 0..=0);
        assert_eq!(won.len(), 3, "round {round}");
        assert!(won.iter().all(|visit| visit["slot_id"] == slot["id"]));
    }
    assert_no_orphans(&world).await;
}

/// Visits of different lengths and beginnings, with buffers, three at once.
#[tokio::test(flavor = "multi_thread")]
async fn visits_that_overlap_anyhow_are_never_more_than_there_are_seats() {
    let world = World::new().await;
    let terms = json!({ "seats": 3, "step_minutes": 15, "buffer_before_minutes": 5, "buffer_after_minutes": 10 });
    let dora = doctor_with(&world, "dora", always(terms)).await;
    let patients = patients(&world, racers().min(MOST_BESIDE)).await;
    for round in 0..rounds() {
        let start = ahead(&world, 6 * i64::try_from(round).unwrap());
        let wishes = patients.iter().enumerate().map(|(place, patient)| {
            let place = place as i32;
            let (offset, length) = ((place * 7) % 12 * 15, [15, 30, 45, 60, 90][place as usize % 5]);
            let body = json!({ "doctor_id": dora.id, "start": start + MINUTE * offset, "duration": length });
            async move { patient.post("/appointments", body).await }
        });
        let answers = join_all(wishes).await;
        let taken: Vec<(Timestamp, Timestamp)> = winners(&answers, SOME)
            .iter()
            .map(|visit| {
                let (from, until) = (moment(&visit["scheduled_at"]), moment(&visit["ends_at"]));
                (from - MINUTE * 5, until + MINUTE * 10)
            })
            .collect();
        assert!(taken.len() >= 3, "{}", taken.len());
        for minute in -10..400 {
            let at = start + MINUTE * minute;
            let there = taken.iter().filter(|(from, until)| *from <= at && at < *until).count();
            assert!(there <= 3, "{there} at {at}");
        }
    }
    assert_no_orphans(&world).await;
}

/// Of two visits whose time overlaps only by a buffer, or by a minute, one is made.
#[tokio::test(flavor = "multi_thread")]
async fn neighbours_that_overlap_by_little_exclude_one_another() {
    let world = World::new().await;
    let terms = json!({ "step_minutes": 5, "buffer_after_minutes": 5 });
    let dora = doctor_with(&world, "dora", always(terms)).await;
    let patients = patients(&world, 12).await;
    for round in 0..rounds() {
        let start = ahead(&world, 3 * i64::try_from(round).unwrap());
        let answers = join_all(patients.iter().enumerate().map(|(place, patient)| {
            let at = start + MINUTE * [0, 25, 30][place % 3];
            book(patient, &dora, at)
        }))
        .await;
        assert_eq!(winners(&answers, SOME).len(), 1, "round {round}");
    }
    assert_no_orphans(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_for_the_first_time_gets_one_of_their_own() {
    let world = World::new().await;
    let (dora, dave) = (world.verified_doctor("dora").await, world.verified_doctor("dave").await);
    let start = ahead(&world, 0);
    for doctor in [&dora, &dave] {
        let range = json!({ "start_datetime": start, "end_datetime": start + HOUR * 3 });
        assert_eq!(doctor.post("/doctors/me/slots-range", range).await.status, 200);
    }
    let patients = patients(&world, 20).await;
    let asked = patients
        .iter()
        .map(|patient| patient.post("/appointments/request", json!({})));
    let answers = join_all(asked).await;
    let mut slots = Vec::new();
    for answer in &answers {
        match answer.status.as_u16() {
            200 => slots.push(answer.json()["slot_id"].as_u64().unwrap()),
            _ => drop(answer.problem(404, "No available slots found")),
        }
    }
    slots.sort_unstable();
    slots.dedup();
    assert_eq!(slots.len(), 12, "each slot once, and all of them");
    assert_no_orphans(&world).await;
}

/// Booking, moving, cancelling and confirming at once.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_meets_leaves_nothing_behind() {
    let world = World::new().await;
    let dora = open_doctor(&world, "dora").await;
    let patients = patients(&world, 10).await;
    let start = ahead(&world, 0);
    for _ in 0..rounds() {
        let turns = patients.iter().enumerate().map(|(place, patient)| {
            let dora = &dora;
            async move {
                let at = |turn: usize| start + MINUTE * 30 * ((place * 3 + turn) % 8) as i32;
                let body = json!({ "doctor_id": dora.id, "start": at(0), "hold": place % 2 == 0 });
                let mut answers = vec![patient.post("/appointments", body).await];
                let visit = answers[0].json();
                if answers[0].status == 201 {
                    answers.push(super::set_status(patient, &visit, "scheduled").await);
                    let moves = [1, 2].map(|turn| super::reschedule(patient, &visit, at(turn), Value::Null));
                    answers.extend(join_all(moves).await);
                    let ends = [patient, dora].map(|side| super::set_status(side, &visit, "cancelled"));
                    answers.extend(join_all(ends).await);
                }
                answers
            }
        });
        for answer in join_all(turns).await.into_iter().flatten() {
            assert!(answer.status.as_u16() < 500, "{answer:?}");
        }
        assert_no_orphans(&world).await;
    }
}
