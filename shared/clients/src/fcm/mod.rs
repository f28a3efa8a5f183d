//! Push messages over Firebase Cloud Messaging, HTTP v1.
//!
//! A service account signs for an access token, which is kept and renewed before its end; each message is one request.
//! Deliberately not here: subscribing to topics (apps do it themselves), and the decision when to try again.

mod access_token;
mod answer;
mod client;
mod error;
mod service_account;
mod settings;
mod stand_in;
#[cfg(test)]
mod tests;

pub use client::{FcmClient, Target};
pub use error::FcmError;
pub(crate) use service_account::private_key;
pub use settings::FcmSettings;
pub use stand_in::{SentPush, StandIn};
