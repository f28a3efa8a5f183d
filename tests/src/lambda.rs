//! A Lambda environment on this machine: runs a real `bootstrap` and is its Runtime API.
//!
//! What AWS does around a process is here: a clean environment, the event waiting at the first poll, a deadline, the
//! end of a process that misses it. Deliberately not here: freezing between invocations, extensions, streamed answers,
//! limits of memory and processor. <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

mod build;
mod environment;
mod runtime_api;
#[cfg(test)]
mod tests;

use std::io::{PipeReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

pub use build::{Binary, build, build_for_tests};
pub use environment::environment;
pub use runtime_api::Report;
use runtime_api::{EVENT_LIMIT_BYTES, Invocation, RuntimeApi};

/// What API Gateway waits for; a function behind it has no use for more.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);
/// How soon the death of a process is noticed. An answer wakes the caller at once.
const WATCH_INTERVAL: Duration = Duration::from_millis(10);

/// One execution environment of one function. Dropping it kills the process.
///
/// `invoke` blocks its thread, for the sake of exact times: in an async test call it through
/// `tokio::task::spawn_blocking`, or what the function calls may be waiting for the same thread.
pub struct LambdaFunction {
    api: RuntimeApi,
    process: Child,
    started: Instant,
    timeout: Duration,
    log: Arc<Mutex<Vec<u8>>>,
    log_reader: Option<JoinHandle<()>>,
}

/// Why an invocation has no answer, with all that the function has printed.
#[derive(Debug, thiserror::Error)]
#[error("{cause}\n--- output of the function ---\n{log}")]
pub struct FunctionError {
    pub cause: Cause,
    pub log: String,
}

#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// The handler failed; the environment lives on.
    #[error("the function reported {0}")]
    Reported(Report),
    #[error("the function could not start: {0}")]
    Init(Report),
    #[error("no answer within {0:?}: killed")]
    TimedOut(Duration),
    #[error("the process ended without an answer: {0}")]
    Exited(ExitStatus),
    #[error("an event of {0} bytes is more than Lambda takes")]
    EventTooLarge(usize),
    #[error("the answer is not JSON: {0:?}")]
    MalformedAnswer(String),
}

/// How long the process took, from its start, on its first way through.
#[derive(Debug, Clone, Copy)]
pub struct ColdStart {
    pub until_first_poll: Duration,
    pub until_first_answer: Duration,
}

impl LambdaFunction {
    /// Starts `bootstrap` with nothing in its environment but what Lambda sets and `environment`, and returns at once.
    pub fn start(bootstrap: &Path, environment: &[(&str, String)]) -> Self {
        let bootstrap = bootstrap
            .canonicalize()
            .unwrap_or_else(|error| panic!("{}: {error}", bootstrap.display()));
        let name = function_name(&bootstrap);
        let api = RuntimeApi::serve(&name);
        let (output, input) = std::io::pipe().expect("a pipe for the function's output");
        let mut command = Command::new(&bootstrap);
        command
            .env_clear()
            .envs(lambda_environment(&name, &bootstrap, api.address()))
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .current_dir(bootstrap.parent().expect("a file lies in a folder"))
            .stdin(Stdio::null())
            .stdout(input.try_clone().expect("a second end for the pipe"))
            .stderr(input);
        let started = Instant::now();
        let process = command
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", bootstrap.display()));
        drop(command); // It holds the pipe's writing ends, and the reader waits for the last of them.
        let log = Arc::default();
        let log_reader = Some(read_log(output, Arc::clone(&log)));
        Self {
            api,
            process,
            started,
            timeout: DEFAULT_TIMEOUT,
            log,
            log_reader,
        }
    }

    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Hands the event to the function and waits for its answer, until the function's time is up.
    pub fn invoke(&mut self, event: &serde_json::Value) -> Result<serde_json::Value, FunctionError> {
        self.answer_to(event).map_err(|cause| self.failed(cause))
    }

    /// `None` until the first answer.
    pub fn cold_start(&self) -> Option<ColdStart> {
        let (polled, answered) = self.api.first_times()?;
        Some(ColdStart {
            until_first_poll: polled.duration_since(self.started),
            until_first_answer: answered.duration_since(self.started),
        })
    }

