//! Which model is asked, and in whose name.

use std::fmt;
use std::time::Duration;

/// Served as of November 2026. Models live about a year: an operator can name another.
pub const DEFAULT_MODEL: &str = "gemini-3.5-flash";

/// Below the 30 s of API Gateway, and what Lambda itself needs; for all tries together.
pub const TIME_LIMIT: Duration = Duration::from_secs(20);

#[derive(Clone)]
pub struct GeminiSettings {
    /// `https://generativelanguage.googleapis.com`, or a stand-in.
    pub base_url: String,
    pub model: String,
    pub api_key: String,
    /// For all tries together; usually [`TIME_LIMIT`].
    pub time_limit: Duration,
}

impl fmt::Debug for GeminiSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GeminiSettings")
            .field("base_url", &self.base_url)
            .field("model", &self.model)
            .field("api_key", &"[redacted]")
            .field("time_limit", &self.time_limit)
            .finish()
    }
}

/// It becomes part of a path.
pub(super) fn is_model(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte);
    (1..=80).contains(&name.len()) && name.bytes().all(is_part) && !name.starts_with('.')
}
