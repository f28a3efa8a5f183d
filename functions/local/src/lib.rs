//! The whole product in one process, on loopback: every endpoint and worker, on an embedded cloud that speaks the real
//! protocols, so that the very same AWS SDK calls run here and in Lambda.
//!
//! Here: the cloud ([`cloud`]), what feeds the workers ([`event_sources`]), API Gateway's part ([`gateway`]), seeded
//! people, and how it all starts ([`product`]). Not here: any endpoint, and nothing that is deployed.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program at a terminal talks to the person in front of it"
)]

pub mod areas;
pub mod cloud;
pub mod data_folder;
pub mod event_sources;
pub mod gateway;
pub mod inbox;
pub mod keys;
pub mod options;
pub mod product;
pub mod seed;
mod settings;
mod workers;
