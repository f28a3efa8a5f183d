//! One measurement: what was sent, what can be kept of it, and why not.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Amount, AmountRefused, Unit, VitalKind};
use crate::id::{VitalDeviceId, VitalReadingId};

/// Readings of one request.
pub const MOST_IN_BATCH: usize = 1_000;
/// Of each source; the newest stay.
pub const MOST_QUARANTINED: usize = 500;
/// A device's clock may be fast by so much.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);
/// What lay in a device longer was measured by a clock that was never set.
const BEHIND: SignedDuration = SignedDuration::from_hours(2 * 366 * 24);
/// People type in what is in their old notebooks.
const BEHIND_BY_HAND: SignedDuration = SignedDuration::from_hours(30 * 366 * 24);

/// Where a reading comes from. With the time and the kind it is what a reading is known by: who sends the same again, sends
/// the same reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Source {
    Device(VitalDeviceId),
    /// Typed in by a person.
    Hand,
}

const HAND: &str = "hand";

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is no source of readings")]
pub struct UnknownSource;

impl Source {
    pub fn device(self) -> Option<VitalDeviceId> {
        match self {
            Source::Device(id) => Some(id),
            Source::Hand => None,
        }
    }

    /// Of all that it measured at a moment.
    pub fn reading_at(self, at: Timestamp) -> VitalReadingId {
        VitalReadingId::of(&self.to_string(), at)
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Source::Device(id) => id.fmt(f),
            Source::Hand => f.write_str(HAND),
        }
    }
}

impl std::str::FromStr for Source {
    type Err = UnknownSource;

    fn from_str(text: &str) -> Result<Self, UnknownSource> {
        match text {
            HAND => Ok(Source::Hand),
            id => id.parse().map(Source::Device).map_err(|_| UnknownSource),
        }
    }
}

impl TryFrom<String> for Source {
    type Error = UnknownSource;

    fn try_from(text: String) -> Result<Self, UnknownSource> {
        text.parse()
    }
}

impl From<Source> for String {
    fn from(source: Source) -> String {
        source.to_string()
    }
}

/// A number as it came.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sent {
    pub kind: VitalKind,
    pub value: f64,
    pub unit: Unit,
    pub at: Timestamp,
}

/// A reading that can be true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    pub kind: VitalKind,
    pub amount: Amount,
    /// To the millisecond.
    pub at: Timestamp,
}

/// Why a reading is set apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "VitalFault")]
pub enum Fault {
    TimeInFuture,
    TimeTooOld,
    /// It is no time, or of a year that nobody can write.
    TimeUnreadable,
    /// What stands there is no number.
    NotANumber,
    /// Nobody has that: the unit is another, or the device is wrong.
    Implausible,
    AnotherUnit,
    /// The lower pressure is not below the higher one.
    PressuresSwapped,
    /// More of a kind within an hour than is kept.
    TooMany,
}

impl Fault {
    /// For whoever must measure again.
    pub fn sentence(self) -> &'static str {
        match self {
            Fault::TimeInFuture => "is from the future: set the clock and send it again",
            Fault::TimeTooOld => "is too old to be true: set the clock and measure again",
            Fault::TimeUnreadable => "has no time that can be read: set the clock and send it again",
            Fault::NotANumber => "is no number: measure again",
            Fault::Implausible => "is out of plausible range: check the unit and measure again",
            Fault::AnotherUnit => "is not measured in this unit",
            Fault::PressuresSwapped => "has a diastolic pressure that is not below the systolic: measure again",
            Fault::TooMany => "is one too many: at most two a second are kept",
        }
    }
}

/// A reading that is set apart, for people to look at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quarantined {
    pub kind: VitalKind,
    /// As it came; none where it was no number.
    pub value: Option<f64>,
    pub unit: Unit,
    pub at: Timestamp,
    pub fault: Fault,
    pub received_at: Timestamp,
}

impl Sent {
    pub fn check(&self, source: Source, now: Timestamp) -> Result<Reading, Fault> {
        let amount = Amount::read(self.kind, self.value, self.unit).map_err(|refused| match refused {
            AmountRefused::AnotherUnit => Fault::AnotherUnit,
            AmountRefused::OutOfRange if self.value.is_nan() => Fault::NotANumber,
            AmountRefused::OutOfRange => Fault::Implausible,
        })?;
        let behind = match source {
            Source::Device(_) => BEHIND,
            Source::Hand => BEHIND_BY_HAND,
        };
        if self.at > now + AHEAD {
            return Err(Fault::TimeInFuture);
        }
        if now.duration_since(self.at) > behind {
            return Err(Fault::TimeTooOld);
        }
        if !amount.is_plausible(self.kind) {
            return Err(Fault::Implausible);
        }
        Ok(Reading {
            kind: self.kind,
            amount,
            at: Timestamp::from_millisecond(self.at.as_millisecond()).unwrap_or(self.at),
        })
    }

    pub fn quarantined(&self, fault: Fault, now: Timestamp) -> Quarantined {
        Quarantined {
            kind: self.kind,
            value: Some(self.value).filter(|value| value.is_finite()),
            unit: self.unit,
            at: self.at,
            fault,
            received_at: now,
        }
    }
}

/// Whether two pressures of one moment cannot both be true.
pub fn pressures_swapped(systolic: &Reading, diastolic: &Reading) -> bool {
    diastolic.amount >= systolic.amount
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: VitalKind, value: f64, at: &str) -> Result<(), Fault> {
        let sent = Sent {
            kind,
            value,
            unit: kind.unit(),
            at: at.parse().unwrap(),
        };
        let source = Source::Device(VitalDeviceId::new(Timestamp::UNIX_EPOCH, [1; 6]));
        sent.check(source, "2026-11-30T12:00:00Z".parse().unwrap()).map(|_| ())
    }

    #[test]
    fn absurd_readings_are_told_apart() {
        assert_eq!(
            check(VitalKind::Weight, f64::NAN, "2026-11-30T12:00:00Z"),
            Err(Fault::NotANumber)
        );
        let noon = "2026-11-30T12:00:00Z";
        let kind = VitalKind::Temperature;
        assert_eq!(check(kind, 36.6, noon), Ok(()));
        assert_eq!(check(kind, 36.6, "2026-11-30T12:05:00Z"), Ok(()));
        assert_eq!(check(kind, 36.6, "2025-01-01T00:00:00Z"), Ok(()));
        assert_eq!(check(kind, 36.6, "2103-01-01T00:00:00Z"), Err(Fault::TimeInFuture));
        assert_eq!(check(kind, 36.6, "2026-11-30T12:05:01Z"), Err(Fault::TimeInFuture));
        assert_eq!(check(kind, 36.6, "1970-01-01T00:00:00Z"), Err(Fault::TimeTooOld));
        for (kind, value) in [
            (kind, f64::INFINITY),
            (kind, 400.0),
            (kind, -1.0),
            (kind, f64::MAX),
            (VitalKind::Glucose, 5.5),
            (VitalKind::HeartRate, 0.0),
            (VitalKind::Spo2, 101.0),
            (VitalKind::Weight, -70.0),
        ] {
            assert_eq!(check(kind, value, noon), Err(Fault::Implausible), "{kind:?} {value}");
        }
    }
}
