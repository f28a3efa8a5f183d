//! What can go wrong with a mail, named after what its sender should do about it.

use thiserror::Error;

#[derive(Debug, Error)]
pub enum MailError {
    /// The settings cannot be used; only a person can repair them.
    #[error("the mail settings are unusable: {0}")]
    Settings(String),
    /// The recipient, subject or Message-ID cannot be written as a mail.
    #[error("the mail cannot be written: {0}")]
    Malformed(String),
    /// The relay said no, for good: unknown mailbox, too large, not allowed.
    #[error("the mail was refused")]
    Refused(#[source] lettre::transport::smtp::Error),
    /// The relay is busy, unreachable, or broke off. Nothing is known about the recipient.
    #[error("the mail relay is unavailable")]
    Unavailable(#[source] lettre::transport::smtp::Error),
    /// No answer in time. The mail may have been accepted: a retry must carry the same Message-ID.
    #[error("the mail relay did not answer in time")]
    TimedOut,
}

impl MailError {
    /// Whether sending the same mail again, later, can succeed.
    pub fn may_retry(&self) -> bool {
        match self {
            Self::Unavailable(_) | Self::TimedOut => true,
            Self::Settings(_) | Self::Malformed(_) | Self::Refused(_) => false,
        }
    }
}

impl From<lettre::transport::smtp::Error> for MailError {
    fn from(error: lettre::transport::smtp::Error) -> Self {
        if error.is_timeout() {
            Self::TimedOut
        } else if error.is_permanent() || error.is_client() {
            Self::Refused(error)
        } else {
            Self::Unavailable(error)
        }
    }
}
