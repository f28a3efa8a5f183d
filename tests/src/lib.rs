//! What only tests need: a Lambda environment for real binaries, and what is made from the list of endpoints.
#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test stops at the first surprise"
)]

pub mod lambda;
pub mod made;
pub mod photos;
pub mod sources;
pub mod world;
