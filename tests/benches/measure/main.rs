//! What the product costs, measured: `cargo measure` prints one table for each topic.
//!
//! `cargo measure -- --profile deploy` measures the binaries as they are deployed instead of as they are built
//! in a hurry. All figures of a table come from one run on one machine; compare within a table, not between runs.
#![forbid(unsafe_code)]
#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::panic,
    reason = "a program for developers: it prints, and stops at the first surprise"
)]

mod capacity;
mod cold_start;
mod inference;
mod product;
mod subjects;
mod table;

use std::process::ExitCode;

/// How many threads the kernels may use, for all who read it at start.
const THREADS: &str = "RAYON_NUM_THREADS";

fn main() -> ExitCode {
    // One thread is what a function with one core has; the setting is read once, so it must be there from the start.
    if std::env::var_os(THREADS).is_none() {
        return again_with_one_thread();
    }
    let profile = profile_of(std::env::args());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let product = runtime.block_on(product::SignedIn::start());
    cold_start::table(&profile, &product).print();
    inference::table().print();
    runtime.block_on(capacity::table(&product)).print();
    ExitCode::SUCCESS
}

fn again_with_one_thread() -> ExitCode {
    let program = std::env::current_exe().expect("a program knows where it is");
    let status = std::process::Command::new(program)
        .args(std::env::args_os().skip(1))
        .env(THREADS, "1")
        .status();
    if status.expect("a program can be started").success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Cargo itself passes `--bench`, which says nothing here.
fn profile_of(mut arguments: impl Iterator<Item = String>) -> String {
    let given = arguments
        .find(|argument| argument == "--profile")
        .and_then(|_| arguments.next());
    given.unwrap_or_else(|| "release".into())
}
