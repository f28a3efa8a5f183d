//! A push as the product words it, whichever service carries it.

use std::collections::BTreeMap;
use std::fmt;

use thiserror::Error;

/// Shown on a lock screen and passed through Google or Apple: no health data, names or numbers, only what wakes the
/// app, and opaque ids in `data` by which it fetches the rest.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PushMessage {
    pub title: String,
    pub body: String,
    pub data: BTreeMap<String, String>,
}

impl fmt::Debug for PushMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PushMessage([redacted])")
    }
}

/// A mistake of ours: no phone would get this message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PushRefused {
    #[error("the title or the body is empty")]
    Empty,
    #[error("a key of the data is empty or reserved")]
    Key,
    #[error("the message is larger than {0} bytes")]
    TooLarge(usize),
}

impl PushMessage {
    pub(crate) fn check(&self, max_bytes: usize) -> Result<(), PushRefused> {
        if self.title.is_empty() || self.body.is_empty() {
            return Err(PushRefused::Empty);
        }
        if self.data.keys().any(|key| is_reserved(key)) {
            return Err(PushRefused::Key);
        }
        let data: usize = self.data.iter().map(|(key, value)| key.len() + value.len()).sum();
        if self.title.len() + self.body.len() + data > max_bytes {
            return Err(PushRefused::TooLarge(max_bytes));
        }
        Ok(())
    }

    /// The members that FCM's `Message` and SNS's `fcmV1Message` have in common.
    pub(crate) fn members(&self) -> serde_json::Map<String, serde_json::Value> {
        let mut members = serde_json::Map::new();
        let notification = serde_json::json!({ "title": self.title, "body": self.body });
        members.insert("notification".to_owned(), notification);
        if !self.data.is_empty() {
            members.insert("data".to_owned(), serde_json::json!(self.data));
        }
        members
    }
}

/// Keys that Firebase keeps for itself.
pub(crate) fn is_reserved(key: &str) -> bool {
    key.is_empty() || matches!(key, "from" | "message_type") || key.starts_with("google") || key.starts_with("gcm")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(key: &str, value: &str) -> PushMessage {
        PushMessage {
            title: "Visit".to_owned(),
            body: "It starts soon".to_owned(),
            data: BTreeMap::from([(key.to_owned(), value.to_owned())]),
        }
    }

    #[test]
    fn reserved_keys_and_too_much_data_are_mistakes_of_ours() {
        assert_eq!(message("visit", "7").check(4096), Ok(()));
        for key in ["", "from", "message_type", "google.x", "gcmSender"] {
            assert_eq!(message(key, "7").check(4096), Err(PushRefused::Key), "{key}");
        }
        let room = 4096 - "Visit".len() - "It starts soon".len() - "k".len();
        assert_eq!(message("k", &"v".repeat(room)).check(4096), Ok(()));
        let too_large = message("k", &"v".repeat(room + 1)).check(4096);
        assert_eq!(too_large, Err(PushRefused::TooLarge(4096)));
        let untitled = PushMessage {
            title: String::new(),
            ..message("k", "v")
        };
        assert_eq!(untitled.check(4096), Err(PushRefused::Empty));
        assert_eq!(format!("{:?}", message("visit", "7")), "PushMessage([redacted])");
    }
}
