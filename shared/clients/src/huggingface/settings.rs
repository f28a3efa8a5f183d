//! Which model is asked, and in whose name.

use std::fmt;
use std::time::Duration;

pub const DEFAULT_MODEL: &str = "facebook/bart-large-mnli";

/// For all tries together.
pub const TIME_LIMIT: Duration = Duration::from_secs(10);

#[derive(Clone)]
pub struct HuggingFaceSettings {
    /// `https://router.huggingface.co`, or a stand-in.
    pub base_url: String,
    /// `owner/name`.
    pub model: String,
    /// `hf_…`, with the right to call providers.
    pub token: String,
    /// For all tries together; usually [`TIME_LIMIT`].
    pub time_limit: Duration,
}

impl fmt::Debug for HuggingFaceSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HuggingFaceSettings")
            .field("base_url", &self.base_url)
            .field("model", &self.model)
            .field("token", &"[redacted]")
            .field("time_limit", &self.time_limit)
            .finish()
    }
}

/// It becomes part of a path.
pub(super) fn is_model(name: &str) -> bool {
    let is_part = |part: &str| {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        (1..=96).contains(&part.len()) && !part.starts_with('.') && part.bytes().all(is_letter)
    };
    name.split_once('/')
        .is_some_and(|(owner, model)| is_part(owner) && is_part(model))
}
