//! The WebSocket API as API Gateway has it: `$connect` decides about the handshake, each message goes to the function that
//! its `type` names, and `$disconnect` is told of the end.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html>

mod conversation;
mod event;
mod routes;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::{Request, Response, StatusCode};
use axum::response::IntoResponse;
use data_encoding::BASE64;
use jiff::Timestamp;
use runtime::socket::CONNECT;
use runtime::{Function, Platform};
use serde::Deserialize;

use super::answer;
use super::limits::INTEGRATION_TIMEOUT;
use crate::cloud::connections::{Connections, Live, MESSAGE_BYTES};
use conversation::Conversation;
use event::{End, Place};
pub use routes::SocketRoutes;

/// Where clients connect here. In the cloud it is an address of its own.
pub const PATH: &str = "/ws";

const FRAME_BYTES: usize = 32 * 1024;

/// When connections end by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SocketTimes {
    /// Without a message in either direction.
    pub idle: Duration,
    pub longest: Duration,
}

impl Default for SocketTimes {
    /// API Gateway's.
    fn default() -> Self {
        Self {
            idle: Duration::from_secs(10 * 60),
            longest: Duration::from_secs(2 * 60 * 60),
        }
    }
}

/// All that connections share.
#[derive(Clone)]
pub struct Sockets {
    pub routes: Arc<SocketRoutes>,
    pub platform: Arc<Platform>,
    pub connections: Connections,
    pub times: SocketTimes,
}

/// What a function answers to an event.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Answer {
    status_code: u16,
    headers: std::collections::HashMap<String, String>,
    body: Option<String>,
}

/// Not an answer: a panic, a time-out, or nonsense.
struct Failed;

impl Sockets {
    /// `address`: of the peer.
    pub async fn accept(&self, request: Request<Body>, address: String) -> Response<Body> {
        let (mut parts, _) = request.into_parts();
        let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
            Ok(upgrade) => upgrade,
            Err(refusal) => return refusal.into_response(),
        };
        let place = Place {
            connection: connection_id(),
            connected_at: Timestamp::now(),
            user_agent: event::text(&parts.headers, "user-agent").to_owned(),
            host: event::text(&parts.headers, "host").to_owned(),
            address,
        };
        let Some(function) = self.routes.exactly(CONNECT) else {
            return answer::plain(StatusCode::FORBIDDEN, "Forbidden");
        };
        let connect = event::connect(&place, &parts);
        let Ok(taken) = self.invoke(function, connect).await else {
            return answer::plain(StatusCode::BAD_GATEWAY, "Bad Gateway");
        };
        let status = StatusCode::from_u16(taken.status_code).unwrap_or(StatusCode::BAD_GATEWAY);
        if !status.is_success() {
            return answer::plain(status, status.canonical_reason().unwrap_or_default());
        }
        let protocol = taken.headers.into_iter();
        let protocol = protocol.filter(|(name, _)| name.eq_ignore_ascii_case("sec-websocket-protocol"));
        let sockets = self.clone();
        upgrade
            .protocols(protocol.map(|(_, value)| value))
            .max_message_size(MESSAGE_BYTES)
            .max_frame_size(FRAME_BYTES)
            .on_upgrade(move |socket| async move {
                let live = Live {
                    connected_at: place.connected_at,
                    last_active_at: place.connected_at,
                    address: place.address.clone(),
                    user_agent: place.user_agent.clone(),
                };
                let commands = sockets.connections.register(&place.connection, live);
                let end = Conversation::new(&sockets, &place, commands).hold(socket).await;
                sockets.connections.forget(&place.connection);
                sockets.tell_end(&place, &end).await;
            })
    }

    async fn tell_end(&self, place: &Place, end: &End) {
        if let Some(function) = self.routes.exactly(runtime::socket::DISCONNECT) {
            // Best effort, as in the cloud.
            let _ = self.invoke(function, event::disconnect(place, end)).await;
        }
    }

    /// What goes back over the connection, if anything does.
    async fn answer(&self, place: &Place, text: &str) -> Option<String> {
        let (route, function) = self.routes.of_message(text)?;
        let event = event::message(place, route, text);
        match self.invoke(function, event).await {
            Ok(answer) => answer.body,
            Err(Failed) => Some(event::failure(place)),
        }
    }

    /// In a task of its own, so that a panic is a failure as it is in the cloud.
    async fn invoke(&self, function: &'static Function, event: String) -> Result<Answer, Failed> {
        let platform = self.platform.clone();
        let call = tokio::spawn(async move { runtime::invoke(function, platform, &event).await });
        let reason = match tokio::time::timeout(INTEGRATION_TIMEOUT, call).await {
            Err(_) => "it took too long".to_owned(),
            Ok(Err(panic)) => panic.to_string(),
            Ok(Ok(Err(error))) => error,
            Ok(Ok(Ok(answer))) => match serde_json::from_str(&answer) {
                Ok(answer) => return Ok(answer),
                Err(error) => error.to_string(),
            },
        };
        eprintln!("{}: {reason}", function.name);
        Err(Failed)
    }
}

/// API Gateway's look like `JKJaWcP9oAMCIQA=`.
fn connection_id() -> String {
    let mut bytes = [0; 11];
    if getrandom::fill(&mut bytes).is_err() {
        // Without a random source the clock still gives names that do not repeat.
        bytes.copy_from_slice(&Timestamp::now().as_nanosecond().to_be_bytes()[5..]);
    }
    BASE64.encode(&bytes)
}
