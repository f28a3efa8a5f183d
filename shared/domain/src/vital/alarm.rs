//! What an alarm is about, and how far it is.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Amount, Level, Side, Source, Subject, VitalKind};
use crate::id::{UserId, VitalAlertId, VitalReadingId};

/// What is watched. A person has at most one alarm of each at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Rule {
    /// A reading beyond a threshold.
    Bounds { subject: Subject, side: Side, level: Level },
    /// Weight that rises: a kilogram in a day warns, two in a week are critical (MedlinePlus 000113).
    Gain { level: Level },
    /// No readings.
    NoData { kind: VitalKind },
}

impl Rule {
    pub fn subject(self) -> Subject {
        match self {
            Rule::Bounds { subject, .. } => subject,
            Rule::Gain { .. } => Subject::Weight,
            Rule::NoData { kind } => Subject::of(kind),
        }
    }

    /// Silence is a warning; it is told also at night.
    pub fn level(self) -> Level {
        match self {
            Rule::Bounds { level, .. } | Rule::Gain { level } => level,
            Rule::NoData { .. } => Level::Warning,
        }
    }

    pub fn is_silence(self) -> bool {
        matches!(self, Rule::NoData { .. })
    }

    /// The same at the other level. A critical one speaks for the warning beside it, never the other way round.
    pub fn at(self, level: Level) -> Option<Self> {
        match self {
            Rule::Bounds { subject, side, .. } => Some(Rule::Bounds { subject, side, level }),
            Rule::Gain { .. } => Some(Rule::Gain { level }),
            Rule::NoData { .. } => None,
        }
    }

    /// Such as `glucose_low_critical`.
    pub fn word(self) -> String {
        match self {
            Rule::Bounds { subject, side, level } => {
                format!("{}_{}_{}", subject.word(), side.word(), level.word())
            }
            Rule::Gain { level } => format!("weight_gain_{}", level.word()),
            Rule::NoData { kind } => format!("{}_no_data", kind.word()),
        }
    }

    /// For people.
    pub fn message(self) -> String {
        match self {
            Rule::Bounds { subject, side, level } => {
                let how = match (side, level) {
                    (Side::Low, Level::Warning) => "low",
                    (Side::Low, Level::Critical) => "very low",
                    (Side::High, Level::Warning) => "high",
                    (Side::High, Level::Critical) => "very high",
                };
                format!("{} is {how}", subject.title())
            }
            Rule::Gain { level: Level::Warning } => "Weight has risen within a day".to_owned(),
            Rule::Gain { level: Level::Critical } => "Weight has risen much within a week".to_owned(),
            Rule::NoData { kind } => format!("No new readings: {}", kind.title().to_lowercase()),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "VitalAlertState")]
pub enum AlarmState {
    /// Nobody has been told yet.
    Raised,
    Notified,
    /// A follower has been told as well.
    Escalated,
    /// Somebody takes care of it: nobody is told again.
    Acknowledged,
    /// Nobody is told for a while.
    Snoozed,
    /// It is over.
    Cleared,
}

/// From when something began to be wrong until it was over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alarm {
    pub id: VitalAlertId,
    pub rule: Rule,
    pub raised_at: Timestamp,
    /// What was measured then; nothing where nothing was measured.
    pub kind: VitalKind,
    pub amount: Option<Amount>,
    pub source: Option<Source>,
    pub reading: Option<VitalReadingId>,
    /// How often the person was told, and when first.
    pub told: u16,
    pub told_at: Option<Timestamp>,
    /// From when on somebody is waited for, before the next who follows is told.
    #[serde(default)]
    pub waits_from: Option<Timestamp>,
    /// Who of those who follow was told.
    #[serde(default)]
    pub followers_told: Vec<UserId>,
    pub acknowledged: Option<Acknowledged>,
    pub snoozed_until: Option<Timestamp>,
    pub cleared_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledged {
    pub by: UserId,
    pub at: Timestamp,
}

impl Alarm {
    pub fn state(&self, now: Timestamp) -> AlarmState {
        if self.cleared_at.is_some() {
            AlarmState::Cleared
        } else if self.acknowledged.is_some() {
            AlarmState::Acknowledged
        } else if self.snoozed_until.is_some_and(|until| now < until) {
            AlarmState::Snoozed
        } else if !self.followers_told.is_empty() {
            AlarmState::Escalated
        } else if self.told > 0 {
            AlarmState::Notified
        } else {
            AlarmState::Raised
        }
    }

    /// The first of those who follow who was not told.
    pub fn next_of(&self, followers: &[UserId]) -> Option<UserId> {
        followers.iter().copied().find(|id| !self.followers_told.contains(id))
    }

    pub fn is_open(&self) -> bool {
        self.cleared_at.is_none()
    }
}
