//! Vital signs for whatever the tests of all endpoints do with them.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tests::world::{Person, World};

/// The path to something of a person's own.
pub async fn thing(world: &World, function: &str, owner: &Person) -> Option<String> {
    Some(match function {
        "renew-vital-device-token" => format!("/api/iot/devices/{}/token", device(owner).await.0),
        "revoke-vital-device" => format!("/api/iot/devices/{}", device(owner).await.0),
        "answer-vital-alert" => {
            let low =
                json!({ "kind": "glucose", "value": 45, "unit": "mg/dL", "measured_at": world.product.clock.now() });
            let kept = owner.post("/api/vitals/readings", json!({ "readings": [low] })).await;
            assert_eq!(kept.status, 201, "{kept:?}");
            let alerts = owner.get("/api/iot/alerts").await.json();
            format!("/api/iot/alerts/{}/answer", alerts[0]["id"].as_str().expect("an id"))
        }
        _ => return None,
    })
}

/// A call of what no token of a person opens.
pub async fn request(world: &World, function: &str, owner: &Person) -> Option<RequestBuilder> {
    if function != "take-device-readings" {
        return None;
    }
    let (id, token) = device(owner).await;
    let points: Value = json!([{ "timestamp": world.product.clock.now(), "heart_rate": 71 }]);
    let body = json!({ "device_id": id, "device_token": token, "data_points": points });
    Some(world.request(Method::POST, "/api/iot/data/batch").json(&body))
}

async fn device(owner: &Person) -> (String, String) {
    let made = owner.post("/api/iot/devices", json!({ "name": "Cuff" })).await;
    assert_eq!(made.status, 201, "{made:?}");
    let made = made.json();
    let text = |name: &str| made[name].as_str().expect("a text").to_owned();
    (text("device_id"), text("device_token"))
}
