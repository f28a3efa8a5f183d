//! How a patient's devices are getting on with syncing health records: what they say of themselves, and what is seen of
//! them. Supervisors look here for devices whose changes do not come; nothing here says anything of anybody's health.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::id::UserId;

/// A device that nothing is new of is noted no more often.
pub const PULSE: SignedDuration = SignedDuration::from_mins(5);
/// One that is silent for so long is forgotten.
pub const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_hours(365 * 24);
const LONGEST_DEVICE_ID: usize = 100;
const LONGEST_APP_VERSION: usize = 32;

/// Why a device needs somebody's attention. Fixed words, so that nothing of anybody can stand in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "SyncTrouble")]
pub enum Trouble {
    NoNetwork,
    Timeout,
    ServerError,
    Unauthorized,
    RateLimited,
    StorageFull,
    DataCorrupt,
    AppError,
    /// The device named something else.
    Other,
    /// Changes that it pushed last were refused.
    ChangesRefused,
    /// Changes wait on it.
    ChangesWaiting,
}

impl Trouble {
    pub const ALL: [Self; 11] = [
        Self::NoNetwork,
        Self::Timeout,
        Self::ServerError,
        Self::Unauthorized,
        Self::RateLimited,
        Self::StorageFull,
        Self::DataCorrupt,
        Self::AppError,
        Self::Other,
        Self::ChangesRefused,
        Self::ChangesWaiting,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Self::NoNetwork => "no_network",
            Self::Timeout => "timeout",
            Self::ServerError => "server_error",
            Self::Unauthorized => "unauthorized",
            Self::RateLimited => "rate_limited",
            Self::StorageFull => "storage_full",
            Self::DataCorrupt => "data_corrupt",
            Self::AppError => "app_error",
            Self::Other => "other",
            Self::ChangesRefused => "changes_refused",
            Self::ChangesWaiting => "changes_waiting",
        }
    }

    /// What a device calls its last error. Words that are not ours are not kept: they could say anything.
    pub fn said(text: &str) -> Option<Self> {
        let word = text.trim().to_ascii_lowercase().replace(['-', ' '], "_");
        if word.is_empty() {
            return None;
        }
        let known = Self::ALL.into_iter().find(|each| each.word() == word);
        Some(known.unwrap_or(Self::Other))
    }
}

/// Whether a device may call itself so.
pub fn is_device_id(text: &str) -> bool {
    (1..=LONGEST_DEVICE_ID).contains(&text.chars().count())
}

/// By which others name a patient's device: what it calls itself may say whose it is.
pub fn handle(patient: UserId, device_id: &str) -> String {
    let hash = Sha256::new()
        .chain_update(patient.to_string())
        .chain_update([0])
        .chain_update(device_id)
        .finalize();
    data_encoding::HEXLOWER.encode(&hash[..12])
}

/// An app's version, if it looks like one; nothing else is worth refusing a sync for.
pub fn app_version(text: &str) -> Option<String> {
    let is_version = |letter: char| letter.is_ascii_alphanumeric() || ".+-_".contains(letter);
    let is_one = (1..=LONGEST_APP_VERSION).contains(&text.len()) && text.chars().all(is_version);
    is_one.then(|| text.to_owned())
}

/// What a device says of itself with a pull or a push.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    pub app_version: Option<String>,
    /// Changes that wait on it, without those that it brings.
    pub queue_length: Option<u32>,
    pub last_error: Option<Trouble>,
}

/// How far a pull came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pulled {
    pub cursor: u64,
    /// At most so many changes are left.
    pub behind_by: u64,
}

/// What became of the changes of a push; those that had been entered before are not counted again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub accepted: u32,
    pub conflicts: u32,
    pub rejected: u32,
    pub repeated: u32,
}

/// A device of a patient, as it was when it was last heard of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncDevice {
    pub patient: UserId,
    pub handle: String,
    /// What it calls itself: for the patient and whom they let in.
    pub device_id: String,
    pub app_version: Option<String>,
    pub queue_length: u32,
    pub last_error: Option<Trouble>,
    pub first_seen_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub last_pull_at: Option<Timestamp>,
    pub last_push_at: Option<Timestamp>,
    /// Where its next pull goes on.
    pub cursor: u64,
    pub behind_by: u64,
    pub accepted: u64,
    pub conflicts: u64,
    pub rejected: u64,
    pub is_last_push_refused: bool,
    /// Counts its writes.
    pub revision: u64,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
}

impl SyncDevice {
    pub fn new(patient: UserId, device_id: &str, now: Timestamp) -> Self {
        Self {
            patient,
            handle: handle(patient, device_id),
            device_id: device_id.to_owned(),
            app_version: None,
            queue_length: 0,
            last_error: None,
            first_seen_at: now,
            last_seen_at: now,
            last_pull_at: None,
            last_push_at: None,
            cursor: 0,
            behind_by: 0,
            accepted: 0,
            conflicts: 0,
            rejected: 0,
            is_last_push_refused: false,
            revision: 0,
            expires_at: now + FORGOTTEN_AFTER,
        }
    }

    /// What it needs attention for, if it does: what it says goes before what shows.
    pub fn trouble(&self) -> Option<Trouble> {
        let refused = self.is_last_push_refused.then_some(Trouble::ChangesRefused);
        let waiting = (self.queue_length > 0).then_some(Trouble::ChangesWaiting);
        self.last_error.or(refused).or(waiting)
    }

