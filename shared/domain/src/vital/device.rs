//! A device that measures: whose it is, and what it proves itself with.

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::VitalRefused;
use crate::id::{UserId, VitalDeviceId};
use crate::token_digest::TokenDigest;

/// That a person may have at once.
pub const MOST_DEVICES: i64 = 20;
const LONGEST_NAME: usize = 80;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VitalDevice {
    pub id: VitalDeviceId,
    /// Whose vital signs it measures.
    pub owner: UserId,
    pub name: String,
    pub model: Option<String>,
    pub token: TokenDigest,
    pub created_at: Timestamp,
    /// When it got its present token.
    pub token_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
    /// Goes up with every change.
    pub revision: u64,
}

/// The credential of one device, shown once. It names the owner, so that the device is found among what is theirs.
#[derive(Clone, PartialEq, Eq)]
pub struct VitalDeviceToken {
    owner: UserId,
    secret: [u8; 32],
}

impl VitalDeviceToken {
    pub fn new(owner: UserId, secret: [u8; 32]) -> Self {
        Self { owner, secret }
    }

    pub fn owner(&self) -> UserId {
        self.owner
    }

    pub fn digest(&self) -> TokenDigest {
        TokenDigest::of(&self.secret)
    }

    /// What the device sends.
    pub fn text(&self) -> String {
        format!("{}.{}", self.owner, BASE64URL_NOPAD.encode(&self.secret))
    }
}

impl std::str::FromStr for VitalDeviceToken {
    type Err = VitalRefused;

    fn from_str(text: &str) -> Result<Self, VitalRefused> {
        let refused = VitalRefused::DeviceCredentials;
        let (owner, secret) = text.split_once('.').ok_or(refused.clone())?;
        let secret = BASE64URL_NOPAD.decode(secret.as_bytes()).ok();
        let secret = secret.and_then(|bytes| bytes.try_into().ok());
        Ok(Self {
            owner: owner.parse().map_err(|_| refused.clone())?,
            secret: secret.ok_or(refused)?,
        })
    }
}

impl VitalDevice {
    pub fn is_opened_by(&self, token: &VitalDeviceToken) -> bool {
        self.token.is_of(&token.secret) && self.owner == token.owner && self.revoked_at.is_none()
    }

    /// With another token; the old one is no good any more.
    pub fn renewed(&self, token: &VitalDeviceToken, now: Timestamp) -> Result<Self, VitalRefused> {
        if self.revoked_at.is_some() {
            return Err(VitalRefused::DeviceRevoked);
        }
        Ok(Self {
            token: token.digest(),
            token_at: now,
            revision: self.revision + 1,
            ..self.clone()
        })
    }

    /// For good. Its readings stay. None where it is so already.
    pub fn revoked(&self, now: Timestamp) -> Option<Self> {
        self.revoked_at.is_none().then(|| Self {
            revoked_at: Some(now),
            revision: self.revision + 1,
            ..self.clone()
        })
    }
}

/// What people call a device, in one line.
pub fn checked_name(field: &'static str, text: &str) -> Result<String, VitalRefused> {
    let text = text.trim();
    let is_plain = !text.chars().any(char::is_control);
    if text.is_empty() || text.chars().count() > LONGEST_NAME || !is_plain {
        let rule = "must have 1 to 80 characters, in one line";
        return Err(VitalRefused::Invalid { field, rule });
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_opens_its_device_until_it_is_renewed_or_revoked() {
        let now = Timestamp::UNIX_EPOCH;
        let owner = UserId::new(now, [1; 6]);
        let token = VitalDeviceToken::new(owner, [9; 32]);
        let device = VitalDevice {
            id: VitalDeviceId::new(now, [2; 6]),
            owner,
            name: "Cuff".to_owned(),
            model: None,
            token: token.digest(),
            created_at: now,
            token_at: now,
            revoked_at: None,
            revision: 1,
        };
        let read: VitalDeviceToken = token.text().parse().unwrap();
        assert!(device.is_opened_by(&read));
        assert!(!device.is_opened_by(&VitalDeviceToken::new(owner, [8; 32])));
        assert!(!device.is_opened_by(&VitalDeviceToken::new(UserId::new(now, [3; 6]), [9; 32])));
        let other = VitalDeviceToken::new(owner, [7; 32]);
        let renewed = device.renewed(&other, now).unwrap();
        assert!(renewed.is_opened_by(&other) && !renewed.is_opened_by(&read));
        let revoked = renewed.revoked(now).unwrap();
        assert!(!revoked.is_opened_by(&other));
        assert_eq!(revoked.revoked(now), None);
        assert_eq!(revoked.renewed(&read, now), Err(VitalRefused::DeviceRevoked));
        for text in ["", ".", "a.b", &token.text()[1..], &token.text()[..60]] {
            assert!(text.parse::<VitalDeviceToken>().is_err(), "{text}");
        }
    }
}
