//! One line in the list that the app shows, and the devices that are pushed to.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{DeviceId, NotificationId, SessionId, UserId};
use crate::notice::Reference;
use crate::refusal::{Kind, Refusal};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notification {
    pub id: NotificationId,
    pub user: UserId,
    pub kind: String,
    /// Without health data, and without secrets.
    pub message: String,
    pub reference: Reference,
    pub is_read: bool,
    pub created_at: Timestamp,
}

/// How many lines a person has. Always exact: changed with the lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub total: u32,
    pub unread: u32,
}

/// Lines beyond this many make room for new ones, the oldest first.
pub const MOST_KEPT: u32 = 1_000;
/// Older lines make room for new ones.
pub const KEPT: SignedDuration = SignedDuration::from_hours(180 * 24);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotificationUnknown {
    #[error("Notification id is invalid")]
    MalformedId,
    #[error("Notification not found")]
    NotFound,
}

impl Refusal for NotificationUnknown {
    fn kind(&self) -> Kind {
        match self {
            NotificationUnknown::MalformedId => Kind::BadRequest,
            NotificationUnknown::NotFound => Kind::NotFound,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            NotificationUnknown::MalformedId => "id_malformed",
            NotificationUnknown::NotFound => "notification_not_found",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DevicePlatform {
    Android,
    Ios,
    Web,
}

/// One installed app of a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Device {
    pub id: DeviceId,
    pub user: UserId,
    /// The sign-in that registered it: signing out ends pushes too.
    pub session: SessionId,
    pub token: PushToken,
    pub platform: DevicePlatform,
    pub app: Option<String>,
    pub last_seen_at: Timestamp,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
}

impl Device {
    /// FCM drops tokens that nobody has used for 270 days.
    pub const UNSEEN: SignedDuration = SignedDuration::from_hours(270 * 24);
    /// The device that was seen longest ago makes room.
    pub const MOST: usize = 20;

    pub fn is_gone(&self, now: Timestamp) -> bool {
        now >= self.expires_at
    }
}

/// What a push service calls an installed app. Whoever has it can push, so it prints as `[redacted]`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PushToken(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a push token of up to 4096 visible characters")]
pub struct MalformedPushToken;

impl PushToken {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for PushToken {
    type Error = MalformedPushToken;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_token = (1..=4096).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if is_token {
            Ok(Self(text))
        } else {
            Err(MalformedPushToken)
        }
    }
}

impl From<PushToken> for String {
    fn from(token: PushToken) -> String {
        token.0
    }
}

impl fmt::Debug for PushToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeviceUnknown {
    #[error("Device id is invalid")]
    MalformedId,
    #[error("Device not found")]
    NotFound,
}

impl Refusal for DeviceUnknown {
    fn kind(&self) -> Kind {
        match self {
            DeviceUnknown::MalformedId => Kind::BadRequest,
            DeviceUnknown::NotFound => Kind::NotFound,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            DeviceUnknown::MalformedId => "id_malformed",
            DeviceUnknown::NotFound => "device_not_found",
        }
    }
}
