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

mod cold_start;
mod subjects;
mod table;

fn main() {
    let profile = profile_of(std::env::args());
    cold_start::table(&profile).print();
}

/// Cargo itself passes `--bench`, which says nothing here.
fn profile_of(mut arguments: impl Iterator<Item = String>) -> String {
    let given = arguments
        .find(|argument| argument == "--profile")
        .and_then(|_| arguments.next());
    given.unwrap_or_else(|| "release".into())
}
