//! API Gateway's `@connections` on loopback: sending over connections of the WebSocket API, looking at them and ending
//! them, signed as for AWS, with AWS's limits and refusals.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html>
//!
//! The connections themselves come from the gateway, which registers each once its handshake is over: before, it is as gone
//! here as it is in AWS. Deliberately not here: which account may do what.

mod registry;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri, header};
use axum::routing::any;
use clients::stand_in::Faults;
use serde_json::{Value, json};

use super::signature::{self, Call};
use super::{Credentials, REGION};
pub use registry::{Command, Connections, Live, NotSent};

/// Of one message.
pub const MESSAGE_BYTES: usize = 128 * 1024;
/// Read before it is refused.
const MOST_READ_BYTES: usize = 1024 * 1024;
/// What AWS signs these calls as.
const SERVICE: &str = "execute-api";

struct Service {
    credentials: Credentials,
    connections: Connections,
    faults: Faults,
}

struct Refusal {
    status: StatusCode,
    code: &'static str,
    /// Some of AWS's refusals have no body at all.
    message: Option<&'static str>,
}

const GONE: Refusal = Refusal {
    status: StatusCode::GONE,
    code: "GoneException",
    message: None,
};
const TOO_LARGE: Refusal = Refusal {
    status: StatusCode::PAYLOAD_TOO_LARGE,
    code: "PayloadTooLargeException",
    message: Some("Message too long"),
};
const BUSY: Refusal = Refusal {
    status: StatusCode::TOO_MANY_REQUESTS,
    code: "LimitExceededException",
    message: Some("The WebSocket client side buffer is full"),
};
const UNAVAILABLE: Refusal = Refusal {
    status: StatusCode::INTERNAL_SERVER_ERROR,
    code: "InternalServerErrorException",
    message: Some("It is not to answer now"),
};

pub fn router(credentials: Credentials, connections: Connections, faults: Faults) -> Router {
    let service = Arc::new(Service {
        credentials,
        connections,
        faults,
    });
    Router::new()
        .route("/@connections/{id}", any(handle))
        .layer(DefaultBodyLimit::max(MOST_READ_BYTES))
        .with_state(service)
}

async fn handle(
    State(service): State<Arc<Service>>,
    Path(id): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    match service.answer(&id, &method, &uri, &headers, &body) {
        Ok(answer) => answer,
        Err(refusal) => refuse(&refusal),
    }
}

impl Service {
    fn answer(
        &self,
        id: &str,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> Result<Response<Body>, Refusal> {
        if self.faults.take().is_some() {
            return Err(UNAVAILABLE);
        }
        let call = Call {
            method: method.as_str(),
            path: uri.path(),
            service: SERVICE,
        };
        signature::check_call(&call, headers, body, &self.credentials).map_err(|_| Refusal {
            status: StatusCode::FORBIDDEN,
            code: "ForbiddenException",
            message: Some("Forbidden"),
        })?;
        match method.as_str() {
            "POST" => self.send(id, body),
            "GET" => self.connections.look(id).map(|live| found(&live)).ok_or(GONE),
            "DELETE" => match self.connections.end(id) {
                true => Ok(empty(StatusCode::NO_CONTENT)),
                false => Err(GONE),
            },
            _ => Err(Refusal {
                status: StatusCode::FORBIDDEN,
                code: "MissingAuthenticationTokenException",
                message: Some("Missing Authentication Token"),
            }),
        }
    }

    fn send(&self, id: &str, body: &Bytes) -> Result<Response<Body>, Refusal> {
        if body.len() > MESSAGE_BYTES {
            return Err(TOO_LARGE);
        }
        let text = String::from_utf8_lossy(body).into_owned();
        match self.connections.send(id, text) {
            Ok(()) => Ok(empty(StatusCode::OK)),
            Err(NotSent::Gone) => Err(GONE),
            Err(NotSent::Full) => Err(BUSY),
        }
    }
}

fn found(live: &Live) -> Response<Body> {
    let body = json!({
        "connectedAt": live.connected_at.to_string(),
        "identity": { "sourceIp": live.address, "userAgent": live.user_agent },
        "lastActiveAt": live.last_active_at.to_string(),
    });
    with_json(empty(StatusCode::OK), &body)
}

fn refuse(refusal: &Refusal) -> Response<Body> {
    let mut response = empty(refusal.status);
    response
        .headers_mut()
        .insert("x-amzn-errortype", HeaderValue::from_static(refusal.code));
    match refusal.message {
        Some(message) => with_json(response, &json!({ "message": message })),
        None => response,
    }
}

fn with_json(mut response: Response<Body>, body: &Value) -> Response<Body> {
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    *response.body_mut() = Body::from(body.to_string());
    response
}

fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    let id = HeaderValue::try_from(super::uuid()).unwrap_or(HeaderValue::from_static(REGION));
    response.headers_mut().insert("x-amzn-requestid", id);
    response
}
