//! What exists only here and never in a Lambda: the inbox of everything the product has sent.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use super::Gateway;
use crate::inbox::{self, CAPACITY, Inbox};

pub fn router(inbox: Inbox) -> Router<Arc<Gateway>> {
    Router::new().route("/_local/inbox", get(show_inbox).with_state(inbox))
}

/// A page for browsers, JSON for all others.
async fn show_inbox(State(inbox): State<Inbox>, headers: HeaderMap) -> Response {
    let messages = inbox.newest(CAPACITY);
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if accept.contains("text/html") {
        return Html(inbox::page(&messages)).into_response();
    }
    let json = serde_json::to_string(&messages).unwrap_or_default();
    ([(header::CONTENT_TYPE, "application/json")], json).into_response()
}
