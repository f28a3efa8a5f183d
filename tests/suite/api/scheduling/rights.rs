//! Who sees and changes whose appointments, what it lets a doctor see, and what the patient's log says of it.

use serde_json::{Value, json};
use tests::world::{Person, World};

use super::{HOUR, ahead, booked, open_doctor, reschedule, set_status};

#[tokio::test(flavor = "multi_thread")]
async fn appointments_of_others_do_not_exist() {
    let world = World::new().await;
    let (dora, dave) = (open_doctor(&world, "dora").await, open_doctor(&world, "dave").await);
    let (ana, eve) = (world.patient("ana").await, world.patient("eve").await);
    let start = ahead(&world, 0);
    let visit = booked(&ana, &dora, start).await;
    let path = format!("/appointments/{}", visit["id"]);
    for other in [&eve, &dave, &world.admin().await] {
        let read = other.get(&path).await;
        read.problem(404, "Appointment not found");
        assert_eq!(set_status(other, &visit, "cancelled").await.status, 404);
        assert_eq!(reschedule(other, &visit, start + HOUR, Value::Null).await.status, 404);
        let log = ana
            .audit_entry(read.header("x-request-id"))
            .await
            .expect("a trace of the attempt");
        assert_eq!(log["why"]["right"], "refused");
    }
    for name in ["0", "nonsense", "0186a1f2c3d4e5f601234567", "99999999999999999999999"] {
        assert_eq!(ana.get(&format!("/appointments/{name}")).await.status, 404);
    }
    let seen = dora.get(&path).await;
    assert_eq!(seen.status, 200);
    let log = ana.audit_entry(seen.header("x-request-id")).await.expect("a trace");
    assert_eq!(
        (&log["why"]["right"], &log["what"]["kind"]),
        (&json!("care"), &json!("appointment"))
    );
    let listed = dora.get("/appointments/doctor").await;
    let log = ana
        .audit_entry(listed.header("x-request-id"))
        .await
        .expect("a trace of the list");
    assert_eq!(log["action"], "list");
    let body = json!({ "doctor_id": dora.id, "patient_id": ana.id });
    assert_eq!(eve.post("/appointments", body).await.status, 404);
    assert_eq!(
        eve.get(&format!("/appointments?patient_id={}", ana.id)).await.status,
        404
    );
    assert_eq!(
        dora.post("/appointments", json!({ "doctor_id": dave.id })).await.status,
        403
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_let_in_speaks_for_the_patient() {
    let world = World::new().await;
    let dora = open_doctor(&world, "dora").await;
    let (ana, mia) = (world.patient("ana").await, world.patient("mia").await);
    ana.let_see(&mia, &["appointments"]).await;
    let start = ahead(&world, 0);
    let body = json!({ "doctor_id": dora.id, "start": start, "patient_id": ana.id, "hold": true });
    let held = mia.post("/appointments", body).await;
    assert_eq!(held.status, 201, "{held:?}");
    let log = ana.audit_entry(held.header("x-request-id")).await.expect("a trace");
    assert_eq!(log["why"]["right"], "grant");
    let held = held.json();
    assert_eq!(
        (&held["patient_user_id"], &held["booked_by"]),
        (&json!(ana.id), &json!(mia.id))
    );
    assert_eq!(set_status(&mia, &held, "scheduled").await.status, 200);
    assert_eq!(reschedule(&mia, &held, start + HOUR, Value::Null).await.status, 200);
    let list = mia.get(&format!("/appointments?patient_id={}", ana.id)).await.json();
    assert_eq!(list["appointments"][0]["id"], held["id"]);
    assert_eq!(mia.get("/appointments").await.json()["appointments"], json!([]));
    // Both may have a time at the same moment with different doctors, but not one of them two.
    let dave = open_doctor(&world, "dave").await;
    booked(&mia, &dave, start + HOUR).await;
    let body = json!({ "doctor_id": dave.id, "start": start + HOUR, "patient_id": ana.id });
    assert_eq!(mia.post("/appointments", body).await.json()["code"], "slot_taken");
    let ben = world.patient("ben").await;
    ana.let_see(&ben, &["records"]).await;
    assert_eq!(
        ben.get(&format!("/appointments?patient_id={}", ana.id)).await.status,
        404
    );
}

async fn reads_records(doctor: &Person, patient: &Person) -> bool {
    let answer = doctor.get(&format!("/api/records?patient_id={}", patient.id)).await;
    answer.status == 200
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_sees_the_records_of_whom_they_will_see() {
    let world = World::new().await;
    let (dora, dave) = (open_doctor(&world, "dora").await, open_doctor(&world, "dave").await);
    let ana = world.patient("ana").await;
    let start = ahead(&world, 0);
    let body = json!({ "doctor_id": dora.id, "start": start, "hold": true });
    let held = ana.post("/appointments", body).await.json();
    assert!(!reads_records(&dora, &ana).await, "what is only held lets nobody in");
    set_status(&ana, &held, "scheduled").await;
    assert!(reads_records(&dora, &ana).await && !reads_records(&dave, &ana).await);
    reschedule(&ana, &held, start + HOUR * 24, Value::Null).await;
    assert!(reads_records(&dora, &ana).await);
    let other = booked(&ana, &dora, start).await;
    set_status(&ana, &held, "cancelled").await;
    assert!(reads_records(&dora, &ana).await, "for the other visit");
    set_status(&dora, &other, "cancelled").await;
    assert!(!reads_records(&dora, &ana).await);
    let third = booked(&ana, &dora, start).await;
    let (day, until) = (24 * 3600, start.duration_since(world.product.clock.now()).as_secs());
    world.product.clock.set_forward(until + 29 * day);
    let dora = world.log_in(&dora.username, &dora.password).await;
    assert!(reads_records(&dora, &ana).await, "for a month after {third}");
    world.product.clock.set_forward(2 * day);
    let dora = world.log_in(&dora.username, &dora.password).await;
    assert!(!reads_records(&dora, &ana).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_speaks_for_a_doctor_sees_none_of_their_patients() {
    let world = World::new().await;
    let (dora, dave) = (open_doctor(&world, "dora").await, open_doctor(&world, "dave").await);
    let (ana, mia) = (world.patient("ana").await, world.patient("mia").await);
    let start = ahead(&world, 0);
    let visit = booked(&ana, &dora, start).await;
    let family = "/api/users/family";
    let body = json!({ "family_member_email": dora.email, "relationship": "child" });
    let link = mia.post(&format!("{family}/link"), body).await.json();
    let link = format!("{family}/{}", link["link_id"].as_str().unwrap());
    let accepted = dora.post(&format!("{link}/accept"), json!({})).await;
    assert_eq!(accepted.status, 200, "{accepted:?}");
    let granted = dora
        .put(&format!("{link}/grant"), json!({ "scopes": ["appointments"] }))
        .await;
    assert_eq!(granted.status, 200, "{granted:?}");
    let of_dora = format!("/appointments?patient_id={}", dora.id);
    let lists = [of_dora.clone(), format!("/waitlist?patient_id={}", dora.id)];
    for list in &lists {
        assert_eq!(mia.get(list).await.status, 404, "{list}");
    }
    for doctor in [&dora, &dave] {
        let body = json!({ "doctor_id": doctor.id, "patient_id": dora.id, "start": start + HOUR });
        mia.post("/appointments", body)
            .await
            .problem(404, "Appointment not found");
    }
    // Nor does the doctor, once they are a patient.
    let admin = world.admin().await;
    let changed = admin.put("/users/dora/role", json!({ "new_role": "patient" })).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let dora = world.log_in(&dora.username, &dora.password).await;
    booked(&dora, &dave, start + HOUR * 3).await;
    for (person, list) in [(&dora, "/appointments"), (&mia, of_dora.as_str())] {
        let list = person.get(list).await.json();
        let visits = list["appointments"].as_array().unwrap();
        assert_eq!(visits.len(), 1, "{list}");
        assert_eq!(
            (&visits[0]["patient_user_id"], &list["counts"]["scheduled"]),
            (&json!(dora.id), &json!(1))
        );
    }
    let ahead = dora.get("/appointments/patient").await.json();
    assert_eq!(ahead.as_array().unwrap().len(), 1);
    assert_eq!(dora.get(&format!("/appointments/{}", visit["id"])).await.status, 404);
}

/// Leave to see appointments must not become leave to see all health records.
#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_who_speaks_for_a_patient_books_them_with_others_only() {
    let world = World::new().await;
    let (mia, ana) = (open_doctor(&world, "mia").await, world.patient("ana").await);
    ana.let_see(&mia, &["appointments"]).await;
    let start = ahead(&world, 0);
    let span = json!({ "start_datetime": start, "end_datetime": start + HOUR });
    let slot = mia.post("/doctors/me/slots", span).await.json();
    for body in [
        json!({ "doctor_id": mia.id, "start": start, "patient_id": ana.id }),
        json!({ "doctor_id": mia.id, "start": start, "patient_id": ana.id, "hold": true }),
        json!({ "doctor_id": mia.id, "patient_id": ana.id }),
        json!({ "slot_id": slot["id"], "patient_id": ana.id }),
    ] {
        let refused = mia.post("/appointments", body).await;
        refused.problem(403, "Doctors cannot book visits with themselves");
    }
    let wait = json!({ "doctor_id": mia.id, "patient_id": ana.id });
    mia.post("/waitlist", wait)
        .await
        .problem(403, "Doctors cannot book visits with themselves");
    let first = json!({ "patient_id": ana.id });
    let nobody = mia.post("/appointments", first.clone()).await;
    nobody.problem(404, "No available slots found");
    assert!(!reads_records(&mia, &ana).await);
    let dave = open_doctor(&world, "dave").await;
    let other = mia.post("/appointments", first).await;
    assert_eq!(other.json()["doctor_user_id"], json!(dave.id));
    assert!(!reads_records(&mia, &ana).await && reads_records(&dave, &ana).await);
}
