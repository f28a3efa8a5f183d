//! Vital signs: devices, what they send, what can be true of it, and whom it leads to be told.

mod alarms;
mod chart;
mod devices;
mod faults;
mod ingest;
mod keeping;
mod readings;
mod series;
mod settings;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tests::world::{Answer, Person, World};

pub const BATCH: &str = "/api/iot/data/batch";
pub const RECENT: &str = "/api/iot/data/recent";
pub const BY_HAND: &str = "/api/vitals/readings";
pub const ALERTS: &str = "/api/iot/alerts";

/// A device of somebody's, with its token.
pub struct Device {
    pub id: String,
    pub token: String,
}

impl Device {
    pub async fn of(owner: &Person, name: &str) -> Self {
        let made = owner.post("/api/iot/devices", json!({ "name": name })).await;
        assert_eq!(made.status, 201, "{made:?}");
        let made = made.json();
        Self {
            id: text(&made["device_id"]),
            token: text(&made["device_token"]),
        }
    }

    pub async fn send(&self, world: &World, points: Value) -> Answer {
        self.send_with(world, points, json!({})).await
    }

    /// `more`: further members of the body.
    pub async fn send_with(&self, world: &World, points: Value, more: Value) -> Answer {
        let mut body = json!({ "device_id": self.id, "device_token": self.token, "data_points": points });
        let members = more.as_object().cloned().unwrap_or_default();
        body.as_object_mut().expect("an object").extend(members);
        world.post(BATCH, body).await
    }

    /// A reading of now.
    pub async fn reads(&self, world: &World, mut point: Value) -> Value {
        point["timestamp"] = json!(world.product.clock.now());
        let kept = self.send(world, json!([point])).await;
        assert_eq!(kept.status, 201, "{kept:?}");
        kept.json()
    }
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

pub fn list(answer: &Answer) -> Vec<Value> {
    let body = answer.json();
    body.as_array().unwrap_or_else(|| panic!("no list: {body}")).clone()
}

pub fn minutes(number: i64) -> SignedDuration {
    SignedDuration::from_mins(number)
}

/// A moment of the past, whole to the minute.
pub fn past(world: &World, minutes_ago: i64) -> Timestamp {
    let now = world.product.clock.now() - minutes(minutes_ago);
    Timestamp::from_second(now.as_second().div_euclid(60) * 60).unwrap()
}
