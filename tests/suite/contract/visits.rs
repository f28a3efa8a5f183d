//! Doctors who can be booked, and what somebody has of scheduling, for the tests that walk all endpoints.

use domain::scheduling::clock_time::Weekday;
use serde_json::{Value, json};
use tests::made::samples::{self, Body};
use tests::world::{Person, World};

/// Whoever wants them may book them at any time of the next ten years.
pub async fn open_doctor(world: &World, name: &str) -> Person {
    let doctor = world.verified_doctor(name).await;
    open(&doctor).await;
    doctor
}

pub async fn open(doctor: &Person) {
    let weekly = Weekday::ALL.map(|weekday| json!({ "weekday": weekday, "from": "00:00", "until": "24:00" }));
    let hours = json!({ "version": 0, "time_zone": "UTC", "horizon_days": 3660, "weekly": weekly });
    let said = doctor.put("/doctors/me/availability", hours).await;
    assert_eq!(said.status, 200, "{said:?}");
}

/// The path to something of a person's own.
pub async fn thing(world: &World, function: &str, owner: &Person) -> Option<String> {
    Some(match function {
        "get-appointment" | "get-appointment-token" | "change-appointment-status" | "reschedule-appointment" => {
            let doctor = open_doctor(world, &format!("doctor-for-{function}")).await;
            let booked = owner.post("/appointments", json!({ "doctor_id": doctor.id })).await;
            assert_eq!(booked.status, 201, "{booked:?}");
            let action = match function {
                "get-appointment-token" => "/token",
                "change-appointment-status" => "/status",
                "reschedule-appointment" => "/reschedule",
                _ => "",
            };
            format!("/appointments/{}{action}", booked.json()["id"])
        }
        "withdraw-slot" => {
            let Some(Body::Json(body)) = samples::body("offer-slot") else {
                return None;
            };
            let slot = owner.post("/doctors/me/slots", body).await.json();
            format!("/doctors/me/slots/{}", slot["id"])
        }
        "leave-waitlist" => {
            let doctor = open_doctor(world, "doctor-for-leave-waitlist").await;
            let waiting = owner.post("/waitlist", json!({ "doctor_id": doctor.id })).await.json();
            format!("/waitlist/{}", waiting["id"].as_str().expect("an id"))
        }
        _ => return None,
    })
}

/// What must name a doctor that there is, who is made here.
pub async fn body(world: &World, function: &str) -> Option<Value> {
    let doctor = || async { open_doctor(world, &format!("doctor-to-{function}")).await.id };
    Some(match function {
        "book-appointment" | "join-waitlist" => {
            let Some(Body::Json(mut body)) = samples::body(function) else {
                return None;
            };
            body["doctor_id"] = doctor().await.into();
            body
        }
        "request-appointment" => {
            doctor().await;
            json!({})
        }
        _ => return None,
    })
}
