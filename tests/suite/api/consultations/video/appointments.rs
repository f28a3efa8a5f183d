//! The video channels of appointments.

use jiff::Timestamp;
use reqwest::Method;
use runtime::secrets::Secret;
use serde_json::{Value, json};
use tests::world::{Answer, Person, World, send};

use super::read;
use crate::api::scheduling::{HOUR, MINUTE, ahead, booked, moment, open_doctor, reschedule, set_status};

async fn token(person: &Person, visit: &Value) -> Answer {
    person.get(&format!("/appointments/{}/token", visit["id"])).await
}

async fn by_channel(person: &Person, visit: &Value) -> Answer {
    person.get(&format!("/video/token?channel=appt_{}", visit["id"])).await
}

fn has_none(answer: &Answer, why: &str) {
    answer.problem(409, &format!("An appointment that is {why} has no video channel"));
    assert_eq!(answer.json()["code"], "video_not_open");
}

fn forward_to(world: &World, moment: Timestamp) {
    let left = moment.duration_since(world.product.clock.now());
    world.product.clock.set_forward(left.as_secs());
}

async fn again(world: &World, person: &Person) -> Person {
    world.log_in(&person.username, &person.password).await
}

#[tokio::test(flavor = "multi_thread")]
async fn both_people_of_an_appointment_get_into_one_channel_until_a_little_after_it() {
    let world = World::new().await;
    let (dora, ana) = (open_doctor(&world, "dora").await, world.patient("ana").await);
    let certificate = world.product.secret(Secret::AgoraAppCertificate).unwrap();
    let app_id = world.product.platform.settings.calls.agora_app_id.clone().unwrap();
    let start = ahead(&world, 0);
    let visit = booked(&ana, &dora, start).await;
    let channel = json!(format!("appt_{}", visit["id"]));
    for (person, uid, right) in [(&dora, 1, "care"), (&ana, 2, "self")] {
        let answer = token(person, &visit).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let log = ana.audit_entry(answer.header("x-request-id")).await.expect("a trace");
        assert_eq!(
            (&log["why"]["right"], &log["what"]["kind"], &log["who"]["id"]),
            (&json!(right), &json!("appointment"), &json!(person.id))
        );
        let answer = answer.json();
        assert_eq!((&answer["uid"], &answer["channel_name"]), (&json!(uid), &channel));
        let seen = read(answer["token"].as_str().unwrap(), &app_id, certificate);
        assert_eq!((json!(seen.channel), seen.uid), (channel.clone(), uid.to_string()));
        // It is days until then.
        assert_eq!(seen.expire_seconds, 24 * 3600);
        let named = by_channel(person, &visit).await;
        let log = ana.audit_entry(named.header("x-request-id")).await.expect("a trace");
        assert_eq!(log["why"]["right"], right);
        let named = named.json();
        assert_eq!(
            (&named["app_id"], &named["channel"], &named["uid"]),
            (&json!(app_id), &channel, &json!(uid))
        );
        let seen = read(named["token"].as_str().unwrap(), &app_id, certificate);
        assert_eq!((json!(seen.channel), seen.uid), (channel.clone(), uid.to_string()));
    }
    // It stays the same whenever they meet, and by whatever name it is asked for.
    let moved = reschedule(&ana, &visit, start + HOUR * 24, Value::Null).await;
    assert_eq!(moved.status, 200, "{moved:?}");
    let end = moment(&moved.json()["ends_at"]);
    let path = format!("/appointments/{}/token", visit["appointment_id"].as_str().unwrap());
    assert_eq!(ana.get(&path).await.json()["channel_name"], channel);
    forward_to(&world, end - HOUR);
    let ana = again(&world, &ana).await;
    let answer = token(&ana, &visit).await.json();
    assert_eq!(answer["channel_name"], channel);
    let seen = read(answer["token"].as_str().unwrap(), &app_id, certificate);
    let left = 90 * 60;
    assert!(
        (left - 60..=left + 1).contains(&seen.expire_seconds),
        "{}",
        seen.expire_seconds
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_gets_into_it_and_the_patient_learns_of_it() {
    let world = World::new().await;
    let (dora, dave) = (open_doctor(&world, "dora").await, open_doctor(&world, "dave").await);
    let (ana, eve, mia) = (
        world.patient("ana").await,
        world.patient("eve").await,
        world.patient("mia").await,
    );
    // Who speaks for the patient is not in the visit.
    ana.let_see(&mia, &["appointments", "records"]).await;
    let visit = booked(&ana, &dora, ahead(&world, 0)).await;
    let admin = world.admin().await;
    for other in [&eve, &dave, &mia, &admin] {
        let refused = token(other, &visit).await;
        refused.problem(404, "Appointment not found");
        let named = by_channel(other, &visit).await;
        named.problem(404, "Channel not found");
        for refused in [refused, named] {
            let log = ana.audit_entry(refused.header("x-request-id")).await.expect("a trace");
            assert_eq!(
                (&log["why"]["right"], &log["who"]["id"]),
                (&json!("refused"), &json!(other.id))
            );
        }
    }
    for unknown in ["0", "12", "0186a1f2c3d4e5f601234567"] {
        let refused = ana.get(&format!("/appointments/{unknown}/token")).await;
        refused.problem(404, "Appointment not found");
    }
    for nonsense in ["nonsense", "-1", "1.5", "99999999999999999999999"] {
        let refused = ana.get(&format!("/appointments/{nonsense}/token")).await;
        assert_eq!(refused.status, 422, "{nonsense}");
    }
    let path = format!("/appointments/{}/token", visit["id"]);
    assert_eq!(send(world.request(Method::GET, &path)).await.status, 401);
    // A doctor who is none any more.
    let verify = format!("/api/admin/dermatologists/{}/verify", dora.id);
    let body = json!({ "status": "rejected", "reviewComments": "The licence has run out" });
    assert!(admin.post(&verify, body).await.status.is_success());
    world.product.clock.set_forward(6);
    token(&dora, &visit).await.problem(404, "Appointment not found");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appointment_that_is_not_on_has_no_channel() {
    let world = World::new().await;
    let (dora, ana) = (open_doctor(&world, "dora").await, world.patient("ana").await);
    let start = ahead(&world, 0);
    let at = async |minutes: i32| booked(&ana, &dora, start + MINUTE * minutes).await;
    let (over, missed, met, cancelled) = (at(0).await, at(60).await, at(90).await, at(240).await);
    let body = json!({ "doctor_id": dora.id, "start": start + HOUR * 5, "hold": true });
    let held = ana.post("/appointments", body).await.json();
    has_none(&token(&ana, &held).await, "held");
    has_none(&by_channel(&ana, &held).await, "held");
    world.product.clock.set_forward(6 * 60);
    has_none(&token(&ana, &held).await, "expired");
    assert_eq!(set_status(&ana, &cancelled, "cancelled").await.status, 200);
    has_none(&token(&dora, &cancelled).await, "cancelled");
    has_none(&by_channel(&dora, &cancelled).await, "cancelled");

    forward_to(&world, start + MINUTE * 95);
    let (dora, ana) = (again(&world, &dora).await, again(&world, &ana).await);
    has_none(&token(&ana, &over).await, "over");
    // What is late may still take place.
    assert_eq!(token(&ana, &missed).await.status, 200);
    assert_eq!(set_status(&dora, &missed, "no_show").await.status, 200);
    has_none(&token(&ana, &missed).await, "no_show");
    assert_eq!(set_status(&dora, &met, "in_progress").await.status, 200);
    assert_eq!(token(&ana, &met).await.status, 200);
    assert_eq!(set_status(&dora, &met, "completed").await.status, 200);
    has_none(&token(&ana, &met).await, "completed");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_project_of_agora_appointments_have_no_channels() {
    let world = World::set_up(|settings| {
        settings.secrets.remove(&Secret::AgoraAppCertificate);
    })
    .await;
    let (dora, ana) = (open_doctor(&world, "dora").await, world.patient("ana").await);
    let visit = booked(&ana, &dora, ahead(&world, 0)).await;
    token(&ana, &visit)
        .await
        .problem(503, "Video channels are not set up here");
}
