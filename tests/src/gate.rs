//! A gate before DynamoDB: all calls go through it, and one transaction of a test's choice is stopped there, before the
//! database hears of it or before its answer goes back.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

const OPERATION: &str = "x-amz-target";
/// Of the connection, not of the call.
const OF_THE_CONNECTION: [&str; 4] = ["host", "connection", "content-length", "transfer-encoding"];

/// Where a transaction is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The database has not heard of it.
    BeforeCommit,
    /// It is done, and nobody has heard of that.
    AfterCommit,
}

/// A transaction that is stopped, once it comes.
pub struct Stopped {
    pub reached: oneshot::Receiver<()>,
    /// Lets it go on; dropped, it never does.
    pub release: oneshot::Sender<()>,
}

pub struct Gate {
    pub url: String,
    shared: Arc<Shared>,
    server: tokio::task::JoinHandle<()>,
}

struct Shared {
    database: String,
    http: reqwest::Client,
    stop: Mutex<Option<Stop>>,
}

struct Stop {
    /// How many transactions pass before.
    after: u32,
    moment: Moment,
    reached: oneshot::Sender<()>,
    released: oneshot::Receiver<()>,
}

impl Gate {
    pub async fn before(database: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let shared = Arc::new(Shared {
            database: database.to_owned(),
            http: reqwest::Client::new(),
            stop: Mutex::default(),
        });
        let router = Router::new()
            .fallback(pass)
            .layer(DefaultBodyLimit::disable())
            .with_state(shared.clone());
        let server = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("the gate is served");
        });
        Self {
            url: format!("http://{address}"),
            shared,
            server,
        }
    }

    /// The `number`th transaction from now, counted from 1.
    pub fn stop_at(&self, number: u32, moment: Moment) -> Stopped {
        let (reached, is_reached) = oneshot::channel();
        let (release, released) = oneshot::channel();
        let stop = Stop {
            after: number - 1,
            moment,
            reached,
            released,
        };
        *self.shared.stop.lock().unwrap_or_else(PoisonError::into_inner) = Some(stop);
        Stopped {
            reached: is_reached,
            release,
        }
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Shared {
    /// Counts a transaction, and gives the stop that is meant for it.
    fn stop_for(&self, headers: &HeaderMap) -> Option<Stop> {
        let operation = headers.get(OPERATION)?.to_str().ok()?;
        if !operation.ends_with(".TransactWriteItems") {
            return None;
        }
        let mut stop = self.stop.lock().unwrap_or_else(PoisonError::into_inner);
        match stop.as_mut() {
            Some(Stop { after: 0, .. }) => stop.take(),
            Some(waiting) => {
                waiting.after -= 1;
                None
            }
            None => None,
        }
    }

    async fn forward(&self, headers: HeaderMap, body: Bytes) -> Response {
        let mut headers = headers;
        for name in OF_THE_CONNECTION {
            headers.remove(name);
        }
        let call = self.http.post(&self.database).headers(headers).body(body);
        let answer = call.send().await.expect("the database answers");
        let (status, mut headers) = (answer.status(), answer.headers().clone());
        for name in OF_THE_CONNECTION {
            headers.remove(name);
        }
        let bytes = answer.bytes().await.expect("a whole answer");
        let status = StatusCode::from_u16(status.as_u16()).expect("a status");
        (status, headers, bytes).into_response()
    }
}

async fn pass(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(stop) = shared.stop_for(&headers) else {
        return shared.forward(headers, body).await;
    };
    let answer = match stop.moment {
        Moment::BeforeCommit => None,
        Moment::AfterCommit => Some(shared.forward(headers.clone(), body.clone()).await),
    };
    // Whoever waits may be gone.
    let _ = stop.reached.send(());
    if stop.released.await.is_err() {
        std::future::pending::<()>().await;
    }
    match answer {
        Some(answer) => answer,
        None => shared.forward(headers, body).await,
    }
}
