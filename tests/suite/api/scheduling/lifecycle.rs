//! What becomes of a visit: held, confirmed, moved, checked in, missed, cancelled; and when one of the two goes.

use futures_util::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::world::{Person, World, eventually_async, send};

use super::{
    HOUR, MINUTE, ahead, always, assert_no_orphans, book, booked, free_times, items, open_doctor, reschedule,
    set_status, starts, status, text,
};

async fn pair(world: &World) -> (Person, Person) {
    (open_doctor(world, "dora").await, world.patient("ana").await)
}

fn forward(world: &World, by: SignedDuration) {
    world.product.clock.set_forward(by.as_secs());
}

async fn again(world: &World, person: &Person) -> Person {
    world.log_in(&person.username, &person.password).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_is_held_for_five_minutes_and_confirmed_or_free_again() {
    let world = World::new().await;
    let (dora, ana) = pair(&world).await;
    let ben = world.patient("ben").await;
    let start = ahead(&world, 0);
    let hold = async |patient: &Person, hours: i32| {
        let body = json!({ "doctor_id": dora.id, "start": start + HOUR * hours, "hold": true });
        patient.post("/appointments", body).await
    };
    let held = hold(&ana, 0).await;
    assert_eq!(held.status, 201, "{held:?}");
    let held = held.json();
    assert_eq!(held["status"], "held");
    assert!(held["held_until"].is_string());
    assert_eq!(book(&ben, &dora, start).await.status, 409);
    let confirmed = set_status(&ana, &held, "scheduled").await.json();
    assert_eq!(
        (&confirmed["status"], &confirmed["version"]),
        (&json!("scheduled"), &json!(2))
    );
    assert_eq!(confirmed["held_until"], Value::Null);
    // One at a time.
    let answers = join_all((1..5).map(|hours| hold(&ana, hours))).await;
    let (held, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 201);
    assert_eq!((held.len(), refused.len()), (1, 3));
    for answer in refused {
        answer.problem(409, "Another time is held already");
    }
    let held = held[0].json();
    assert_eq!(set_status(&ana, &held, "cancelled").await.status, 200);
    let held = hold(&ana, 1).await.json();
    forward(&world, MINUTE * 5);
    // It is free, although nobody has cleared it away.
    assert_eq!(status(&ana, &held).await, "expired");
    assert_eq!(book(&ben, &dora, start + HOUR).await.status, 201);
    let other = hold(&ana, 4).await;
    assert_eq!(other.status, 201, "{other:?}");
    assert_eq!(hold(&ana, 5).await.json()["code"], "holds_too_many");
    world.run_scheduled("expire-holds").await;
    assert_no_orphans(&world).await;
    assert_eq!(hold(&ana, 5).await.json()["code"], "holds_too_many");
    let counts = ana.get("/appointments").await.json()["counts"].clone();
    assert_eq!(
        (&counts["expired"], &counts["held"], &counts["scheduled"]),
        (&json!(1), &json!(1), &json!(1))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_held_for_too_long_is_confirmed_if_it_can_still_be_booked() {
    let world = World::new().await;
    let (dora, ana) = pair(&world).await;
    let ben = world.patient("ben").await;
    let start = ahead(&world, 0);
    let lapsed = async |hours: i32| {
        let body = json!({ "doctor_id": dora.id, "start": start + HOUR * hours, "hold": true });
        let held = ana.post("/appointments", body).await.json();
        assert_eq!(held["status"], "held", "{held}");
        forward(&world, MINUTE * 5);
        held
    };
    // Whether or not somebody has cleared it away.
    for (hours, is_cleared) in [(0, false), (1, true)] {
        let held = lapsed(hours).await;
        if is_cleared {
            world.run_scheduled("expire-holds").await;
        }
        assert_eq!(set_status(&dora, &held, "scheduled").await.status, 409);
        let late = set_status(&ana, &held, "scheduled").await;
        assert_eq!(late.status, 200, "{late:?}");
        let late = late.json();
        assert_eq!(
            (&late["status"], &late["scheduled_at"], &late["held_until"]),
            (&json!("scheduled"), &held["scheduled_at"], &Value::Null)
        );
        assert_eq!(book(&ben, &dora, start + HOUR * hours).await.status, 409);
        assert_eq!(
            set_status(&ana, &held, "scheduled").await.json()["code"],
            "status_impossible"
        );
    }
    assert_no_orphans(&world).await;
    let sentence = "The time was held for too long and cannot be booked any more";
    let (taken, away) = (lapsed(2).await, lapsed(3).await);
    booked(&ben, &dora, start + HOUR * 2).await;
    let clock = |at: jiff::Timestamp| at.to_string().trim_end_matches('Z').to_owned();
    let off = json!({ "from": clock(start + HOUR * 3), "until": clock(start + HOUR * 4) });
    let off = always(json!({ "version": 1, "time_off": [off] }));
    assert_eq!(dora.put("/doctors/me/availability", off).await.status, 200);
    for held in [taken, away] {
        set_status(&ana, &held, "scheduled").await.problem(409, sentence);
    }
    let held = lapsed(5).await;
    world.run_scheduled("expire-holds").await;
    let path = format!("/api/admin/users/{}/suspend", dora.id);
    assert_eq!(world.admin().await.post(&path, Value::Null).await.status, 200);
    set_status(&ana, &held, "scheduled").await.problem(409, sentence);
    let told = eventually_async(|| async {
        let notes = ana.get("/api/notifications").await.json();
        let notes = notes["notifications"].as_array().cloned().unwrap_or_default();
        let booked = notes.iter().filter(|note| note["type"] == "appointment_booked");
        (booked.count() == 2).then_some(())
    });
    told.await.expect("of both that were confirmed late");
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_quick_moves_keep_the_visit_and_a_stale_one_is_refused() {
    let world = World::new().await;
    let (dora, ana) = pair(&world).await;
    let start = ahead(&world, 0);
    let visit = booked(&ana, &dora, start).await;
    let moves = (1..=10).map(|hours| reschedule(&ana, &visit, start + HOUR * hours, Value::Null));
    for moved in join_all(moves).await {
        assert_eq!(moved.status, 200, "{moved:?}");
        let moved = moved.json();
        for member in ["id", "appointment_id", "created_at", "patient_id", "doctor_id"] {
            assert_eq!(moved[member], visit[member]);
        }
    }
    let path = format!("/appointments/{}", visit["appointment_id"].as_str().unwrap());
    let after = ana.get(&path).await.json();
    assert_eq!(after["version"], 11);
    assert_eq!(
        ana.get("/appointments").await.json()["appointments"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let stale = reschedule(&ana, &visit, start + HOUR * 20, json!(1)).await;
    assert_eq!(
        (stale.problem(409, "The appointment has changed")["version"].clone()),
        json!(11)
    );
    let fresh = reschedule(&dora, &visit, start + HOUR * 20, json!(11)).await;
    assert_eq!(fresh.json()["version"], 12);
    assert_no_orphans(&world).await;
    // Onto a time that is partly its own.
    let near = reschedule(&ana, &visit, start + HOUR * 20 + MINUTE * 30, Value::Null).await;
    assert_eq!(near.status, 200, "{near:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_to_a_time_that_is_taken_changes_nothing() {
    let world = World::new().await;
    let (dora, ana) = pair(&world).await;
    let (ben, dave) = (world.patient("ben").await, open_doctor(&world, "dave").await);
    let start = ahead(&world, 0);
    let visit = booked(&ana, &dora, start).await;
    booked(&ben, &dora, start + HOUR).await;
    booked(&ana, &dave, start + HOUR * 2).await;
    let taken = reschedule(&ana, &visit, start + HOUR, Value::Null).await;
    assert_eq!(
        taken.problem(409, "This time is taken")["alternatives"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
    let busy = reschedule(&ana, &visit, start + HOUR * 2, Value::Null).await;
    busy.problem(409, "The patient has another appointment at that time");
    let after = ana.get(&format!("/appointments/{}", visit["id"])).await.json();
    assert_eq!(
        (&after["scheduled_at"], &after["version"]),
        (&visit["scheduled_at"], &json!(1))
    );
    assert_no_orphans(&world).await;
}

async fn spanish_patient(world: &World, name: &str) -> Person {
    let (email, password) = (format!("{name}@example.org"), format!("password of {name}"));
    let body = json!({ "role": "patient", "username": name, "email": email, "password": password });
    let request = world.request(reqwest::Method::POST, "/api/auth/signup").json(&body);
    let made = send(request.header("Accept-Language", "es-MX")).await;
    assert_eq!(made.status, 201, "{made:?}");
    world.log_in(&email, &password).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cancelled_is_free_at_once_and_both_are_told_in_their_language() {
    let world = World::new().await;
    let (dora, ben) = (open_doctor(&world, "dora").await, world.patient("ben").await);
    let ana = spanish_patient(&world, "ana").await;
    let start = ahead(&world, 0);
    let visit = booked(&ana, &dora, start).await;
    world.message(&dora.email, "An appointment was booked").await;
    world.message(&ana.email, "Cita reservada").await;
    assert_eq!(book(&ben, &dora, start).await.status, 409);
    let path = format!("/appointments/{}/status", visit["id"]);
    let body = json!({ "status": "cancelled", "reason": "I feel better" });
    let cancelled = ana.post(&path, body).await.json();
    assert_eq!(
        (
            &cancelled["status"],
            &cancelled["cancelled_by"],
            &cancelled["cancel_reason"]
        ),
        (&json!("cancelled"), &json!("patient"), &json!("I feel better"))
    );
    booked(&ben, &dora, start).await;
    world.message(&dora.email, "An appointment was cancelled").await;
    world.message(&ana.email, "Cita cancelada").await;
    let visit = booked(&ana, &dora, start + HOUR).await;
    reschedule(&dora, &visit, start + HOUR * 2, Value::Null).await;
    world.message(&ana.email, "Cita cambiada").await;
    let note = eventually_async(|| async {
        let notes = ana.get("/api/notifications").await.json();
        let notes = notes["notifications"].as_array().cloned().unwrap_or_default();
        notes.into_iter().find(|note| note["type"] == "appointment_moved")
    });
    assert_eq!(
        note.await.expect("a note")["ref"]["appointmentId"],
        visit["appointment_id"]
    );
    let again = set_status(&ana, &cancelled, "cancelled").await;
    assert_eq!(again.json()["code"], "status_impossible");
    assert_no_orphans(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn visits_are_checked_in_held_and_missed_by_time_and_role() {
    let world = World::new().await;
    let (dora, ana) = pair(&world).await;
    let ben = world.patient("ben").await;
    let start = ahead(&world, 0);
    let (kept, missed) = (
        booked(&ana, &dora, start).await,
        booked(&ben, &dora, start + MINUTE * 30).await,
    );
    let code = |answer: tests::world::Answer| answer.json()["code"].clone();
    assert_eq!(code(set_status(&ana, &kept, "checked_in").await), "too_early");
    assert_eq!(code(set_status(&dora, &missed, "no_show").await), "too_early");
    assert_eq!(set_status(&ana, &kept, "completed").await.status, 403);
    forward(&world, start.duration_since(world.product.clock.now()) - MINUTE * 10);
    let (dora, ana, ben) = (
        again(&world, &dora).await,
        again(&world, &ana).await,
        again(&world, &ben).await,
    );
    assert_eq!(set_status(&ana, &kept, "checked_in").await.status, 200);
    assert_eq!(set_status(&dora, &kept, "in_progress").await.status, 200);
    assert_eq!(code(set_status(&dora, &kept, "completed").await), "too_early");
    forward(&world, MINUTE * 60);
    assert_eq!(
        set_status(&dora, &kept, "completed").await.json()["status"],
        "completed"
    );
    assert_eq!(set_status(&ben, &missed, "no_show").await.status, 403);
    assert_eq!(code(set_status(&ben, &missed, "cancelled").await), "too_late");
    assert_eq!(set_status(&dora, &missed, "no_show").await.json()["status"], "no_show");
    assert_eq!(
        set_status(&dora, &missed, "held").await.json()["code"],
        "status_impossible"
    );
    let counts = dora.get("/appointments").await.json()["counts"].clone();
    assert_eq!((&counts["completed"], &counts["no_show"]), (&json!(1), &json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_ahead_of_a_suspended_doctor_is_called_off() {
    let world = World::new().await;
    let (dora, ana) = pair(&world).await;
    let (admin, start) = (world.admin().await, ahead(&world, 0));
    let visits = [
        booked(&ana, &dora, start).await,
        booked(&ana, &dora, start + HOUR).await,
    ];
    let suspended = admin
        .post(&format!("/api/admin/users/{}/suspend", dora.id), Value::Null)
        .await;
    assert_eq!(suspended.status, 200);
    for visit in &visits {
        let off = eventually_async(|| async { (status(&ana, visit).await == "cancelled").then_some(()) });
        off.await.expect("it is called off");
    }
    world.message(&ana.email, "An appointment was cancelled").await;
    book(&ana, &dora, start + HOUR * 2)
        .await
        .problem(404, "Doctor not found");
    assert_no_orphans(&world).await;
}

async fn named(world: &World, id: &str) -> Vec<String> {
    let items = items(world).await;
    let named = items.iter().filter(|item| format!("{item:?}").contains(id));
    named
        .map(|item| format!("{} {}", text(item, "pk"), text(item, "sk")))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_deleted_takes_their_visits_along() {
    let world = World::new().await;
    let (dora, ana) = pair(&world).await;
    let (ben, admin) = (world.patient("ben").await, world.admin().await);
    let start = ahead(&world, 0);
    booked(&ana, &dora, start).await;
    let cancelled = booked(&ana, &dora, start + HOUR * 3).await;
    set_status(&ana, &cancelled, "cancelled").await;
    ana.post("/waitlist", json!({ "doctor_id": dora.id })).await;
    let bens = booked(&ben, &dora, start + HOUR).await;
    assert!(named(&world, &ana.id).await.len() > 5);
    assert_eq!(admin.delete("/users/ana").await.status, 200);
    let gone = eventually_async(|| async { named(&world, &ana.id).await.is_empty().then_some(()) });
    assert!(gone.await.is_some(), "{:#?}", named(&world, &ana.id).await);
    world.message(&dora.email, "An appointment was cancelled").await;
    let counts = dora.get("/appointments").await.json()["counts"].clone();
    assert_eq!((&counts["scheduled"], &counts["cancelled"]), (&json!(1), &json!(0)));
    assert_eq!(
        starts(&free_times(&ben, &dora, &format!("from={start}&limit=1")).await),
        [start]
    );
    assert_no_orphans(&world).await;

    assert_eq!(admin.delete("/users/dora").await.status, 200);
    let off = eventually_async(|| async { (status(&ben, &bens).await == "cancelled").then_some(()) });
    off.await.expect("the patient keeps it, called off");
    world.message(&ben.email, "An appointment was cancelled").await;
    let agenda = format!("AGENDA#{}", dora.id);
    let gone = eventually_async(|| async {
        let items = items(&world).await;
        let left = items.iter().any(|item| text(item, "pk") == agenda);
        (!left).then_some(())
    });
    gone.await.expect("the doctor's agenda goes");
    assert_eq!(ben.get("/appointments").await.json()["counts"]["cancelled"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_of_a_visit_lies_sealed_and_comes_under_a_new_key() {
    const REASON: &str = "A mole that grows";
    let world = World::new().await;
    let (dora, ana) = pair(&world).await;
    let body = json!({ "doctor_id": dora.id, "start": ahead(&world, 0), "reason": REASON });
    let visit = ana.post("/appointments", body).await.json();
    let key = async || {
        let items = items(&world).await;
        assert!(!format!("{items:?}").contains(REASON));
        let sealed = items
            .iter()
            .map(|item| text(item, "sealed"))
            .find(|sealed| !sealed.is_empty());
        sealed.unwrap().split_once('.').unwrap().0.to_owned()
    };
    let old = key().await;
    let admin = world.admin().await;
    assert!(
        admin
            .post("/api/admin/keys/rotations", json!({}))
            .await
            .status
            .is_success()
    );
    world.run_scheduled("reencrypt-fields").await;
    assert_ne!(key().await, old);
    assert_eq!(
        ana.get(&format!("/appointments/{}", visit["id"])).await.json()["reason"],
        REASON
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_that_is_sent_again_with_its_key_is_made_once() {
    let world = World::new().await;
    let (dora, ana) = pair(&world).await;
    let body = json!({ "doctor_id": dora.id });
    let sent = (0..6).map(|_| ana.post_once("/appointments", "one", body.clone()));
    let ids: Vec<Value> = join_all(sent)
        .await
        .iter()
        .map(|answer| answer.json()["id"].clone())
        .collect();
    assert!(ids.iter().all(|id| id == &ids[0] && id.is_u64()), "{ids:?}");
    // Others with keys of their own meet at the same time, and each gets one.
    let others = join_all((0..6).map(|place| world.patient(["ben", "cem", "dee", "eve", "flo", "gus"][place]))).await;
    let sent = others.iter().map(|other| {
        let request = other
            .request(reqwest::Method::POST, "/appointments/request")
            .json(&json!({}));
        send(request.header("Idempotency-Key", "mine"))
    });
    let mut starts: Vec<String> = Vec::new();
    for answer in join_all(sent).await {
        assert_eq!(answer.status, 200, "{answer:?}");
        starts.push(answer.json()["scheduled_at"].to_string());
    }
    starts.sort_unstable();
    starts.dedup();
    assert_eq!(starts.len(), 6);
    assert_no_orphans(&world).await;
}
