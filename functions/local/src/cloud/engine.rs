//! The threads the cloud runs on, and how they end.
//!
//! They are its own: SQLite blocks the thread that calls it, and the product's runtime (single-threaded in
//! tests, as in Lambda) must neither wait for that nor keep the cloud from answering.

use std::future::Future;
use std::io;
use std::net::TcpListener;
use std::sync::Mutex;
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tokio::task::JoinHandle;

const WORKERS: usize = 2;
/// How long requests in flight may take to finish.
const GRACE: Duration = Duration::from_secs(5);

pub struct Engine {
    /// Taken out to be ended.
    runtime: Option<Runtime>,
    stop: watch::Sender<bool>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

/// Resolves when the cloud is asked to stop, or is gone.
#[derive(Clone)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    pub async fn requested(&mut self) {
        let _ = self.0.wait_for(|stop| *stop).await;
    }
}

impl Engine {
    pub fn new() -> io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .thread_name("cloud")
            .enable_all()
            .build()?;
        Ok(Self {
            runtime: Some(runtime),
            stop: watch::Sender::new(false),
            tasks: Mutex::default(),
        })
    }

    /// Runs one service until it is told to stop.
    pub fn run<F>(&self, service: impl FnOnce(Stop) -> F)
    where
        F: Future<Output = io::Result<()>> + Send + 'static,
    {
        let service = service(Stop(self.stop.subscribe()));
        if let (Some(runtime), Ok(mut tasks)) = (&self.runtime, self.tasks.lock()) {
            tasks.push(runtime.spawn(async move {
                if let Err(error) = service.await {
                    complain(&error);
                }
            }));
        }
    }

    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
        let tasks = self
            .tasks
            .lock()
            .map(|mut tasks| std::mem::take(&mut *tasks))
            .unwrap_or_default();
        let _ = tokio::time::timeout(GRACE, futures_util::future::join_all(tasks)).await;
        if let Some(runtime) = self.runtime.take() {
            // Joining threads blocks, so it happens on a thread where that is allowed. Once they are gone
            // nobody holds the files any more.
            let _ = tokio::task::spawn_blocking(move || runtime.shutdown_timeout(GRACE)).await;
        }
    }
}

impl Drop for Engine {
    /// Dropping a runtime waits for its threads, which an asynchronous caller must not do.
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Without `TCP_NODELAY`, small answers wait some 20 ms for the peer's acknowledgement.
pub async fn serve(listener: TcpListener, router: Router, mut stop: Stop) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, router)
        .with_graceful_shutdown(async move { stop.requested().await })
        .await
}

#[allow(clippy::print_stderr, reason = "the local product talks to its console")]
fn complain(error: &io::Error) {
    eprintln!("a part of the local cloud stopped: {error}");
}
