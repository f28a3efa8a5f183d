//! What happens on a connection of the WebSocket API.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html>

use domain::socket::PROTOCOL;
use runtime::socket::SocketKind;
use serde_json::{Map, Value, json};

use crate::made::samples::{self, AT};

const HOST: &str = "w1x2y3z4a5.execute-api.eu-central-1.amazonaws.com";

pub fn event(function: &str, route: &str, kind: SocketKind) -> Value {
    let mut context = context(route, kind);
    let mut event = Map::new();
    match kind {
        SocketKind::Opening => {
            let query: Map<_, _> = samples::query(function)
                .iter()
                .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
                .collect();
            let headers = headers();
            event.insert("multiValueHeaders".to_owned(), listed(&headers));
            event.insert("headers".to_owned(), headers.into());
            event.insert("multiValueQueryStringParameters".to_owned(), listed(&query));
            event.insert("queryStringParameters".to_owned(), query.into());
        }
        SocketKind::Message => {
            context["messageId"] = "JKJaXcP9oAMCIQA=".into();
            let message = samples::message(function).unwrap_or_else(|| {
                panic!("{function} has no sample: add it to `message` in tests/src/made/samples.rs")
            });
            event.insert("body".to_owned(), message.to_string().into());
        }
        SocketKind::Closing => {
            context["disconnectStatusCode"] = 1001.into();
            context["disconnectReason"] = "Going away".into();
            let headers = json!({ "Host": HOST, "x-api-key": "", "x-restapi": "" });
            event.insert("headers".to_owned(), headers);
        }
    }
    event.insert("requestContext".to_owned(), context);
    event.insert("isBase64Encoded".to_owned(), false.into());
    event.into()
}

fn context(route: &str, kind: SocketKind) -> Value {
    let word = match kind {
        SocketKind::Opening => "CONNECT",
        SocketKind::Message => "MESSAGE",
        SocketKind::Closing => "DISCONNECT",
    };
    json!({
        "routeKey": route,
        "eventType": word,
        "extendedRequestId": "JKJaXmPLvHcESHA=",
        "requestTime": AT.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
        "messageDirection": "IN",
        "stage": "live",
        "connectedAt": AT.as_millisecond(),
        "requestTimeEpoch": AT.as_millisecond(),
        "identity": { "sourceIp": "203.0.113.7", "userAgent": "Mozilla/5.0" },
        "requestId": "JKJaXmPLvHcESHA=",
        "domainName": HOST,
        "connectionId": "JKJaWcP9oAMCIQA=",
        "apiId": "w1x2y3z4a5",
    })
}

fn headers() -> Map<String, Value> {
    let headers = [
        ("Host", HOST),
        ("Sec-WebSocket-Extensions", "permessage-deflate"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("Sec-WebSocket-Protocol", PROTOCOL),
        ("Sec-WebSocket-Version", "13"),
        ("User-Agent", "Mozilla/5.0"),
        ("X-Forwarded-For", "203.0.113.7"),
        ("X-Forwarded-Port", "443"),
        ("X-Forwarded-Proto", "https"),
    ];
    let headers = headers.into_iter();
    headers
        .map(|(name, value)| (name.to_owned(), Value::from(value)))
        .collect()
}

/// As lists of one.
fn listed(values: &Map<String, Value>) -> Value {
    let listed = values.iter().map(|(name, value)| (name.clone(), json!([value])));
    listed.collect::<Map<_, _>>().into()
}
