//! API Gateway's part: from HTTP and WebSockets to the event of a function and back, with its limits and its CORS.

mod answer;
mod cors;
mod event;
mod limits;
mod local_pages;
mod routes;
pub mod sockets;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::{Method, Request, Response, StatusCode};
use runtime::{Function, Platform};
use std::net::SocketAddr;
use tokio::sync::Semaphore;

use crate::cloud::connections::Connections;
use crate::inbox::Inbox;
use event::Peer;
use limits::{BodyError, INTEGRATION_TIMEOUT};
use routes::Routes;
use sockets::{SocketRoutes, SocketTimes, Sockets};

struct Gateway {
    routes: Routes,
    platform: Arc<Platform>,
    /// A place for each function that runs.
    places: Semaphore,
    sockets: Sockets,
}

/// Two functions want the same route.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Clash(String);

/// Answers everything: the product's routes, the WebSocket API, and the pages that exist only here.
pub fn router(
    platform: Arc<Platform>,
    inbox: Inbox,
    connections: Connections,
    times: SocketTimes,
) -> Result<Router, Clash> {
    let socket_routes = SocketRoutes::new().map_err(|error| Clash(error.to_string()))?;
    let gateway = Arc::new(Gateway {
        routes: Routes::new().map_err(|error| Clash(error.to_string()))?,
        sockets: Sockets {
            routes: Arc::new(socket_routes),
            platform: platform.clone(),
            connections,
            times,
        },
        platform,
        places: Semaphore::new(limits::AT_ONCE),
    });
    Ok(local_pages::router(inbox).fallback(handle).with_state(gateway))
}

async fn handle(
    State(gateway): State<Arc<Gateway>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request<Body>,
) -> Response<Body> {
    if request.uri().path() == sockets::PATH {
        let address = event::client_address(request.headers(), peer.ip());
        return gateway.sockets.accept(request, address).await;
    }
    let origin = cors::allowed_origin(request.headers(), &gateway.platform.settings.web.cors_origins);
    if request.method() == Method::OPTIONS {
        return cors::preflight(origin);
    }
    cors::with_headers(dispatch(&gateway, peer, request).await, origin)
}

async fn dispatch(gateway: &Gateway, peer: SocketAddr, request: Request<Body>) -> Response<Body> {
    if limits::head_is_too_large(&request) {
        return answer::plain(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "Request Header Fields Too Large",
        );
    }
    let (parts, body) = request.into_parts();
    let body = match limits::read(body).await {
        Ok(body) => body,
        Err(BodyError::TooLarge) => return answer::too_large(parts.uri.path()),
        Err(BodyError::Broken) => return answer::plain(StatusCode::BAD_REQUEST, "Bad Request"),
    };
    let matched = gateway.routes.find(&parts.method, parts.uri.path());
    let peer = Peer {
        address: event::client_address(&parts.headers, peer.ip()),
        request_id: event::request_id(),
    };
    let event = event::build(&parts, &body, &matched, &peer);
    if event.len() > limits::LAMBDA_EVENT_BYTES {
        return answer::too_large(parts.uri.path());
    }
    // It is closed never.
    let _place = gateway.places.acquire().await;
    invoke(matched.function, gateway.platform.clone(), event).await
}

/// In a task of its own, so that a panic becomes an answer, as it does in the cloud.
async fn invoke(function: &'static Function, platform: Arc<Platform>, event: String) -> Response<Body> {
    let call = tokio::spawn(async move { runtime::invoke(function, platform, &event).await });
    match tokio::time::timeout(INTEGRATION_TIMEOUT, call).await {
        Err(_) => answer::plain(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable"),
        Ok(Ok(Ok(answer))) if answer.len() <= limits::LAMBDA_ANSWER_BYTES => answer::parse(&answer),
        Ok(outcome) => {
            let reason = match outcome {
                Ok(Ok(_)) => "the answer is larger than Lambda allows".to_owned(),
                Ok(Err(error)) => error,
                Err(panic) => panic.to_string(),
            };
            eprintln!("{}: {reason}", function.name);
            answer::plain(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
        }
    }
}
