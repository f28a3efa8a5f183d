//! The four calls with which a function gets its events and gives its answers, over HTTP on loopback.

use std::collections::VecDeque;
use std::fmt;
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use tokio::sync::{Notify, oneshot};

pub const EVENT_LIMIT_BYTES: usize = 6 * 1024 * 1024;
const ANSWER_LIMIT_BYTES: usize = EVENT_LIMIT_BYTES + 100;

/// Serves one function, on a thread of its own so that no other work blurs the times it takes.
pub struct RuntimeApi {
    address: SocketAddr,
    shared: Arc<Shared>,
    /// The server ends when this is dropped.
    _running: oneshot::Sender<()>,
}

pub type Answer = Result<Bytes, Report>;

/// An error as a function reports it.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub error_type: String,
    pub error_message: String,
}

pub struct Invocation {
    id: String,
    event: String,
    deadline: SystemTime,
}

struct Shared {
    function_arn: String,
    state: Mutex<Work>,
    arrived: Notify,
    first_poll: OnceLock<Instant>,
    first_answer: OnceLock<Instant>,
    init_error: OnceLock<Report>,
}

/// Events not yet fetched, and who waits for which answer.
#[derive(Default)]
struct Work {
    waiting: VecDeque<Invocation>,
    asked: Vec<(String, Sender<Answer>)>,
}

impl RuntimeApi {
    pub fn serve(function: &str) -> Self {
        let shared = Arc::new(Shared {
            function_arn: format!("arn:aws:lambda:us-east-1:123456789012:function:{function}"),
            state: Mutex::default(),
            arrived: Notify::new(),
            first_poll: OnceLock::new(),
            first_answer: OnceLock::new(),
            init_error: OnceLock::new(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
        let address = listener.local_addr().expect("a bound listener has an address");
        let (running, stopped) = oneshot::channel();
        let router = router(Arc::clone(&shared));
        std::thread::spawn(move || run(listener, router, stopped));
        Self {
            address,
            shared,
            _running: running,
        }
    }

    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Lets the function fetch the event; its answer will come through the receiver.
    pub fn offer(&self, invocation: Invocation) -> Receiver<Answer> {
        let (answered, answers) = channel();
        let mut work = self.shared.work();
        work.asked.push((invocation.id.clone(), answered));
        work.waiting.push_back(invocation);
        self.shared.arrived.notify_one();
        answers
    }

    /// When the function first asked for an event, and when it first answered one.
    pub fn first_times(&self) -> Option<(Instant, Instant)> {
        Some((*self.shared.first_poll.get()?, *self.shared.first_answer.get()?))
    }

    pub fn init_error(&self) -> Option<Report> {
        self.shared.init_error.get().cloned()
    }
}

#[tokio::main(flavor = "current_thread")]
async fn run(listener: TcpListener, router: Router, stopped: oneshot::Receiver<()>) {
    listener.set_nonblocking(true).expect("loopback sockets can be polled");
    let listener = tokio::net::TcpListener::from_std(listener).expect("a runtime with I/O");
    tokio::select! {
        served = axum::serve(listener, router) => served.expect("serving does not end by itself"),
        _ = stopped => {}
    }
}

fn router(shared: Arc<Shared>) -> Router {
    let calls = Router::new()
        .route("/invocation/next", get(next))
        .route("/invocation/{id}/response", post(response))
        .route("/invocation/{id}/error", post(error))
        .route("/init/error", post(init_error));
    Router::new()
        .nest("/2018-06-01/runtime", calls)
        .layer(DefaultBodyLimit::disable())
        .with_state(shared)
}

async fn next(State(shared): State<Arc<Shared>>) -> ([(&'static str, String); 5], String) {
    shared.first_poll.get_or_init(Instant::now);
    let invocation = shared.next().await;
    let headers = [
        ("content-type", "application/json".into()),
        (
            "lambda-runtime-deadline-ms",
            epoch(invocation.deadline).as_millis().to_string(),
        ),
        ("lambda-runtime-invoked-function-arn", shared.function_arn.clone()),
        ("lambda-runtime-trace-id", trace_id(&invocation)),
        ("lambda-runtime-aws-request-id", invocation.id),
    ];
    (headers, invocation.event)
}

async fn response(State(shared): State<Arc<Shared>>, Path(id): Path<String>, answer: Bytes) -> StatusCode {
    shared.first_answer.get_or_init(Instant::now);
    if answer.len() > ANSWER_LIMIT_BYTES {
        shared.answer(&id, Err(too_large(answer.len())));
        return StatusCode::PAYLOAD_TOO_LARGE;
    }
    shared.answer(&id, Ok(answer))
}

async fn error(State(shared): State<Arc<Shared>>, Path(id): Path<String>, report: Bytes) -> StatusCode {
    shared.answer(&id, Err(Report::parse(&report)))
}

async fn init_error(State(shared): State<Arc<Shared>>, report: Bytes) -> StatusCode {
    shared.init_error.get_or_init(|| Report::parse(&report));
    StatusCode::ACCEPTED
}

impl Shared {
    fn work(&self) -> std::sync::MutexGuard<'_, Work> {
        self.state.lock().expect("nothing panics while it holds the queue")
    }

    async fn next(&self) -> Invocation {
        loop {
            let next = self.work().waiting.pop_front();
            match next {
                Some(invocation) => return invocation,
                None => self.arrived.notified().await,
            }
        }
    }

    /// Passes the answer on; one that nobody asked for is refused, as Lambda does.
    fn answer(&self, id: &str, answer: Answer) -> StatusCode {
        let mut work = self.work();
        let Some(position) = work.asked.iter().position(|(asked, _)| asked == id) else {
            return StatusCode::BAD_REQUEST;
        };
        let (_, asked) = work.asked.swap_remove(position);
        // Whoever stopped waiting has reported a timeout already.
        let _ = asked.send(answer);
        StatusCode::ACCEPTED
    }
}

impl Invocation {
    pub fn new(event: String, timeout: Duration) -> Self {
        let now = SystemTime::now();
        let nanoseconds = epoch(now).as_nanos();
        let id = format!(
            "{:08x}-0000-4000-8000-{:012x}",
            std::process::id(),
            nanoseconds & 0xffff_ffff_ffff
        );
        Self {
            id,
            event,
            deadline: now + timeout,
        }
    }
}

impl Report {
    fn parse(body: &[u8]) -> Self {
        serde_json::from_slice(body).unwrap_or_else(|_| Self {
            error_type: "Unreadable".into(),
            error_message: String::from_utf8_lossy(body).into_owned(),
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.error_type, self.error_message)
    }
}

fn too_large(bytes: usize) -> Report {
    Report {
        error_type: "Function.ResponseSizeTooLarge".into(),
        error_message: format!("Response payload size ({bytes} bytes) exceeded maximum allowed payload size."),
    }
}

fn trace_id(invocation: &Invocation) -> String {
    let seconds = epoch(invocation.deadline).as_secs();
    let unique: String = invocation.id.chars().filter(char::is_ascii_hexdigit).collect();
    format!(
        "Root=1-{seconds:08x}-{};Parent={};Sampled=0",
        &unique[..24],
        &unique[16..]
    )
}

fn epoch(time: SystemTime) -> Duration {
    time.duration_since(UNIX_EPOCH).unwrap_or_default()
}
