//! Sends one request and reads one answer, over TLS by ring with Mozilla's roots; plain HTTP for stand-ins.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::HttpsError;

/// Far above what most of these services answer.
const MAX_ANSWER_BYTES: usize = 256 * 1024;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Short, since a Lambda between two requests may be frozen and its peer long gone.
const IDLE: Duration = Duration::from_secs(20);

#[derive(Clone, Copy)]
pub(crate) enum Connections {
    /// For requests that must not meet a dead connection.
    OnePerRequest,
    /// For many requests in a row.
    Kept,
}

/// Not printable: bodies carry personal data.
pub(crate) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    /// `None` where the body is something else, as from a proxy on the way.
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }

    pub fn header(&self, name: http::HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct HttpsClient {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

impl HttpsClient {
    pub fn new(connections: Connections) -> Result<Self, HttpsError> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(CONNECT_TIMEOUT));
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(rustls::crypto::ring::default_provider())
            .map_err(|_| HttpsError::Settings)?
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        let kept = match connections {
            Connections::OnePerRequest => 0,
            Connections::Kept => 8,
        };
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(kept)
            .build(connector);
        Ok(Self { client })
    }

    /// The limit holds for all of it: connecting, sending, and reading the answer to its end.
    pub async fn send(&self, request: Request<Full<Bytes>>, limit: Duration) -> Result<Answer, HttpsError> {
        self.send_for(request, limit, MAX_ANSWER_BYTES).await
    }

    /// The same for an answer of so many bytes at most.
    pub async fn send_for(
        &self,
        request: Request<Full<Bytes>>,
        limit: Duration,
        most_bytes: usize,
    ) -> Result<Answer, HttpsError> {
        let exchange = async {
            let response = self.client.request(request).await.map_err(|error| {
                if error.is_connect() {
                    HttpsError::Unreachable
                } else {
                    HttpsError::Broken
                }
            })?;
            let (parts, body) = response.into_parts();
            let body = Limited::new(body, most_bytes).collect().await.map_err(|error| {
                if error.is::<LengthLimitError>() {
                    HttpsError::TooLarge
                } else {
                    HttpsError::Broken
                }
            })?;
            Ok(Answer {
                status: parts.status,
                headers: parts.headers,
                body: body.to_bytes(),
            })
        };
        tokio::time::timeout(limit, exchange)
            .await
            .unwrap_or(Err(HttpsError::TimedOut))
    }
}
