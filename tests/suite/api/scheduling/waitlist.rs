//! Waiting for a time: one after the other is offered what becomes free, and holds it for a while.

use serde_json::{Value, json};
use store::table::Table;
use tests::world::{Person, World, eventually_async};

use super::first_free::copies;
use super::{HOUR, Item, ahead, assert_no_orphans, booked, doctor_with, hours, open_doctor, set_status, status, text};

async fn wait_for(patient: &Person, doctor: &Person) -> Value {
    let answer = patient.post("/waitlist", json!({ "doctor_id": doctor.id })).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.json()
}

/// What a patient is offered, once it is there.
async fn offer(patient: &Person) -> Value {
    let offered = eventually_async(|| async {
        let list = patient.get("/appointments").await.json();
        let visits = list["appointments"].as_array().cloned().unwrap_or_default();
        visits.into_iter().find(|visit| visit["status"] == "held")
    });
    offered.await.expect("an offer")
}

/// Once all that was to happen has.
async fn has_offer(world: &World, patient: &Person) -> bool {
    nothing_is_left_to_do(world).await;
    !offers(patient).await.is_empty()
}

async fn offers(patient: &Person) -> Vec<Value> {
    let list = patient.get("/appointments").await.json();
    let visits = list["appointments"].as_array().cloned().unwrap_or_default();
    visits.into_iter().filter(|visit| visit["status"] == "held").collect()
}

