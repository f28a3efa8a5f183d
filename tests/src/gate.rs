//! A gate before DynamoDB: all calls go through it, and one transaction of a test's choice is stopped there, before the
//! database hears of it or before its answer goes back. Others are told that they meet other transactions, as the real one
//! tells them, and the embedded one, which takes them one after another, never does.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
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
    /// So many transactions are still to meet others.
    conflicts: Mutex<u32>,
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
            conflicts: Mutex::default(),
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

    /// The next so many transactions meet others on their first item, and come to nothing.
    pub fn let_meet(&self, transactions: u32) {
        *self.shared.conflicts() = transactions;
    }

    /// How many of them are still to come.
    pub fn left_to_meet(&self) -> u32 {
        *self.shared.conflicts()
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
    fn conflicts(&self) -> MutexGuard<'_, u32> {
        self.conflicts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a transaction that meets others, if this is to be one.
    fn conflict(&self, body: &Bytes) -> Option<Response> {
        let mut left = self.conflicts();
        *left = left.checked_sub(1)?;
        let body: Value = serde_json::from_slice(body).expect("a call is JSON");
        let writes = body["TransactItems"].as_array().expect("its writes").len();
        let reason = |place| match place {
            0 => json!({ "Code": "TransactionConflict", "Message": "Transaction is ongoing for the item" }),
            _ => json!({ "Code": "None" }),
        };
        let answer = json!({
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
            "Message": "Transaction cancelled, please refer cancellation reasons for specific reasons",
            "CancellationReasons": (0..writes).map(reason).collect::<Vec<_>>(),
        });
        let kind = [(CONTENT_TYPE, "application/x-amz-json-1.0")];
        Some((StatusCode::BAD_REQUEST, kind, answer.to_string()).into_response())
    }

    /// Counts a transaction, and gives the stop that is meant for it.
    fn stop_for(&self) -> Option<Stop> {
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

fn is_transaction(headers: &HeaderMap) -> bool {
    let operation = headers.get(OPERATION).and_then(|operation| operation.to_str().ok());
    operation.is_some_and(|operation| operation.ends_with(".TransactWriteItems"))
}

async fn pass(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    if !is_transaction(&headers) {
        return shared.forward(headers, body).await;
    }
    if let Some(conflict) = shared.conflict(&body) {
        return conflict;
    }
    let Some(stop) = shared.stop_for() else {
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
