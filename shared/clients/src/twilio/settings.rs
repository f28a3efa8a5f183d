//! Whose account and which Verify service is used.

use std::fmt;

#[derive(Clone)]
pub struct TwilioSettings {
    /// `https://verify.twilio.com`, or a stand-in.
    pub base_url: String,
    /// `AC…`, or `SK…` of an API key.
    pub account_sid: String,
    /// The secret that belongs to it.
    pub auth_token: String,
    /// `VA…`
    pub service_sid: String,
}

impl fmt::Debug for TwilioSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TwilioSettings")
            .field("base_url", &self.base_url)
            .field("account_sid", &self.account_sid)
            .field("auth_token", &"[redacted]")
            .field("service_sid", &self.service_sid)
            .finish()
    }
}

/// Two letters that say what it names, and 32 hexadecimal digits.
pub(super) fn is_sid(text: &str, kind: &str) -> bool {
    text.strip_prefix(kind)
        .is_some_and(|digits| digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
