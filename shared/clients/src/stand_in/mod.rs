//! What the stand-ins of HTTP services have in common: a small server, failures on request, and a test key.

mod asked;
mod faults;
pub(crate) mod google;
pub(crate) mod key;
mod server;

pub(crate) use asked::Asked;
pub use faults::{Fault, Faults};
pub(crate) use server::{Reply, fields, html, json, serve, serve_up_to, under};
#[cfg(test)]
pub(crate) use server::{open, port};
