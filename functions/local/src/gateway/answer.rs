//! From a function's answer to HTTP, and the gateway's own short ones.

use std::collections::HashMap;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use data_encoding::BASE64;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    status_code: u16,
    #[serde(default)]
    headers: HashMap<String, String>,
    #[serde(default)]
    cookies: Vec<String>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}

/// A malformed answer is a 500, as in the cloud.
pub fn parse(json: &str) -> Response<Body> {
    match serde_json::from_str::<Answer>(json).ok().and_then(response) {
        Some(response) => response,
        None => plain(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"),
    }
}

fn response(answer: Answer) -> Option<Response<Body>> {
    let body = answer.body.unwrap_or_default();
    let body = if answer.is_base64_encoded {
        BASE64.decode(body.as_bytes()).ok()?
    } else {
        body.into_bytes()
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(answer.status_code).ok()?;
    for (name, value) in answer.headers {
        response
            .headers_mut()
            .insert(HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?);
    }
    for cookie in answer.cookies {
        response
            .headers_mut()
            .append(header::SET_COOKIE, HeaderValue::try_from(cookie).ok()?);
    }
    Some(response)
}

/// In API Gateway's own words.
pub fn plain(status: StatusCode, message: &str) -> Response<Body> {
    json(status, "application/json", serde_json::json!({ "message": message }))
}

/// Where API Gateway only says "Request Too Large", old clients get words they can show.
pub fn too_large(path: &str) -> Response<Body> {
    let way_out = if path.starts_with("/api/firmware/") {
        "Ask POST /api/firmware/uploads for an address, and send the image there"
    } else {
        "Ask POST /api/uploads for an address, send the file there, and call again with its upload_id"
    };
    let detail = format!("The request is too large: at most about 4.5 MB fit in it. {way_out}");
    let body = serde_json::json!({
        "type": "about:blank",
        "title": "Payload Too Large",
        "status": 413,
        "detail": detail,
        "error": detail,
        "message": detail,
        "code": "body_too_large",
    });
    json(StatusCode::PAYLOAD_TOO_LARGE, "application/problem+json", body)
}

fn json(status: StatusCode, content_type: &'static str, body: serde_json::Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
