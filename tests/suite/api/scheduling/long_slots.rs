//! Slots that are longer than any visit by the hours, and reach over midnight.

use jiff::Timestamp;
use serde_json::{Value, json};
use tests::world::{Person, World, eventually_async};

use super::{HOUR, always, assert_no_orphans, book, booked, doctor_with, free_times, open_doctor, set_status, status};

/// Six in the evening in UTC, some days from now.
fn evening(world: &World) -> Timestamp {
    let now = world.product.clock.now().as_second();
    Timestamp::from_second(now - now.rem_euclid(24 * 3600)).unwrap() + HOUR * (4 * 24 + 18)
}

async fn offered(doctor: &Person, from: Timestamp, hours: i32) -> Value {
    let body = json!({ "start_datetime": from, "end_datetime": from + HOUR * hours });
    let slot = doctor.post("/doctors/me/slots", body).await;
    assert_eq!(slot.status, 200, "{slot:?}");
    slot.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_night_in_one_slot_is_nobody_elses_to_its_end() {
    let world = World::new().await;
    let (dora, dave) = (open_doctor(&world, "dora").await, open_doctor(&world, "dave").await);
    let (ana, ben) = (world.patient("ana").await, world.patient("ben").await);
    let start = evening(&world);
    let slot = offered(&dora, start, 14).await;
    let night = ana.post("/appointments", json!({ "slot_id": slot["id"] })).await;
    assert_eq!(night.status, 201, "{night:?}");
    for hours in [1, 5, 8, 13] {
        let taken = book(&ben, &dora, start + HOUR * hours).await;
        taken.problem(409, "This time is taken");
        let busy = book(&ana, &dave, start + HOUR * hours).await;
        busy.problem(409, "The patient has another appointment at that time");
    }
    booked(&ben, &dora, start + HOUR * 14).await;
    assert_no_orphans(&world).await;
    let path = format!("/doctors/me/slots/{}", slot["id"]);
    assert_eq!(dora.delete(&path).await.json()["code"], "slot_booked");
    assert_eq!(set_status(&ana, &night.json(), "cancelled").await.status, 200);
    booked(&ben, &dora, start + HOUR * 8).await;
    assert_no_orphans(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn time_off_late_in_a_slot_closes_it() {
    let world = World::new().await;
    let start = evening(&world);
    let clock = |at: Timestamp| at.to_string().trim_end_matches('Z').to_owned();
    let off = json!({ "time_off": [{ "from": clock(start + HOUR * 9), "until": clock(start + HOUR * 10) }] });
    let dora = doctor_with(&world, "dora", always(off)).await;
    let ana = world.patient("ana").await;
    let slot = offered(&dora, start, 12).await;
    let near = format!("from={start}&to={}", start + HOUR);
    let times = free_times(&ana, &dora, &near).await;
    let slots = times["times"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|time| !time["slot_id"].is_null());
    assert_eq!(slots.count(), 0, "{times}");
    let refused = ana.post("/appointments", json!({ "slot_id": slot["id"] })).await;
    refused.problem(404, "Slot not found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_visit_that_has_begun_is_called_off_with_its_doctor() {
    let world = World::new().await;
    let (dora, ana) = (open_doctor(&world, "dora").await, world.patient("ana").await);
    let start = evening(&world);
    let slot = offered(&dora, start, 24).await;
    let visit = ana.post("/appointments", json!({ "slot_id": slot["id"] })).await.json();
    let late = start.duration_since(world.product.clock.now()) + HOUR * 6;
    world.product.clock.set_forward(late.as_secs());
    let ana = world.log_in(&ana.username, &ana.password).await;
    let path = format!("/api/admin/users/{}/suspend", dora.id);
    assert_eq!(world.admin().await.post(&path, Value::Null).await.status, 200);
    let off = eventually_async(|| async { (status(&ana, &visit).await == "cancelled").then_some(()) });
    off.await.expect("it is called off");
}
