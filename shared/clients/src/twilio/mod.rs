//! Twilio Verify v2: one-time codes by text message, call or e-mail.
//!
//! Twilio makes the code, sends it, counts attempts and lets it expire; we only start and check. A code is right when,
//! and only when, the status is `approved`: a wrong one is answered 2xx as well. A check is never repeated by a
//! program, since the second of two right checks is answered as if the code had never been.
//! Deliberately not here: limits per number, address and device in front of a start, which costs money.

mod answer;
mod client;
mod error;
mod settings;
mod stand_in;
#[cfg(test)]
mod tests;

pub use client::{Channel, Check, Started, TwilioClient};
pub use error::{Advice, TwilioError};
pub use settings::TwilioSettings;
pub use stand_in::{SentCode, StandIn};
