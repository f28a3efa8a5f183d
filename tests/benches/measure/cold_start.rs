//! From the start of a real function's process to its first poll and its first answer, beside a hello-world's.
//!
//! Only what the process itself costs: Lambda adds the sandbox, the fetching of the code, a slower processor and TLS.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use tests::lambda::{ColdStart, LambdaFunction, build, environment};

use crate::product::SignedIn;
use crate::subjects::{FUNCTIONS, HELLO, Subject};
use crate::table::{Table, median};

const RUNS: usize = 20;
const HEAD: &[&str] = &[
    "function",
    "size, MB",
    "first poll, ms",
    "× hello",
    "first answer, ms",
    "× hello",
    "peak memory, MB",
];

/// A built function and what its starts have taken.
struct Measured {
    name: &'static str,
    bootstrap: PathBuf,
    event: Value,
    starts: Vec<Start>,
}

struct Start {
    times: ColdStart,
    peak_memory_bytes: u64,
}

/// The functions work on the embedded cloud of a running product, over loopback and without TLS.
pub fn table(profile: &str, product: &SignedIn) -> Table {
    let environment = environment(&product.world.product.platform.settings);
    let mut all = build_all(profile, &product.person.token);
    // The first round only fills the page cache. Rounds are interleaved, so that a disturbance meets all alike.
    for round in 0..=RUNS {
        for measured in &mut all {
            let start = measured.start(&environment);
            if round > 0 {
                measured.starts.push(start);
            }
        }
    }
    let title = format!("Cold start: profile `{profile}`, median of {RUNS} interleaved starts");
    let mut table = Table::new(title, HEAD);
    all.iter().for_each(|measured| table.row(measured.row(&all[0])));
    table
}

/// Hello comes first. It is built apart: together, it would carry the features that our functions ask of its crates.
fn build_all(profile: &str, token: &str) -> Vec<Measured> {
    let built = build(&[HELLO.binary], profile);
    let mut all = vec![Measured::new(&HELLO, &built, token)];
    if !FUNCTIONS.is_empty() {
        let binaries: Vec<_> = FUNCTIONS.iter().map(|function| function.binary).collect();
        let built = build(&binaries, profile);
        all.extend(FUNCTIONS.iter().map(|function| Measured::new(function, &built, token)));
    }
    all
}

impl Measured {
    fn new(subject: &Subject, built: &Path, token: &str) -> Self {
        let bootstrap = built.join(subject.binary.name);
        Self {
            name: subject.binary.name,
            bootstrap,
            event: subject.event(token),
            starts: Vec::new(),
        }
    }

    fn start(&self, environment: &[(&str, String)]) -> Start {
        let mut function = LambdaFunction::start(&self.bootstrap, environment);
        function
            .invoke(&self.event)
            .unwrap_or_else(|failure| panic!("{}: {failure}", self.name));
        Start {
            times: function.cold_start().expect("it has answered"),
            peak_memory_bytes: function.peak_memory_bytes().expect("it lives"),
        }
    }

    fn row(&self, hello: &Self) -> Vec<String> {
        let size = std::fs::metadata(&self.bootstrap).expect("it was just built").len();
        let (poll, answer) = (self.first_poll(), self.first_answer());
        let memory = median(self.starts.iter().map(|start| megabytes(start.peak_memory_bytes)));
        vec![
            format!("`{}`", self.name),
            format!("{:.2}", megabytes(size)),
            format!("{poll:.2}"),
            format!("{:.2}", poll / hello.first_poll()),
            format!("{answer:.2}"),
            format!("{:.2}", answer / hello.first_answer()),
            format!("{memory:.1}"),
        ]
    }

    fn first_poll(&self) -> f64 {
        median(
            self.starts
                .iter()
                .map(|start| milliseconds(start.times.until_first_poll)),
        )
    }

    fn first_answer(&self) -> f64 {
        median(
            self.starts
                .iter()
                .map(|start| milliseconds(start.times.until_first_answer)),
        )
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

#[expect(clippy::cast_precision_loss, reason = "no binary reaches 2^53 bytes")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