    /// Of the process; it stays this one's until this is dropped.
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// The most memory the process has ever had; `None` once it has ended.
    pub fn peak_memory_bytes(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kilobytes * 1024)
    }

    /// What the function has printed so far, on both streams.
    pub fn log(&self) -> String {
        let bytes = self.log.lock().expect("nothing panics while it holds the log");
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn answer_to(&mut self, event: &serde_json::Value) -> Result<serde_json::Value, Cause> {
        let event = event.to_string();
        if event.len() > EVENT_LIMIT_BYTES {
            return Err(Cause::EventTooLarge(event.len()));
        }
        let deadline = Instant::now() + self.timeout;
        let answers = self.api.offer(Invocation::new(event, self.timeout));
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match answers.recv_timeout(left.min(WATCH_INTERVAL)) {
                Ok(answer) => return parse(&answer.map_err(Cause::Reported)?),
                Err(RecvTimeoutError::Disconnected) => {
                    unreachable!("the Runtime API keeps what it has not answered")
                }
                Err(RecvTimeoutError::Timeout) => self.still_alive(left)?,
            }
        }
    }

    fn still_alive(&mut self, left: Duration) -> Result<(), Cause> {
        if let Some(report) = self.api.init_error() {
            return Err(Cause::Init(report));
        }
        if let Some(status) = self.process.try_wait().expect("our own child can be waited for") {
            return Err(Cause::Exited(status));
        }
        if left.is_zero() {
            Err(Cause::TimedOut(self.timeout))
        } else {
            Ok(())
        }
    }

    fn failed(&mut self, cause: Cause) -> FunctionError {
        if matches!(cause, Cause::Init(_) | Cause::TimedOut(_) | Cause::Exited(_)) {
            self.kill();
        }
        FunctionError { cause, log: self.log() }
    }

    /// Ends the process, and reads its output to the end.
    fn kill(&mut self) {
        // Both fail only for a process that is gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
        if let Some(reader) = self.log_reader.take() {
            let _ = reader.join();
        }
    }
}

impl Drop for LambdaFunction {
    fn drop(&mut self) {
        self.kill();
    }
}

/// cargo-lambda puts each function into a folder of its name: `log-in/bootstrap`. Cargo itself writes `log-in`.
fn function_name(bootstrap: &Path) -> String {
    let named = if bootstrap.ends_with("bootstrap") {
        bootstrap.parent().unwrap_or(bootstrap)
    } else {
        bootstrap
    };
    named
        .file_stem()
        .unwrap_or(named.as_os_str())
        .to_string_lossy()
        .into_owned()
}

/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime>
fn lambda_environment(name: &str, bootstrap: &Path, api: String) -> [(&'static str, String); 18] {
    let task_root = bootstrap.parent().unwrap_or(bootstrap).display().to_string();
    [
        ("_HANDLER", "bootstrap".into()),
        ("AWS_LAMBDA_RUNTIME_API", api),
        ("AWS_LAMBDA_FUNCTION_NAME", name.into()),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".into()),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128".into()),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand".into()),
        ("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{name}")),
        (
            "AWS_LAMBDA_LOG_STREAM_NAME",
            "2026/01/01/[$LATEST]0123456789abcdef".into(),
        ),
        ("AWS_REGION", "us-east-1".into()),
        ("AWS_DEFAULT_REGION", "us-east-1".into()),
        ("AWS_ACCESS_KEY_ID", "test".into()),
        ("AWS_SECRET_ACCESS_KEY", "test".into()),
        ("AWS_SESSION_TOKEN", "test".into()),
        ("LAMBDA_TASK_ROOT", task_root),
        ("LAMBDA_RUNTIME_DIR", "/var/runtime".into()),
        ("PATH", "/usr/local/bin:/usr/bin:/bin".into()),
        ("LANG", "en_US.UTF-8".into()),
        ("TZ", ":UTC".into()),
    ]
}

fn parse(answer: &[u8]) -> Result<serde_json::Value, Cause> {
    serde_json::from_slice(answer).map_err(|_| Cause::MalformedAnswer(String::from_utf8_lossy(answer).into_owned()))
}

fn read_log(mut output: PipeReader, log: Arc<Mutex<Vec<u8>>>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let mut chunk = [0; 4096];
        while let Ok(length @ 1..) = output.read(&mut chunk) {
            log.lock()
                .expect("nothing panics while it holds the log")
                .extend_from_slice(&chunk[..length]);
        }
    })
}
