//! What invokes the workers in the cloud, done by hand: object events, table streams, schedules.
//!
//! Each source is started by a function that gives a [`Feed`], works on the caller's runtime, and hands the
//! worker the JSON that Lambda would. Delivery is at least once, as there.

pub mod objects;
pub mod schedule;
pub mod stream;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::Value;
use tokio::task::JoinHandle;

/// Calls a worker with an event. `Err` is what Lambda calls a function error: a panic, a time-out, a refusal.
pub type Invoke = Arc<dyn Fn(Value) -> BoxFuture<'static, Result<Value, String>> + Send + Sync>;

/// A running source. It stops when dropped.
#[must_use = "a dropped feed stops"]
pub struct Feed(JoinHandle<()>);

impl Feed {
    fn start(work: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(tokio::spawn(work))
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// How often a failed delivery is tried again, and after how long; the wait doubles each time.
#[derive(Clone, Copy, Debug)]
pub struct Retries {
    pub times: u32,
    pub first_wait: Duration,
    pub longest_wait: Duration,
}

impl Retries {
    /// Lambda retries an asynchronous invocation twice. It waits minutes; a developer does not.
    pub const ASYNCHRONOUS: Self = Self {
        times: 2,
        first_wait: Duration::from_millis(200),
        longest_wait: Duration::from_secs(1),
    };

    fn wait(self, failures: u32) -> Duration {
        let doubled = self.first_wait.saturating_mul(1 << failures.saturating_sub(1).min(16));
        doubled.min(self.longest_wait)
    }
}

/// One event to one worker, as Lambda does it asynchronously: the answer is dropped, failures are retried.
async fn deliver(name: &str, invoke: &Invoke, event: Value, retries: Retries) {
    for failures in 1.. {
        let Err(error) = invoke(event.clone()).await else {
            return;
        };
        if failures > retries.times {
            return log(&format!("{name}: given up after {failures} attempts: {error}"));
        }
        tokio::time::sleep(retries.wait(failures)).await;
    }
}

#[allow(clippy::print_stderr, reason = "the local product talks to its console")]
fn log(line: &str) {
    eprintln!("{line}");
}
