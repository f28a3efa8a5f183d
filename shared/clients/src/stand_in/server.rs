//! A small HTTP server: requests come whole, answers go out whole.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::{Fault, Faults};

/// Far above what any client here sends that sends no pictures.
const MAX_REQUEST_BYTES: usize = 256 * 1024;
/// Longer than any client here waits.
const SILENCE: Duration = Duration::from_secs(120);

/// How long a reply is held back: an extension of it.
#[derive(Clone, Copy)]
struct HeldBack(Duration);

pub(crate) type Reply = Response<Full<Bytes>>;

/// Serves until the future is dropped. Where `handle` gives nothing, the connection is closed without an answer.
pub(crate) async fn serve<H>(listener: TcpListener, handle: H) -> io::Result<()>
where
    H: Fn(&Request<Bytes>) -> Option<Reply> + Clone + Send + Sync + 'static,
{
    serve_up_to(MAX_REQUEST_BYTES, listener, handle).await
}

/// The same for requests of another size.
pub(crate) async fn serve_up_to<H>(most_bytes: usize, listener: TcpListener, handle: H) -> io::Result<()>
where
    H: Fn(&Request<Bytes>) -> Option<Reply> + Clone + Send + Sync + 'static,
{
    let mut connections = JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        while connections.try_join_next().is_some() {}
        let handle = handle.clone();
        connections.spawn(async move {
            let service = service_fn(move |request| answer(request, most_bytes, handle.clone()));
            // A client that breaks off is its own business.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer<H>(request: Request<Incoming>, most_bytes: usize, handle: H) -> io::Result<Reply>
where
    H: Fn(&Request<Bytes>) -> Option<Reply>,
{
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, most_bytes).collect().await else {
        return Ok(html(StatusCode::PAYLOAD_TOO_LARGE));
    };
    let request = Request::from_parts(head, body.to_bytes());
    let reply: io::Result<Reply> = handle(&request).ok_or_else(|| io::ErrorKind::ConnectionAborted.into());
    if let Some(HeldBack(time)) = reply.as_ref().ok().and_then(|reply| reply.extensions().get()) {
        tokio::time::sleep(*time).await;
    }
    reply
}

/// Does the work, unless or although a failure was asked for.
pub(crate) fn under(faults: &Faults, work: impl FnOnce() -> Reply) -> Option<Reply> {
    match faults.take() {
        None => Some(work()),
        Some(Fault::Dropped) => None,
        Some(Fault::AnswerLost) => {
            work();
            None
        }
        Some(Fault::Silent) => {
            let mut reply = html(StatusCode::GATEWAY_TIMEOUT);
            reply.extensions_mut().insert(HeldBack(SILENCE));
            Some(reply)
        }
        Some(Fault::Unavailable { retry_after_seconds }) => {
            let mut reply = html(StatusCode::SERVICE_UNAVAILABLE);
            if let Some(seconds) = retry_after_seconds {
                reply.headers_mut().insert(header::RETRY_AFTER, seconds.into());
            }
            Some(reply)
        }
    }
}

pub(crate) fn json(status: StatusCode, body: &serde_json::Value) -> Reply {
    reply(status, body.to_string(), "application/json")
}

pub(crate) fn html(status: StatusCode) -> Reply {
    let page = format!("<!DOCTYPE html><title>Error {}</title>", status.as_u16());
    reply(status, page, "text/html; charset=utf-8")
}

fn reply(status: StatusCode, body: String, content_type: &'static str) -> Reply {
    let mut reply = Response::new(Full::new(body.into()));
    *reply.status_mut() = status;
    reply
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    reply
}

/// The fields of a form, in order. `None` where the body is no form or does not say that it is one.
pub(crate) fn fields(request: &Request<Bytes>) -> Option<Vec<(String, String)>> {
    let content_type = request.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return None;
    }
    serde_html_form::from_bytes(request.body()).ok()
}

/// Starts a server for a test and gives its URL.
#[cfg(test)]
pub(crate) async fn open<H>(handle: H) -> String
where
    H: Fn(&Request<Bytes>) -> Option<Reply> + Clone + Send + Sync + 'static,
{
    let (listener, url) = port().await;
    tokio::spawn(serve(listener, handle));
    url
}

#[cfg(test)]
pub(crate) async fn port() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}
