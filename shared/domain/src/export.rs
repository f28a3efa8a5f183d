//! Everything that is kept of a patient, as one archive: asked for, made by a worker, kept for a week.
//!
//! One is made at a time. A worker takes an export for a while and makes the whole archive before it says so; if the
//! worker dies, the export is due again once that while is over. What an attempt puts has the attempt in its name, so
//! two that overlap do not overwrite one another, and the one that is still expected counts.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::calendar;
use crate::id::{ExportId, UserId};
use crate::refusal::{Kind, Refusal};

/// How long an archive is kept.
pub const ARCHIVE_LIFE: SignedDuration = SignedDuration::from_hours(ARCHIVE_LIFE_DAYS as i64 * 24);
pub const ARCHIVE_LIFE_DAYS: u32 = 7;
/// How long a link to an archive opens it. A download that has begun goes on.
pub const LINK_LIFE: SignedDuration = SignedDuration::from_mins(15);
/// How often making one is begun.
pub const MOST_ATTEMPTS: u32 = 5;
/// Longer than a worker may run. Whoever takes an export has it for so long.
pub const CLAIM: SignedDuration = SignedDuration::from_mins(16);

/// That there was one is remembered for so long.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Each reads all there is.
const MOST_A_DAY: u32 = 5;

/// How far it is, as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportState {
    Pending,
    Running,
    Ready,
    Failed,
}

/// How far it is, as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExportStatus {
    /// Waits for a worker, the first time or again.
    Pending,
    Running,
    Ready,
    /// It could not be made; another may be asked for.
    Failed,
    /// It was ready, and its archive is gone.
    Expired,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Export {
    pub id: ExportId,
    pub patient: UserId,
    pub state: ExportState,
    /// What the addresses of resources in it begin with.
    pub base_url: String,
    /// How often it was begun.
    pub attempts: u32,
    /// When a worker may take it; none once it is ready or has failed.
    pub due_at: Option<Timestamp>,
    pub archive: Option<Archive>,
    pub created_at: Timestamp,
    /// Counts changes: a write names the one it saw.
    pub revision: u32,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Archive {
    /// By which attempt.
    pub attempt: u32,
    pub size_bytes: u64,
    /// In hexadecimal digits.
    pub sha256: String,
    /// How many things of each kind are in it.
    pub counts: BTreeMap<String, u64>,
    pub made_at: Timestamp,
    pub until: Timestamp,
}

impl Export {
    pub fn new(id: ExportId, patient: UserId, base_url: String, now: Timestamp) -> Self {
        Self {
            id,
            patient,
            state: ExportState::Pending,
            base_url,
            attempts: 0,
            due_at: Some(now),
            archive: None,
            created_at: now,
            revision: 0,
            expires_at: now + REMEMBERED,
        }
    }

    pub fn status(&self, now: Timestamp) -> ExportStatus {
        match self.state {
            ExportState::Pending => ExportStatus::Pending,
            ExportState::Running => ExportStatus::Running,
            ExportState::Ready if self.archive_at(now).is_some() => ExportStatus::Ready,
            ExportState::Ready => ExportStatus::Expired,
            ExportState::Failed => ExportStatus::Failed,
        }
    }

    /// What there is to fetch at this moment.
    pub fn archive_at(&self, now: Timestamp) -> Option<&Archive> {
        self.archive.as_ref().filter(|archive| now < archive.until)
    }

    /// Whether it still takes its patient's one place.
    pub fn is_under_way(&self) -> bool {
        matches!(self.state, ExportState::Pending | ExportState::Running)
    }

    /// Whether a worker may take it now.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.due_at.is_some_and(|due_at| due_at <= now)
    }

    /// Taken by a worker; failed where it was begun often enough.
    pub fn taken(&self, now: Timestamp) -> Self {
        if self.attempts >= MOST_ATTEMPTS {
            return self.failed();
        }
        Self {
            state: ExportState::Running,
            attempts: self.attempts + 1,
            due_at: Some(now + CLAIM),
            ..self.next()
        }
    }

    /// An attempt failed: due again after a while, or failed for good.
    pub fn put_off(&self, wait: SignedDuration, now: Timestamp) -> Self {
        if self.attempts >= MOST_ATTEMPTS {
            return self.failed();
        }
        Self {
            state: ExportState::Pending,
            due_at: Some(now + wait),
            ..self.next()
        }
    }

    pub fn ready(&self, archive: Archive) -> Self {
        Self {
            state: ExportState::Ready,
            due_at: None,
            archive: Some(archive),
            ..self.next()
        }
    }

    fn failed(&self) -> Self {
        Self {
            state: ExportState::Failed,
            due_at: None,
            ..self.next()
        }
    }

    fn next(&self) -> Self {
        Self {
            revision: self.revision + 1,
            ..self.clone()
        }
    }
}

