//! Where mail is handed in, and in whose name.

use std::fmt;
use std::time::Duration;

/// Long enough for a relay that greets slowly, short enough for a worker with a 30 s time-out.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Clone)]
pub struct MailSettings {
    /// `smtp://host:port` without encryption, `smtps://user:password@host` with TLS from the first byte,
    /// or `smtp://user:password@host:587?tls=required` for STARTTLS.
    pub url: String,
    /// The sender, as an address or as `Name <address>`.
    pub from: String,
    /// For a whole hand-over: connecting, greeting and sending.
    pub timeout: Duration,
}

impl MailSettings {
    pub fn new(url: impl Into<String>, from: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            from: from.into(),
            timeout: DEFAULT_TIMEOUT,
        }
    }
}

/// The URL carries a password, so it is never printed.
impl fmt::Debug for MailSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailSettings")
            .field("url", &"[redacted]")
            .field("from", &self.from)
            .field("timeout", &self.timeout)
            .finish()
    }
}
