//! Devices that an operator has registered: each has a token of its own, and what it says of itself counts.

use data_encoding::BASE64URL_NOPAD;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::firmware::update::{DeviceUpdate, Evidence, UpdateState};
use crate::firmware::{DeviceLabel, FirmwareVersion, Hardware, Head, Release};
use crate::id::UserId;
use crate::token_digest::TokenDigest;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolledDevice {
    pub label: DeviceLabel,
    pub hardware: Hardware,
    /// Whoever is told of new firmware.
    pub owner: Option<UserId>,
    pub token: TokenDigest,
    pub is_revoked: bool,
    /// What it last said that it runs, and from which slot.
    pub running: Option<String>,
    pub partition: Option<String>,
    pub update: Option<DeviceUpdate>,
    /// Versions that it was offered before: it counts once for each.
    #[serde(default)]
    pub offered_before: Vec<FirmwareVersion>,
    pub registered_by: String,
    pub created_at: Timestamp,
    /// When it last said something new.
    pub changed_at: Timestamp,
    /// Goes up with every change.
    pub revision: u64,
}

/// More than a head has releases.
const MOST_REMEMBERED: usize = 20;

/// The credential of one device: its label and a secret, in one text that fits a header. Shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceToken {
    label: DeviceLabel,
    secret: [u8; 32],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is no device token")]
pub struct MalformedToken;

impl DeviceToken {
    pub fn new(label: DeviceLabel, secret: [u8; 32]) -> Self {
        Self { label, secret }
    }

    pub fn label(&self) -> &DeviceLabel {
        &self.label
    }

    pub fn digest(&self) -> TokenDigest {
        TokenDigest::of(&self.secret)
    }

    /// What the device sends.
    pub fn text(&self) -> String {
        let label = BASE64URL_NOPAD.encode(self.label.as_str().as_bytes());
        format!("{label}.{}", BASE64URL_NOPAD.encode(&self.secret))
    }
}

impl std::str::FromStr for DeviceToken {
    type Err = MalformedToken;

    fn from_str(text: &str) -> Result<Self, MalformedToken> {
        let (label, secret) = text.split_once('.').ok_or(MalformedToken)?;
        let bytes = |part: &str| BASE64URL_NOPAD.decode(part.as_bytes()).map_err(|_| MalformedToken);
        let label = String::from_utf8(bytes(label)?).map_err(|_| MalformedToken)?;
        Ok(Self {
            label: label.parse().map_err(|_| MalformedToken)?,
            secret: bytes(secret)?.try_into().map_err(|_| MalformedToken)?,
        })
    }
}

impl EnrolledDevice {
    pub fn is_opened_by(&self, token: &DeviceToken) -> bool {
        self.token.is_of(&token.secret) && !self.is_revoked && self.label == token.label
    }

    /// With what it has just said; none where that is nothing new. `silence`: how long it may say nothing from now on.
    pub fn learned(&self, evidence: &Evidence, silence: SignedDuration, now: Timestamp) -> Option<Self> {
        let mut after = self.clone();
        if let Some(running) = &evidence.running {
            after.running = Some(running.clone());
        }
        if let Some(partition) = &evidence.partition {
            after.partition = Some(partition.clone());
        }
        if let Some(update) = &mut after.update {
            let next = update.next(evidence);
            update.state = next.unwrap_or(update.state);
            // Not to the second: many words at once would only stand in each other's way.
            let soonest = now + silence - silence / 10;
            let is_heard = evidence.status.is_some() && update.lost_at.is_some_and(|lost_at| lost_at < soonest);
            if next.is_some() || is_heard {
                update.lost_at = update.state.is_watched().then(|| now + silence);
            }
        }
        self.changed(after, now)
    }

    /// With an offer of a release, once for each that is above what it runs.
    pub fn offered(&self, head: &Head, release: &Release, now: Timestamp) -> Option<Self> {
        let running = self.running.as_ref();
        let is_above = running.is_none_or(|running| head.is_above(release, running));
        let update = self.update.as_ref();
        let is_known = update.is_some_and(|update| update.version == release.version);
        if !is_above || is_known || self.offered_before.contains(&release.version) {
            return None;
        }
        let mut offered_before = self.offered_before.clone();
        offered_before.extend(update.map(|update| update.version.clone()));
        let superfluous = offered_before.len().saturating_sub(MOST_REMEMBERED);
        offered_before.drain(..superfluous);
        let update = Some(DeviceUpdate {
            version: release.version.clone(),
            image_version: release.image_version.clone(),
            state: UpdateState::Queued,
            lost_at: None,
        });
        let after = Self {
            update,
            offered_before,
            ..self.clone()
        };
        self.changed(after, now)
    }

