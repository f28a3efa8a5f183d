//! Consultations for whatever the tests of all endpoints do with one.

use reqwest::RequestBuilder;
use runtime::{Function, Route};
use serde_json::json;
use tests::calls::{CONSULTATIONS, consult, invite, invite_path, path};
use tests::world::{Person, World};

/// The path to something of a person's own consultation.
pub async fn thing(world: &World, function: &str, owner: &Person) -> Option<String> {
    let action = match function {
        "get-consultation" => "",
        "join-consultation" => "/join",
        "end-consultation" => "/end",
        "cancel-consultation" => "/cancel",
        "admit-to-consultation" => "/admit",
        "send-signal" => "/signal",
        "list-signals" => "/signals",
        "send-call-message" | "list-call-messages" => "/messages",
        "invite-guest" | "revoke-invite" => "/invites",
        _ => return None,
    };
    if function == "admit-to-consultation" {
        let patient = world.patient(&format!("patient-for-{function}")).await;
        let waiting = consult(&patient, owner, json!({ "waiting_room": true })).await;
        return Some(path(&waiting, action));
    }
    let doctor = world.verified_doctor(&format!("doctor-for-{function}")).await;
    let later = world.product.clock.now() + jiff::SignedDuration::from_mins(30);
    let more = match function {
        "cancel-consultation" => json!({ "scheduled_time": later }),
        _ => json!({}),
    };
    let call = consult(owner, &doctor, more).await;
    if function == "revoke-invite" {
        let invited = invite(owner, &call, "Interpreter").await;
        return Some(invite_path(&call, &invited));
    }
    if function == "list-call-messages" {
        let said = owner.post(&path(&call, action), json!({ "text": "Hello" })).await;
        assert_eq!(said.status, 201, "{}", said.text());
    }
    Some(path(&call, action))
}

/// A call of what needs more than a path to succeed.
pub async fn request(world: &World, function: &Function, route: &Route, owner: &Person) -> Option<RequestBuilder> {
    let name = function.name;
    if !["create-consultation", "get-video-token", "join-as-guest"].contains(&name) {
        return None;
    }
    let doctor = world.verified_doctor(&format!("doctor-for-{name}")).await;
    let method = route.method.clone();
    if name == "create-consultation" {
        let body = json!({ "doctor_id": doctor.id });
        return Some(owner.request(method, CONSULTATIONS).json(&body));
    }
    let call = consult(owner, &doctor, json!({})).await;
    if name == "get-video-token" {
        let channel = format!("visit-{}", call["id"].as_str().expect("an id"));
        return Some(owner.request(method, route.path).query(&[("channel", channel)]));
    }
    let token = invite(owner, &call, "Interpreter").await["token"].clone();
    Some(world.request(method, route.path).json(&json!({ "token": token })))
}
