//! Doctors and patients in different zones, over changes of the clock. Which days those are is asked of the zones, so that they
//! lie ahead whenever this runs.

use std::collections::BTreeSet;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tests::world::World;

use super::{HOUR, MINUTE, ahead, booked, doctor_with, free_times, hours, moment, starts};

const ZONES: [&str; 6] = [
    "America/New_York",
    "Europe/Berlin",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Asia/Kolkata",
];

/// The next two changes of a clock: by how much it jumps, and when.
fn changes(zone: &TimeZone, now: Timestamp) -> Vec<(Timestamp, SignedDuration)> {
    let changes = zone.following(now + HOUR * 48).take(2);
    changes
        .map(|change| {
            let at = change.timestamp();
            let before = zone.to_offset(at - MINUTE);
            (
                at,
                SignedDuration::from_secs(i64::from(change.offset().seconds() - before.seconds())),
            )
        })
        .collect()
}

/// The whole day of the clock that a moment lies in.
fn day(zone: &TimeZone, at: Timestamp) -> (Timestamp, Timestamp) {
    let date = zone.to_datetime(at).date();
    let start = |date: jiff::civil::Date| zone.to_timestamp(date.at(0, 0, 0, 0)).unwrap();
    // Where midnight is skipped, the day begins when the clock goes on.
    (start(date), start(date.tomorrow().unwrap()))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_half_hour_of_the_doctors_clock_is_offered_once_on_days_of_any_length() {
    let world = World::new().await;
    let ana = world.patient("ana").await;
    let now = world.product.clock.now();
    let mut lengths = BTreeSet::new();
    for name in ZONES {
        let doctor_name = name.to_lowercase().replace(['/', '_'], "-");
        let doctor = doctor_with(&world, &doctor_name, hours(name, "00:00", "24:00", json!({}))).await;
        let zone = TimeZone::get(name).unwrap();
        let plain = (now + HOUR * 24 * 10, SignedDuration::ZERO);
        for (at, jump) in changes(&zone, now).into_iter().chain([plain]) {
            let (start, end) = day(&zone, at);
            let length = end.duration_since(start);
            lengths.insert(length.as_mins());
            assert_eq!(length, HOUR * 24 - jump, "{name} {at}");
            let times = free_times(&ana, &doctor, &format!("from={start}&to={end}&limit=100")).await;
            assert_eq!(times["time_zone"], name);
            let shown: Vec<DateTime> = starts(&times).iter().map(|start| zone.to_datetime(*start)).collect();
            let once: BTreeSet<_> = shown.iter().collect();
            assert_eq!(once.len(), shown.len(), "{name}: no time of the clock twice");
            let skipped = jump.max(SignedDuration::ZERO).as_mins() / 30;
            assert_eq!(shown.len(), 48 - usize::try_from(skipped).unwrap(), "{name} {at}");
            let moments = starts(&times);
            assert!(moments.iter().all(|at| (start..end).contains(at)), "{name}");
        }
    }
    for minutes in [23 * 60, 24 * 60, 25 * 60, 23 * 60 + 30, 24 * 60 + 30] {
        assert!(lengths.contains(&minutes), "{minutes} of {lengths:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_in_kolkata_keeps_their_hours_while_new_york_changes_its_clock() {
    let world = World::new().await;
    let kolkata = TimeZone::get("Asia/Kolkata").unwrap();
    let york = TimeZone::get("America/New_York").unwrap();
    let doctor = doctor_with(&world, "dev", hours("Asia/Kolkata", "18:30", "21:00", json!({}))).await;
    let ana = world.patient("ana").await;
    let (change, _) = changes(&york, world.product.clock.now())[0];
    let mut wall_times = BTreeSet::new();
    for days in [-1, 1] {
        let (start, end) = day(&kolkata, change + HOUR * 24 * days);
        let times = starts(&free_times(&ana, &doctor, &format!("from={start}&to={end}")).await);
        assert_eq!(times.len(), 5);
        let evening = kolkata.to_datetime(times[0]).time();
        assert_eq!(evening, jiff::civil::time(18, 30, 0, 0));
        wall_times.insert(york.to_datetime(times[0]).time());
    }
    assert_eq!(
        wall_times.len(),
        2,
        "the patient's clock shows another time than before"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appointment_stays_where_it_is_when_the_doctor_moves() {
    let world = World::new().await;
    let doctor = doctor_with(&world, "dora", hours("America/New_York", "09:00", "17:00", json!({}))).await;
    let ana = world.patient("ana").await;
    let from = ahead(&world, 0);
    let first = starts(&free_times(&ana, &doctor, &format!("from={from}&limit=1")).await)[0];
    let visit = booked(&ana, &doctor, first).await;
    assert_eq!(
        (&visit["time_zone"], moment(&visit["scheduled_at"])),
        (&json!("America/New_York"), first)
    );
    let moved = hours("Australia/Lord_Howe", "09:00", "17:00", json!({ "version": 1 }));
    assert_eq!(doctor.put("/doctors/me/availability", moved).await.status, 200);
    let path = format!("/appointments/{}", visit["id"]);
    let after = ana.get(&path).await.json();
    assert_eq!(
        (&after["scheduled_at"], &after["version"]),
        (&visit["scheduled_at"], &json!(1))
    );
    let island = TimeZone::get("Australia/Lord_Howe").unwrap();
    let times = free_times(&ana, &doctor, &format!("from={from}&to={}&limit=100", from + HOUR * 72)).await;
    for start in starts(&times) {
        let hour = island.to_datetime(start).hour();
        assert!((9..17).contains(&hour), "{start}");
        let is_apart = start >= first + MINUTE * 30 || start + MINUTE * 30 <= first;
        assert!(is_apart, "what is booked is taken, whatever the zone");
    }
    assert_eq!(after["status"], Value::from("scheduled"));
}
