//! E-mail over SMTP.
//!
//! The client speaks to whatever `SMTP_URL` names: a provider's relay in the cloud, the stand-in on
//! loopback in the local product and in tests. Nothing of the SMTP library's shape leaves this folder.
//! Deliberately not here: wording, templates, and the decision when to try again (that is the outbox worker's).

mod calendar;
mod client;
mod error;
mod settings;
mod stand_in;

pub use calendar::CalendarEntry;
pub use client::{Mail, MailClient};
pub use error::MailError;
pub use settings::MailSettings;
pub use stand_in::{ReceivedMail, StandIn};
