//! What only tests need: a Lambda environment for real binaries, and what is made from the list of endpoints.
#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test stops at the first surprise"
)]

pub mod aside;
pub mod calls;
pub mod clinic;
pub mod dice;
pub mod esp32;
pub mod esp32_image;
pub mod fhir;
pub mod files;
pub mod gate;
pub mod lambda;
pub mod made;
pub mod pharmacy;
pub mod photos;
pub mod sources;
pub mod world;