async fn nothing_is_left_to_do(world: &World) {
    let settings = &world.product.platform.settings;
    let (client, name) = (
        settings.connection.dynamodb(),
        settings.names.table(Table::Notifications),
    );
    let done = eventually_async(|| async {
        let all = client.scan().table_name(&name).send().await.expect("all items");
        let is_errand = |item: &Item| text(item, "pk").starts_with("OUTBOX#");
        (!all.items().iter().any(is_errand)).then_some(())
    });
    done.await.expect("all errands are run");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_becomes_free_is_offered_to_one_after_the_other() {
    let world = World::new().await;
    let dora = doctor_with(&world, "dora", hours("UTC", "00:00", "24:00", json!({}))).await;
    let people = ["ana", "ben", "cem", "dee"].map(|name| world.patient(name));
    let people = futures_util::future::join_all(people).await;
    let [ana, ben, cem, dee] = &people[..] else {
        unreachable!()
    };
    let start = ahead(&world, 0);
    let visit = booked(ana, &dora, start).await;
    let waiting = wait_for(ben, &dora).await;
    wait_for(cem, &dora).await;
    assert_eq!(
        ben.post("/waitlist", json!({ "doctor_id": dora.id })).await.json()["code"],
        "waiting_already"
    );
    assert_eq!(ben.get("/waitlist").await.json(), json!([waiting]));

    set_status(ana, &visit, "cancelled").await;
    let bens = offer(ben).await;
    assert_eq!(bens["scheduled_at"], visit["scheduled_at"]);
    world.message(&ben.email, "A time is held for you").await;
    // One at a time; and it is nobody else's meanwhile.
    assert!(!has_offer(&world, cem).await);
    assert_eq!(super::book(dee, &dora, start).await.status, 409);
    world.product.clock.set_forward(15 * 60);
    world.run_scheduled("expire-holds").await;
    assert_eq!(status(ben, &bens).await, "expired");
    let cems = offer(cem).await;
    assert_eq!(cems["scheduled_at"], visit["scheduled_at"]);
    assert!(!has_offer(&world, ben).await);
    assert_eq!(set_status(cem, &cems, "scheduled").await.json()["status"], "scheduled");
    assert_eq!(
        cem.get("/waitlist").await.json(),
        json!([]),
        "who has a time waits no longer"
    );
    assert_eq!(
        ben.get("/waitlist").await.json().as_array().unwrap().len(),
        1,
        "who let it pass still does"
    );

    // Declined: it goes on to the next who is left, of whom there is none.
    set_status(cem, &cems, "cancelled").await;
    let bens = offer(ben).await;
    set_status(ben, &bens, "cancelled").await;
    let free = eventually_async(|| async { super::book(dee, &dora, start).await.status.is_success().then_some(()) });
    free.await.expect("it is anybody's");
    let path = format!("/waitlist/{}", waiting["id"].as_str().unwrap());
    assert_eq!(dee.delete(&path).await.status, 404);
    assert_eq!(
        (
            ben.delete(&path).await.status.as_u16(),
            ben.delete(&path).await.status.as_u16()
        ),
        (204, 404)
    );
    assert_no_orphans(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_time_then_or_wants_another_is_passed_over() {
    let world = World::new().await;
    let dora = doctor_with(&world, "dora", hours("UTC", "00:00", "24:00", json!({}))).await;
    let dave = doctor_with(&world, "dave", hours("UTC", "00:00", "24:00", json!({}))).await;
    let people = ["ana", "ben", "cem", "dee"].map(|name| world.patient(name));
    let people = futures_util::future::join_all(people).await;
    let [ana, ben, cem, dee] = &people[..] else {
        unreachable!()
    };
    let start = ahead(&world, 0);
    let visit = booked(ana, &dora, start).await;
    booked(ben, &dave, start).await;
    wait_for(ben, &dora).await;
    let later = json!({ "doctor_id": dora.id, "from": start + HOUR });
    assert_eq!(cem.post("/waitlist", later).await.status, 201);
    wait_for(dee, &dora).await;
    let moved = super::reschedule(ana, &visit, start + HOUR * 5, Value::Null).await;
    assert_eq!(moved.status, 200, "{moved:?}");
    assert_eq!(offer(dee).await["scheduled_at"], visit["scheduled_at"]);
    assert!(!has_offer(&world, ben).await && !has_offer(&world, cem).await);
    let una = world.licensed_doctor("una").await;
    ana.post("/waitlist", json!({ "doctor_id": una.id }))
        .await
        .problem(404, "Doctor not found");
}

async fn four(world: &World) -> [Person; 4] {
    let people = ["ana", "ben", "cem", "dee"].map(|name| world.patient(name));
    let people = futures_util::future::join_all(people).await;
    people.try_into().ok().expect("four")
}

#[tokio::test(flavor = "multi_thread")]
async fn two_times_that_become_free_at_once_are_offered_to_two() {
    let world = World::new().await;
    let dora = open_doctor(&world, "dora").await;
    let [ana, ben, cem, dee] = four(&world).await;
    let start = ahead(&world, 0);
    let visits = [
        booked(&ana, &dora, start).await,
        booked(&ana, &dora, start + HOUR).await,
    ];
    for patient in [&ben, &cem, &dee] {
        wait_for(patient, &dora).await;
    }
    let cancelled = visits.iter().map(|visit| set_status(&ana, visit, "cancelled"));
    futures_util::future::join_all(cancelled).await;
    let (bens, cems) = (offer(&ben).await, offer(&cem).await);
    nothing_is_left_to_do(&world).await;
    assert_ne!(bens["scheduled_at"], cems["scheduled_at"]);
    let counts = [
        offers(&ben).await.len(),
        offers(&cem).await.len(),
        offers(&dee).await.len(),
    ];
    assert_eq!(counts, [1, 1, 0]);
    // What is offered to somebody is no hold of theirs.
    let own = json!({ "doctor_id": dora.id, "start": start + HOUR * 30, "hold": true });
    assert_eq!(cem.post("/appointments", own).await.status, 201);
    // Who has declined is offered what becomes free next, by their place in the list.
    assert_eq!(set_status(&ben, &bens, "cancelled").await.status, 200);
    assert_eq!(offer(&dee).await["scheduled_at"], bens["scheduled_at"]);
    let third = booked(&ana, &dora, start + HOUR * 2).await;
    set_status(&ana, &third, "cancelled").await;
    assert_eq!(offer(&ben).await["scheduled_at"], third["scheduled_at"]);
    assert_no_orphans(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_waits_for_nobody_who_is_suspended() {
    let world = World::new().await;
    let dora = open_doctor(&world, "dora").await;
    let [ana, ben, cem, _] = four(&world).await;
    let visit = booked(&ana, &dora, ahead(&world, 0)).await;
    wait_for(&ben, &dora).await;
    wait_for(&cem, &dora).await;
    let path = format!("/api/admin/users/{}/suspend", ben.id);
    assert_eq!(world.admin().await.post(&path, Value::Null).await.status, 200);
    set_status(&ana, &visit, "cancelled").await;
    assert_eq!(offer(&cem).await["scheduled_at"], visit["scheduled_at"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_lists_can_be_joined_and_those_whose_time_is_over_make_room() {
    let world = World::new().await;
    let dora = open_doctor(&world, "dora").await;
    let doctors = copies(&world, &dora, 30).await;
    let ana = world.patient("ana").await;
    let until = world.product.clock.now() + HOUR;
    let join = async |doctor: &str| {
        let body = json!({ "doctor_id": doctor, "to": until });
        ana.post("/waitlist", body).await
    };
    let joined = futures_util::future::join_all(doctors.iter().map(|doctor| join(doctor))).await;
    let (joined, refused): (Vec<_>, Vec<_>) = joined.iter().partition(|answer| answer.status == 201);
    assert_eq!((joined.len(), refused.len()), (20, 10));
    for answer in refused {
        answer.problem(409, "At most 20 waiting lists can be joined");
    }
    let own = ana.get("/waitlist").await.json();
    let own = own.as_array().unwrap();
    assert_eq!(own.len(), 20);
    let first = &own[0];
    let again = join(first["doctor_id"].as_str().unwrap()).await;
    assert_eq!(again.json()["code"], "waiting_already");
    let left = format!("/waitlist/{}", first["id"].as_str().unwrap());
    assert_eq!(ana.delete(&left).await.status, 204);
    assert_eq!(wait_for(&ana, &dora).await["doctor_id"], json!(dora.id));
    world.product.clock.set_forward(3600);
    let (same, other) = (own[1]["doctor_id"].clone(), first["doctor_id"].clone());
    for (key, doctor) in [("same", same), ("other", other)] {
        let waiting = ana.post_once("/waitlist", key, json!({ "doctor_id": doctor })).await;
        assert_eq!(waiting.status, 201, "{waiting:?}");
    }
    // Of those whose time was over all are gone: these two and the one of an hour ago are left.
    assert_eq!(ana.get("/waitlist").await.json().as_array().unwrap().len(), 3);
}
