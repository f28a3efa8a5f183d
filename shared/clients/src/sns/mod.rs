//! Text messages and pushes over Amazon SNS.
//!
//! SNS takes a push and learns only later that an app is gone: it then disables the endpoint, and the next push to it is
//! refused. Its stand-in is the SNS of the embedded cloud in `functions/local`.
//! Deliberately not here: topics, platform applications (made by an operator), and the decision when to try again.

mod client;
mod endpoints;
mod error;
#[cfg(test)]
mod tests;

pub use client::SnsClient;
pub use error::SnsError;