/// What a patient has asked for so far: which one is under way, and how many a day has seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportBook {
    pub running: Option<ExportId>,
    day: Option<Date>,
    asked: u32,
    pub revision: u32,
}

impl ExportBook {
    /// With another one begun, if there may be one.
    pub fn begin(&self, id: ExportId, now: Timestamp) -> Result<Self, ExportRefused> {
        if let Some(running) = self.running {
            return Err(ExportRefused::Running(running));
        }
        let today = calendar::day_of(now);
        let asked = if self.day == Some(today) { self.asked } else { 0 };
        if asked >= MOST_A_DAY {
            return Err(ExportRefused::TooMany {
                seconds: until_tomorrow(now),
            });
        }
        Ok(Self {
            running: Some(id),
            day: Some(today),
            asked: asked + 1,
            revision: self.revision + 1,
        })
    }
}

const A_DAY_IN_SECONDS: i64 = 24 * 60 * 60;

fn until_tomorrow(now: Timestamp) -> u64 {
    let left = A_DAY_IN_SECONDS - now.as_second().rem_euclid(A_DAY_IN_SECONDS);
    left.unsigned_abs()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExportRefused {
    #[error("Export not found")]
    NotFound,
    #[error("Another export is being made")]
    Running(ExportId),
    #[error("At most {MOST_A_DAY} exports can be asked for in a day")]
    TooMany { seconds: u64 },
}

impl Refusal for ExportRefused {
    fn kind(&self) -> Kind {
        match self {
            ExportRefused::NotFound => Kind::NotFound,
            ExportRefused::Running(_) => Kind::Conflict,
            ExportRefused::TooMany { .. } => Kind::TooManyRequests,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            ExportRefused::NotFound => "export_not_found",
            ExportRefused::Running(_) => "export_under_way",
            ExportRefused::TooMany { .. } => "exports_too_many",
        }
    }

    fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            ExportRefused::TooMany { seconds } => Some(*seconds),
            _ => None,
        }
    }

    fn members(&self) -> Map<String, Value> {
        match self {
            ExportRefused::Running(id) => Map::from_iter([("export_id".to_owned(), id.to_string().into())]),
            _ => Map::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_795_309_323, 0);

    fn export() -> Export {
        let patient = UserId::new(NOW, [1; 6]);
        Export::new(
            ExportId::new(NOW, [2; 6]),
            patient,
            "https://api.example.org".to_owned(),
            NOW,
        )
    }

    #[test]
    fn a_dead_workers_export_is_due_again_until_it_was_begun_often_enough() {
        let (mut export, mut now) = (export(), NOW);
        for attempt in 1..=MOST_ATTEMPTS {
            assert!(export.is_due(now));
            export = export.taken(now);
            assert_eq!((export.attempts, export.is_due(now)), (attempt, false));
            now += CLAIM;
        }
        export = export.taken(now);
        assert_eq!(export.status(now), ExportStatus::Failed);
        assert!(!export.is_due(now) && !export.is_under_way());
    }

    #[test]
    fn an_archive_is_there_for_a_week() {
        let archive = Archive {
            attempt: 1,
            size_bytes: 9,
            sha256: String::new(),
            counts: BTreeMap::new(),
            made_at: NOW,
            until: NOW + ARCHIVE_LIFE,
        };
        let ready = export().taken(NOW).ready(archive);
        assert_eq!(ready.status(NOW), ExportStatus::Ready);
        assert_eq!(ready.status(NOW + ARCHIVE_LIFE), ExportStatus::Expired);
        assert!(ready.archive_at(NOW + ARCHIVE_LIFE).is_none());
    }

    #[test]
    fn one_at_a_time_and_five_a_day() {
        let id = ExportId::new(NOW, [3; 6]);
        let mut book = ExportBook::default();
        for _ in 0..MOST_A_DAY {
            book = book.begin(id, NOW).unwrap();
            assert_eq!(book.begin(id, NOW), Err(ExportRefused::Running(id)));
            book.running = None;
        }
        let Err(ExportRefused::TooMany { seconds }) = book.begin(id, NOW) else {
            panic!("a sixth was begun");
        };
        let tomorrow = NOW + SignedDuration::from_secs(seconds as i64);
        assert!(book.begin(id, tomorrow).is_ok());
        assert!(book.begin(id, tomorrow - SignedDuration::from_secs(1)).is_err());
    }
}
