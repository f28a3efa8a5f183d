//! A request as API Gateway hands it over: payload format 2.0.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>

use data_encoding::BASE64;
use runtime::callers::Access;
use runtime::{Method, Route};
use serde_json::{Map, Value, json};

use crate::made::samples::{self, AT, Body};

const HOST: &str = "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com";
const ADDRESS: &str = "203.0.113.7";
const USER_AGENT: &str = "curl/8.5.0";
const BOUNDARY: &str = "polyclinic-sample";

/// `route`: none for the function behind all unknown ones.
pub fn event(function: &str, route: Option<&Route>, access: Access) -> Value {
    let (method, key, path, parameters) = match route {
        Some(Route { method, path, .. }) => (
            method.clone(),
            format!("{method} {path}"),
            filled(path),
            parameters_of(path),
        ),
        None => (
            Method::GET,
            "$default".to_owned(),
            "/no/such/page".to_owned(),
            Map::new(),
        ),
    };
    let query = samples::query(function);
    let body = samples::body(function).map(encode);

    let mut event = Map::new();
    let mut set = |name: &str, value: Value| event.insert(name.to_owned(), value);
    set("version", "2.0".into());
    set("routeKey", key.as_str().into());
    set("rawPath", path.as_str().into());
    set("rawQueryString", raw(query).into());
    set("headers", headers(access, body.as_ref()));
    if !query.is_empty() {
        set(
            "queryStringParameters",
            query
                .iter()
                .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
                .collect(),
        );
    }
    if !parameters.is_empty() {
        set("pathParameters", parameters.into());
    }
    set("requestContext", context(&method, &key, &path));
    let is_base64_encoded = body.as_ref().is_some_and(|body| body.is_base64_encoded);
    if let Some(body) = body {
        set("body", body.text.into());
    }
    set("isBase64Encoded", is_base64_encoded.into());
    event.into()
}

fn context(method: &Method, key: &str, path: &str) -> Value {
    json!({
        "accountId": "123456789012",
        "apiId": "a1b2c3d4e5",
        "domainName": HOST,
        "domainPrefix": "a1b2c3d4e5",
        "http": {
            "method": method.as_str(),
            "path": path,
            "protocol": "HTTP/1.1",
            "sourceIp": ADDRESS,
            "userAgent": USER_AGENT,
        },
        "requestId": "JKJaXmPLvHcESHA=",
        "routeKey": key,
        "stage": "$default",
        "time": AT.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
        "timeEpoch": AT.as_millisecond(),
    })
}

/// In order of their names, as API Gateway sorts them.
fn headers(access: Access, body: Option<&Encoded>) -> Value {
    let mut headers = vec![("accept", "application/json".to_owned())];
    if access.needs_token() {
        let credentials = match access {
            Access::Operator => format!("Basic {}", BASE64.encode(b"operator:password")),
            _ => "Bearer access-token".to_owned(),
        };
        headers.push(("authorization", credentials));
    }
    if let Some(body) = body {
        headers.push(("content-length", body.length.to_string()));
        headers.push(("content-type", body.media_type.clone()));
    }
    headers.push(("host", HOST.to_owned()));
    headers.push(("user-agent", USER_AGENT.to_owned()));
    headers.push(("x-amzn-trace-id", "Root=1-6741d2ab-0123456789abcdef01234567".to_owned()));
    headers.push(("x-forwarded-for", ADDRESS.to_owned()));
    headers.push(("x-forwarded-port", "443".to_owned()));
    headers.push(("x-forwarded-proto", "https".to_owned()));
    headers
        .into_iter()
        .map(|(name, value)| (name.to_owned(), Value::from(value)))
        .collect()
}

struct Encoded {
    text: String,
    media_type: String,
    /// Of the body itself, before base64.
    length: usize,
    is_base64_encoded: bool,
}

fn encode(body: Body) -> Encoded {
    match body {
        Body::Json(value) => {
            let text = value.to_string();
            Encoded {
                length: text.len(),
                text,
                media_type: "application/json".to_owned(),
                is_base64_encoded: false,
            }
        }
        Body::Form {
            field,
            file,
            media_type,
            bytes,
            texts,
        } => {
            let text = |(name, value): &(&str, &str)| {
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
            };
            let mut form: Vec<u8> = texts.iter().map(text).collect::<String>().into_bytes();
            let disposition = format!("Content-Disposition: form-data; name=\"{field}\"; filename=\"{file}\"");
            form.extend(format!("--{BOUNDARY}\r\n{disposition}\r\nContent-Type: {media_type}\r\n\r\n").bytes());
            form.extend(bytes);
            form.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
            Encoded {
                text: BASE64.encode(&form),
                media_type: format!("multipart/form-data; boundary={BOUNDARY}"),
                length: form.len(),
                is_base64_encoded: true,
            }
        }
    }
}

/// Sample values need no escaping.
fn raw(query: &[(&str, &str)]) -> String {
    query
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join("&")
}

/// A path with sample values for its parameters.
pub fn filled(path: &str) -> String {
    let segments = path.split('/').map(|segment| match parameter(segment) {
        Some(name) => samples::path_parameter(name),
        None => segment,
    });
    segments.collect::<Vec<_>>().join("/")
}

fn parameters_of(path: &str) -> Map<String, Value> {
    let names = path.split('/').filter_map(parameter);
    names
        .map(|name| (name.to_owned(), samples::path_parameter(name).into()))
        .collect()
}

fn parameter(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}