    /// Lost, if its time has run out and it is not in an update any more that silence says nothing of.
    pub fn lost(&self, now: Timestamp) -> Option<Self> {
        let mut after = self.clone();
        let update = after.update.as_mut()?;
        update.lost_at.filter(|lost_at| *lost_at <= now)?;
        (update.state, update.lost_at) = (UpdateState::Lost, None);
        self.changed(after, now)
    }

    /// With another token. What was revoked is good again.
    pub fn with_token(&self, token: TokenDigest, now: Timestamp) -> Self {
        Self {
            token,
            is_revoked: false,
            changed_at: now,
            revision: self.revision + 1,
            ..self.clone()
        }
    }

    /// Without the right to say anything, and so lost if it was in an update: what it was counted for stays counted.
    pub fn revoked(&self, now: Timestamp) -> Self {
        let mut after = self.clone();
        if let Some(update) = after.update.as_mut().filter(|update| update.state.is_watched()) {
            (update.state, update.lost_at) = (UpdateState::Lost, None);
        }
        Self {
            is_revoked: true,
            changed_at: now,
            revision: self.revision + 1,
            ..after
        }
    }

    fn changed(&self, after: Self, now: Timestamp) -> Option<Self> {
        (after != *self).then(|| Self {
            changed_at: now,
            revision: self.revision + 1,
            ..after
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::firmware::update::ReportStatus;

    fn device() -> (EnrolledDevice, DeviceToken) {
        let token = DeviceToken::new("camera 7".parse().unwrap(), [9; 32]);
        let device = EnrolledDevice {
            label: token.label().clone(),
            hardware: Hardware::Esp32P4,
            owner: None,
            token: token.digest(),
            is_revoked: false,
            running: None,
            partition: None,
            update: None,
            offered_before: Vec::new(),
            registered_by: "olga".to_owned(),
            created_at: Timestamp::UNIX_EPOCH,
            changed_at: Timestamp::UNIX_EPOCH,
            revision: 1,
        };
        (device, token)
    }

    #[test]
    fn a_token_opens_its_device_until_it_is_revoked() {
        let (mut device, token) = device();
        let read: DeviceToken = token.text().parse().unwrap();
        assert!(device.is_opened_by(&read));
        assert!(!device.is_opened_by(&DeviceToken::new(device.label.clone(), [8; 32])));
        assert!(!device.is_opened_by(&DeviceToken::new("camera 8".parse().unwrap(), [9; 32])));
        device.is_revoked = true;
        assert!(!device.is_opened_by(&read));
        for text in ["", ".", "a.b", "Y2FtZXJh.AAAA", &token.text()[1..]] {
            assert!(text.parse::<DeviceToken>().is_err(), "{text}");
        }
    }

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    const SILENCE: SignedDuration = SignedDuration::from_secs(60);

    #[test]
    fn a_poll_that_says_nothing_new_changes_nothing() {
        let (device, _) = device();
        let evidence = Evidence {
            running: Some("1.0".to_owned()),
            ..Evidence::default()
        };
        let after = device.learned(&evidence, SILENCE, second(100)).unwrap();
        assert_eq!((after.revision, after.changed_at), (2, second(100)));
        assert_eq!(after.learned(&evidence, SILENCE, second(200)), None);
    }

    #[test]
    fn a_device_that_reports_is_not_lost_until_it_falls_silent() {
        let (mut device, _) = device();
        assert_eq!(device.lost(second(500)), None);
        device.update = Some(DeviceUpdate {
            version: "2.0".parse().unwrap(),
            image_version: Some("2.0".to_owned()),
            state: UpdateState::Queued,
            lost_at: None,
        });
        assert_eq!(device.lost(second(500)), None, "it may be switched off");
        let evidence = Evidence {
            status: Some(ReportStatus::InProgress),
            about: Some("2.0".to_owned()),
            ..Evidence::default()
        };
        for heard in [100, 150, 200] {
            device = device.learned(&evidence, SILENCE, second(heard)).unwrap();
            assert_eq!(device.lost(second(heard + 59)), None);
        }
        let lost = device.lost(second(260)).unwrap();
        assert_eq!(lost.update.as_ref().unwrap().state, UpdateState::Lost);
        assert_eq!(lost.lost(second(900)), None);
        assert_eq!(lost.learned(&evidence, SILENCE, second(300)), None, "it stays so");
    }
}
