//! What API Gateway hands to the functions of a WebSocket API.

use std::collections::BTreeMap;

use axum::http::HeaderMap;
use axum::http::request::Parts;
use jiff::Timestamp;
use runtime::socket::{CONNECT, DISCONNECT};
use serde_json::{Map, Value, json};

use super::super::event::request_id;

const STAGE: &str = "live";

/// A connection, and who is at the other end.
#[derive(Clone)]
pub struct Place {
    pub connection: String,
    pub connected_at: Timestamp,
    pub address: String,
    pub user_agent: String,
    pub host: String,
}

/// How a connection ended.
pub struct End {
    pub code: u16,
    pub reason: String,
}

pub fn connect(place: &Place, parts: &Parts) -> String {
    let query = parts.uri.query().unwrap_or_default();
    let pairs: Vec<(String, String)> = serde_html_form::from_str(query).unwrap_or_default();
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in pairs {
        all.entry(name).or_default().push(value);
    }
    let mut event = event(place, CONNECT, "CONNECT", json!({}));
    set_headers(&mut event, &parts.headers);
    if !all.is_empty() {
        let last: BTreeMap<_, _> = all.iter().map(|(name, values)| (name, values.last())).collect();
        event["queryStringParameters"] = json!(last);
        event["multiValueQueryStringParameters"] = json!(all);
    }
    event.to_string()
}

pub fn message(place: &Place, route: &str, text: &str) -> String {
    let mut event = event(place, route, "MESSAGE", json!({ "messageId": request_id() }));
    event["body"] = text.into();
    event.to_string()
}

pub fn disconnect(place: &Place, end: &End) -> String {
    let details = json!({ "disconnectStatusCode": end.code, "disconnectReason": end.reason });
    let mut event = event(place, DISCONNECT, "DISCONNECT", details);
    event["headers"] = json!({ "Host": place.host, "x-api-key": "", "x-restapi": "" });
    event.to_string()
}

/// What a client reads when a function fails.
pub fn failure(place: &Place) -> String {
    json!({
        "message": "Internal server error",
        "connectionId": place.connection,
        "requestId": request_id(),
    })
    .to_string()
}

pub fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}

/// `details`: beside what every event tells of its connection.
fn event(place: &Place, route: &str, kind: &str, details: Value) -> Value {
    let now = Timestamp::now();
    let id = request_id();
    let mut context = json!({
        "routeKey": route,
        "eventType": kind,
        "extendedRequestId": id,
        "requestTime": now.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
        "messageDirection": "IN",
        "stage": STAGE,
        "connectedAt": place.connected_at.as_millisecond(),
        "requestTimeEpoch": now.as_millisecond(),
        "identity": { "sourceIp": place.address, "userAgent": place.user_agent },
        "requestId": id,
        "domainName": place.host,
        "connectionId": place.connection,
        "apiId": "local",
    });
    if let (Some(context), Value::Object(details)) = (context.as_object_mut(), details) {
        context.extend(details);
    }
    json!({ "requestContext": context, "isBase64Encoded": false })
}

fn set_headers(event: &mut Value, headers: &HeaderMap) {
    let (mut last, mut all) = (Map::new(), Map::new());
    for name in headers.keys() {
        let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        let values: Vec<&str> = values.collect();
        last.insert(name.to_string(), json!(values.last()));
        all.insert(name.to_string(), json!(values));
    }
    event["headers"] = last.into();
    event["multiValueHeaders"] = all.into();
}
