//! What a message must look like, and Google's shape of refusals.

use std::collections::BTreeMap;

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::SentPush;
use crate::fcm::client::is_topic;
use crate::push::is_reserved;
use crate::stand_in::google::Refusal;

const MAX_BYTES: usize = 4_096;
const TARGETS: [&str; 3] = ["token", "topic", "condition"];
/// In both spellings where they differ.
const MEMBERS: [&str; 6] = ["data", "notification", "android", "apns", "webpush", "fcmOptions"];
const OBJECTS: [&str; 5] = ["android", "apns", "webpush", "fcm_options", "fcmOptions"];

pub(super) struct Message {
    pub push: SentPush,
    pub validate_only: bool,
}

impl Refusal {
    pub fn unauthenticated() -> Self {
        let message = "Request had invalid authentication credentials.";
        Self::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message, Vec::new())
    }

    pub fn other_project() -> Self {
        let message = "Permission 'cloudmessaging.messages.create' denied on this project";
        Self::new(StatusCode::FORBIDDEN, "PERMISSION_DENIED", message, Vec::new())
    }

    pub fn bad_token(code: &str) -> Self {
        if code == "MESSAGE" {
            return Self::field("message.data", "Invalid value");
        }
        let detail = json!({ "@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": code });
        let (status, name, message) = match code {
            "UNREGISTERED" => (StatusCode::NOT_FOUND, "NOT_FOUND", "Requested entity was not found."),
            "SENDER_ID_MISMATCH" => (StatusCode::FORBIDDEN, "PERMISSION_DENIED", "SenderId mismatch"),
            _ => (
                StatusCode::BAD_REQUEST,
                "INVALID_ARGUMENT",
                "The registration token is not a valid FCM registration token",
            ),
        };
        Self::new(status, name, message, vec![detail])
    }

    fn field(field: &str, description: &str) -> Self {
        let violation = json!({ "field": field, "description": description });
        let detail = json!({ "@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation] });
        Self::new(StatusCode::BAD_REQUEST, "INVALID_ARGUMENT", description, vec![detail])
    }
}

pub(super) fn read(body: &[u8]) -> Result<Message, Refusal> {
    let body: Map<String, Value> =
        serde_json::from_slice(body).map_err(|_| Refusal::field("", "Invalid JSON payload received."))?;
    let is_envelope = |name: &String| matches!(name.as_str(), "message" | "validate_only" | "validateOnly");
    if !body.keys().all(is_envelope) {
        return Err(Refusal::field("", "Invalid JSON payload received. Unknown name"));
    }
    let dry = body.get("validate_only").or_else(|| body.get("validateOnly"));
    let validate_only = match dry {
        None => false,
        Some(Value::Bool(dry)) => *dry,
        Some(_) => return Err(Refusal::field("validate_only", "Invalid value (TYPE_BOOL)")),
    };
    let Some(Value::Object(message)) = body.get("message") else {
        return Err(Refusal::field("message", "Message is missing"));
    };
    check_members(message)?;
    let to = target(message)?;
    let data = data(message)?;
    let (title, text) = notification(message)?;
    let shown = [&title, &text].into_iter().flatten().map(String::len).sum::<usize>();
    let carried: usize = data.iter().map(|(key, value)| key.len() + value.len()).sum();
    if shown + carried > MAX_BYTES {
        return Err(Refusal::field("message", "Message is too big"));
    }
    Ok(Message {
        push: SentPush {
            to,
            title,
            body: text,
            data,
        },
        validate_only,
    })
}

fn check_members(message: &Map<String, Value>) -> Result<(), Refusal> {
    for (name, value) in message {
        let is_known = TARGETS.contains(&name.as_str()) || MEMBERS.contains(&name.as_str()) || name == "fcm_options";
        if !is_known {
            return Err(Refusal::field("message", "Invalid JSON payload received. Unknown name"));
        }
        if OBJECTS.contains(&name.as_str()) && !value.is_object() {
            return Err(Refusal::field(&format!("message.{name}"), "Invalid value"));
        }
    }
    Ok(())
}

fn target(message: &Map<String, Value>) -> Result<String, Refusal> {
    let given: Vec<_> = TARGETS
        .iter()
        .filter_map(|name| Some((*name, message.get(*name)?)))
        .collect();
    let [(name, Value::String(target))] = given[..] else {
        return Err(Refusal::field(
            "message",
            "Exactly one of token, topic and condition is needed",
        ));
    };
    match name {
        "token" if target.is_empty() || !target.chars().all(|c| c.is_ascii_graphic()) => {
            Err(Refusal::bad_token("INVALID_ARGUMENT"))
        }
        "topic" if !is_topic(target) => Err(Refusal::field("message.topic", "Malformed topic name")),
        "condition" if !target.contains("in topics") => Err(Refusal::field("message.condition", "Malformed condition")),
        _ => Ok(target.clone()),
    }
}

fn data(message: &Map<String, Value>) -> Result<BTreeMap<String, String>, Refusal> {
    let Some(data) = message.get("data") else {
        return Ok(BTreeMap::new());
    };
    let Value::Object(data) = data else {
        return Err(Refusal::field("message.data", "Invalid value"));
    };
    let entries = data.iter().enumerate().map(|(place, (key, value))| match value {
        Value::String(text) if !is_reserved(key) => Ok((key.clone(), text.clone())),
        Value::String(_) => Err(Refusal::field("message.data", "Invalid data payload key")),
        _ => Err(Refusal::field(
            &format!("message.data[{place}].value"),
            "Invalid value (TYPE_STRING)",
        )),
    });
    entries.collect()
}

fn notification(message: &Map<String, Value>) -> Result<(Option<String>, Option<String>), Refusal> {
    let Some(notification) = message.get("notification") else {
        return Ok((None, None));
    };
    let wrong = || Refusal::field("message.notification", "Invalid value");
    let members = notification.as_object().ok_or_else(wrong)?;
    let is_right =
        |(name, value): (&String, &Value)| matches!(name.as_str(), "title" | "body" | "image") && value.is_string();
    if !members.iter().all(is_right) {
        return Err(wrong());
    }
    let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
    Ok((text("title"), text("body")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vectors() -> Value {
        serde_json::from_str(include_str!("../fixtures/fcm.json")).unwrap()
    }

    #[test]
    fn what_the_admin_sdk_sends_is_taken() {
        let vectors = vectors();
        let all = vectors["send"].as_array().unwrap();
        assert_eq!(all.len(), 12);
        for vector in all {
            let message = read(vector["body"].to_string().as_bytes());
            let is_dry = message.map(|message| message.validate_only);
            assert_eq!(is_dry.ok(), Some(vector["name"] == "dry_run"), "{}", vector["name"]);
        }
    }

    #[test]
    fn what_the_admin_sdk_refuses_to_send_is_refused() {
        let refused = |message: &Value| read(json!({ "message": message }).to_string().as_bytes()).is_err();
        for vector in vectors()["rejected_before_sending"].as_array().unwrap() {
            assert!(refused(&vector["message"]), "{}", vector["name"]);
        }
        assert!(!refused(&json!({ "token": "t", "data": { "k": "v".repeat(4_095) } })));
        let wrong = [
            json!({ "token": "t", "data": { "k": "v".repeat(4_096) } }),
            json!({ "token": "t", "data": { "from": "v" } }),
            json!({ "token": "t", "data": { "nested": {} } }),
            json!({ "token": "t", "notification": { "title": 5 } }),
            json!({ "token": "t", "notification": { "titel": "x" } }),
            json!({ "token": "t", "priority": "high" }),
            json!({ "token": 5 }),
        ];
        for message in &wrong {
            assert!(refused(message), "{message}");
        }
    }
}
