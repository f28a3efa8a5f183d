//! How much comes in, and what it costs: a reading a second from a hundred devices.
//!
//! `VITAL_SECONDS=86400 cargo test --workspace --release --test suite readings_of_each_second_from -- --nocapture` is a whole day.

use std::time::Instant;

use futures_util::StreamExt;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::dice::Dice;
use tests::world::World;

use super::{Device, past};

const DEVICES: usize = 100;
/// Of each device in the suite.
const SECONDS: i64 = 120;
/// A device sends each minute, or as much as it may where a whole day is sent.
const A_MINUTE: usize = 60;
const A_BATCH: usize = 1_000;
const AT_ONCE: usize = 4;

fn seconds() -> i64 {
    let said = std::env::var("VITAL_SECONDS").ok();
    said.and_then(|said| said.parse().ok()).unwrap_or(SECONDS)
}

#[tokio::test(flavor = "multi_thread")]
async fn readings_of_each_second_from_a_hundred_devices_are_kept_cheaply() {
    let (world, seconds) = (World::new().await, seconds());
    let mut sensors = Vec::new();
    for number in 0..DEVICES {
        let person = world.patient(&format!("person-{number}")).await;
        sensors.push((Device::of(&person, "Watch").await, person));
    }
    let begin = past(&world, seconds / 60 + 10);
    let in_a_batch = if seconds > 3_600 { A_BATCH } else { A_MINUTE };
    let started = Instant::now();
    let send = |place: usize| {
        let ((sensor, _), world) = (&sensors[place], &world);
        async move {
            let (mut dice, mut pulse) = (Dice(place as u64 + 1), 70_i64);
            let all: Vec<i64> = (0..seconds).collect();
            for part in all.chunks(in_a_batch) {
                let points: Vec<Value> = part
                    .iter()
                    .map(|second| {
                        pulse = (pulse + dice.roll(3) as i64 - 1).clamp(55, 88);
                        json!({ "timestamp": begin + SignedDuration::from_secs(*second), "heart_rate": pulse })
                    })
                    .collect();
                let kept = sensor.send(world, json!(points)).await;
                assert_eq!(
                    (kept.status.as_u16(), &kept.json()["stored_count"]),
                    (201, &json!(part.len()))
                );
            }
        }
    };
    let sent = futures_util::stream::iter(0..DEVICES)
        .map(send)
        .buffer_unordered(AT_ONCE);
    sent.collect::<()>().await;
    let units = world.written_units("take-device-readings");
    let (readings, took) = (DEVICES as i64 * seconds, started.elapsed().as_secs_f64());
    println!(
        "{readings} readings in batches of {in_a_batch}: {took:.1} s, {:.0} a second, {:.4} write units each",
        readings as f64 / took,
        units / readings as f64,
    );
    // A reading by itself, in a transaction, would be two write units at least, and four with its sums.
    assert!(units / (readings as f64) < 0.5);
    for (_, person) in sensors.iter().step_by(33) {
        let series = person
            .get(&format!("/api/vitals/series?kind=heart_rate&bucket=1d&from={begin}"))
            .await
            .json();
        let counts = series["points"]
            .as_array()
            .unwrap()
            .iter()
            .map(|point| point["count"].as_i64().unwrap());
        assert_eq!(counts.sum::<i64>(), seconds);
    }
}

/// The dearest: a minute of readings of each second into an hour that is nearly full.
#[tokio::test(flavor = "multi_thread")]
async fn the_last_minutes_of_a_full_hour_cost_little_more() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let sensor = Device::of(&ana, "Watch").await;
    let now = world.product.clock.now();
    let hour = jiff::Timestamp::from_second((now.as_second().div_euclid(3_600) - 1) * 3_600).unwrap();
    let mut dice = Dice(7);
    let point = |second: i64, dice: &mut Dice| json!({ "timestamp": hour + SignedDuration::from_secs(second), "heart_rate": 60 + dice.roll(25) });
    let mut send = async |from: i64, until: i64| {
        let points: Vec<Value> = (from..until).map(|second| point(second, &mut dice)).collect();
        assert_eq!(sensor.send(&world, json!(points)).await.status, 201);
    };
    for (from, until) in [(0, 1_000), (1_000, 2_000), (2_000, 3_000)] {
        send(from, until).await;
    }
    let before = world.written_units("take-device-readings");
    for from in (3_000..3_600).step_by(A_MINUTE) {
        send(from, from + A_MINUTE as i64).await;
    }
    let each = (world.written_units("take-device-readings") - before) / 600.0;
    println!("batches of a minute into a full hour: {each:.3} write units a reading");
    assert!(each < 0.5, "{each}");
}