    /// After a page; none where it is not worth a write, so that neither the pages of a long pull nor a device that
    /// asks every minute cost one each.
    pub fn pulled(&self, report: &Report, pulled: Pulled, now: Timestamp) -> Option<Self> {
        let after = Self {
            last_pull_at: Some(now),
            cursor: pulled.cursor,
            behind_by: pulled.behind_by,
            ..self.heard(report, report.queue_length.unwrap_or(self.queue_length), now)
        };
        let is_other = after.trouble() != self.trouble()
            || (after.queue_length, after.last_error) != (self.queue_length, self.last_error)
            || after.app_version != self.app_version
            || (after.behind_by == 0) != (self.behind_by == 0)
            || self.last_pull_at.is_none();
        let is_due = now.duration_since(self.last_seen_at) >= PULSE;
        (is_other || is_due).then_some(after)
    }

    /// After a push, which writes anyway.
    pub fn pushed(&self, report: &Report, tally: Tally, now: Timestamp) -> Self {
        // Who does not say how many wait has got rid of these.
        let sent = tally.accepted + tally.conflicts + tally.rejected + tally.repeated;
        let left = self.queue_length.saturating_sub(sent);
        Self {
            last_push_at: Some(now),
            accepted: self.accepted + u64::from(tally.accepted),
            conflicts: self.conflicts + u64::from(tally.conflicts),
            rejected: self.rejected + u64::from(tally.rejected),
            // A push of nothing says nothing about that.
            is_last_push_refused: if sent == 0 {
                self.is_last_push_refused
            } else {
                tally.rejected > 0
            },
            ..self.heard(report, report.queue_length.unwrap_or(left), now)
        }
    }

    fn heard(&self, report: &Report, queue_length: u32, now: Timestamp) -> Self {
        Self {
            app_version: report.app_version.clone().or_else(|| self.app_version.clone()),
            queue_length,
            last_error: report.last_error,
            last_seen_at: now,
            revision: self.revision + 1,
            expires_at: now + FORGOTTEN_AFTER,
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    fn device() -> SyncDevice {
        SyncDevice::new(UserId::new(at(0), [1; 6]), "phone", at(0))
    }

    fn page(cursor: u64, behind_by: u64) -> Pulled {
        Pulled { cursor, behind_by }
    }

    #[test]
    fn a_long_pull_is_written_at_its_ends_and_now_and_then() {
        let quiet = Report::default();
        let mut device = device();
        let mut written = Vec::new();
        // A page each minute, then a question each minute.
        for minute in 0..30 {
            let left = 20_u64.saturating_sub(minute as u64);
            if let Some(after) = device.pulled(&quiet, page(minute as u64, left), at(minute)) {
                written.push(minute);
                device = after;
            }
        }
        assert_eq!(written, [0, 5, 10, 15, 20, 25]);
        assert_eq!((device.behind_by, device.cursor), (0, 25));
    }

    #[test]
    fn what_a_device_says_anew_is_written_at_once() {
        let quiet = Report::default();
        let first = device().pulled(&quiet, page(1, 0), at(0)).unwrap();
        assert_eq!(first.pulled(&quiet, page(2, 0), at(1)), None);
        for report in [
            Report {
                app_version: Some("1.2".to_owned()),
                ..quiet.clone()
            },
            Report {
                queue_length: Some(3),
                ..quiet.clone()
            },
            Report {
                last_error: Some(Trouble::Timeout),
                ..quiet.clone()
            },
        ] {
            let after = first.pulled(&report, page(2, 0), at(1)).unwrap();
            assert_eq!(after.pulled(&report, page(2, 0), at(2)), None, "{report:?}");
            assert_eq!(after.revision, first.revision + 1);
        }
        assert!(first.pulled(&quiet, page(2, 9), at(1)).is_some(), "it fell behind");
    }

    #[test]
    fn what_it_says_goes_before_what_shows_and_ends_when_it_is_over() {
        let tally = Tally {
            accepted: 2,
            rejected: 1,
            ..Tally::default()
        };
        let said = Report {
            queue_length: Some(4),
            last_error: Some(Trouble::StorageFull),
            ..Report::default()
        };
        let ill = device().pushed(&said, tally, at(1));
        assert_eq!(ill.trouble(), Some(Trouble::StorageFull));
        let quiet = Report::default();
        let refused = ill.pulled(&quiet, page(1, 0), at(2)).unwrap();
        assert_eq!(refused.trouble(), Some(Trouble::ChangesRefused));
        let waiting = refused.pushed(
            &quiet,
            Tally {
                repeated: 1,
                ..Tally::default()
            },
            at(3),
        );
        assert_eq!(
            (waiting.trouble(), waiting.queue_length),
            (Some(Trouble::ChangesWaiting), 3)
        );
        let well = waiting.pushed(
            &quiet,
            Tally {
                accepted: 3,
                ..Tally::default()
            },
            at(4),
        );
        assert_eq!((well.trouble(), well.accepted, well.rejected), (None, 5, 1));
    }

    #[test]
    fn nothing_but_our_words_is_kept_of_an_error_and_nothing_but_a_version_of_a_version() {
        for each in Trouble::ALL {
            assert_eq!(Trouble::said(each.word()), Some(each));
            assert_eq!(serde_json::to_value(each).unwrap(), each.word());
        }
        for (text, trouble) in [
            ("", None),
            ("  ", None),
            ("No-Network ", Some(Trouble::NoNetwork)),
            ("Ana has HIV", Some(Trouble::Other)),
        ] {
            assert_eq!(Trouble::said(text), trouble, "{text}");
        }
        assert_eq!(app_version("2.4.1+87").as_deref(), Some("2.4.1+87"));
        for text in ["", "for Ana", "1#2", &"1".repeat(33)] {
            assert_eq!(app_version(text), None, "{text}");
        }
        let other = UserId::new(at(0), [2; 6]);
        assert_ne!(handle(device().patient, "phone"), handle(other, "phone"));
    }
}
