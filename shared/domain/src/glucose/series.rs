//! Readings in order of time, and how much of the time they cover.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use super::Reading;

/// Where readings are further apart than this, nothing is said of what lies between.
pub const GAP: SignedDuration = SignedDuration::from_mins(45);
/// Where there are fewer than two readings.
const USUAL_INTERVAL: SignedDuration = SignedDuration::from_mins(5);
/// A figure says something of a person from so many days on, with so much of them covered (Battelino et al., 2019).
pub const ENOUGH_DAYS: f64 = 14.0;
pub const ENOUGH_SHARE: f64 = 0.7;

const DAY: f64 = 86_400.0;
/// Seconds of 1970 up to those of 2200: no sensor was or will be worn outside, and within nothing overflows.
const TIMES: std::ops::Range<i64> = 0..7_258_118_400;

/// Oldest first, one at a time.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    readings: Vec<Reading>,
    set_aside: usize,
}

/// How much of the time that was looked at has readings.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "GlucoseCoverage")]
pub struct Coverage {
    pub readings: usize,
    /// At the series' interval.
    pub expected: usize,
    /// From 0 to 1.
    pub share: f64,
    /// From the first reading to the last.
    pub days: f64,
}

impl Coverage {
    /// Whether figures over it say something of the person: 14 days, and 70 % of them.
    pub fn is_enough(&self) -> bool {
        self.days.round() >= ENOUGH_DAYS && self.share >= ENOUGH_SHARE
    }
}

impl Series {
    /// In any order. Of two at one time the later in the list counts. What nobody can believe is set aside, and
    /// counted.
    pub fn new(readings: impl IntoIterator<Item = Reading>) -> Self {
        let mut by_time = BTreeMap::new();
        let mut set_aside = 0;
        for reading in readings {
            if reading.value.is_plausible() && TIMES.contains(&reading.at.as_second()) {
                by_time.insert(reading.at, reading);
            } else {
                set_aside += 1;
            }
        }
        Self {
            readings: by_time.into_values().collect(),
            set_aside,
        }
    }

    pub fn readings(&self) -> &[Reading] {
        &self.readings
    }

    /// How many readings were not believed.
    pub fn set_aside(&self) -> usize {
        self.set_aside
    }

    pub fn is_empty(&self) -> bool {
        self.readings.is_empty()
    }

    pub fn span(&self) -> Option<(Timestamp, Timestamp)> {
        Some((self.readings.first()?.at, self.readings.last()?.at))
    }

    pub fn values(&self) -> impl ExactSizeIterator<Item = f64> + '_ {
        self.readings.iter().map(Reading::mg_per_dl)
    }

    /// The readings from `from` up to but not at `until`.
    pub fn between(&self, from: Timestamp, until: Timestamp) -> &[Reading] {
        let begin = self.readings.partition_point(|reading| reading.at < from);
        let end = self.readings.partition_point(|reading| reading.at < until);
        self.readings.get(begin..end).unwrap_or_default()
    }

    /// The same from `from` up to but not at `until`. What was set aside of the whole counts for the part.
    pub fn part(&self, from: Timestamp, until: Timestamp) -> Self {
        Self {
            readings: self.between(from, until).to_vec(),
            set_aside: self.set_aside,
        }
    }

    /// How far apart readings usually are: the commonest distance, in whole minutes.
    pub fn interval(&self) -> SignedDuration {
        interval_of(&self.readings)
    }

    /// Of the time from the first reading to the last.
    pub fn coverage(&self) -> Coverage {
        match self.span() {
            Some((first, last)) => self.covers(first, last + self.interval()),
            None => self.covers(Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH),
        }
    }

    /// Of the time from `from` to `until`.
    pub fn covers(&self, from: Timestamp, until: Timestamp) -> Coverage {
        let interval = self.interval().as_secs_f64();
        let within = self.between(from, until);
        let seconds = |from: Timestamp, until: Timestamp| until.duration_since(from).as_secs_f64().max(0.0);
        let expected = (seconds(from, until) / interval).round() as usize;
        let span = within.first().zip(within.last());
        Coverage {
            readings: within.len(),
            expected,
            share: (within.len() as f64 / expected.max(1) as f64).min(1.0),
            days: span.map_or(0.0, |(first, last)| (seconds(first.at, last.at) + interval) / DAY),
        }
    }

    /// Stretches that no gap breaks.
    pub fn unbroken(&self) -> impl Iterator<Item = &[Reading]> {
        self.readings
            .chunk_by(|one, next| next.at.duration_since(one.at) <= GAP)
    }
}

/// How far apart readings usually are: the commonest distance, in whole minutes.
pub(super) fn interval_of(readings: &[Reading]) -> SignedDuration {
    let mut counts = BTreeMap::<i64, usize>::new();
    for (one, next) in readings.iter().zip(readings.iter().skip(1)) {
        let minutes = next.at.duration_since(one.at).as_mins();
        if (1..=GAP.as_mins()).contains(&minutes) {
            *counts.entry(minutes).or_default() += 1;
        }
    }
    // Of two that are as common, the shorter.
    let commonest = counts.into_iter().max_by_key(|(minutes, count)| (*count, -*minutes));
    commonest.map_or(USUAL_INTERVAL, |(minutes, _)| SignedDuration::from_mins(minutes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::glucose::Value;

    fn at(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)
    }

    fn series(readings: &[(i64, f64)]) -> Series {
        Series::new(
            readings
                .iter()
                .map(|(minute, number)| Reading::measured(at(*minute), *number)),
        )
    }

    #[test]
    fn readings_are_put_in_order_and_what_cannot_be_is_counted() {
        let series = series(&[
            (10, 100.0),
            (0, 90.0),
            (5, 5.5),
            (10, 110.0),
            (15, f64::NAN),
            (20, 601.0),
        ]);
        let found: Vec<f64> = series.values().collect();
        assert_eq!((found, series.set_aside()), (vec![90.0, 110.0], 3));
        let never = Series::new([Timestamp::MIN, Timestamp::MAX].map(|at| Reading::measured(at, 100.0)));
        assert_eq!((never.is_empty(), never.set_aside()), (true, 2));
        let low = Series::new([
            Reading {
                at: at(0),
                value: Value::Low,
            },
            Reading {
                at: at(5),
                value: Value::High,
            },
        ]);
        assert_eq!(low.values().collect::<Vec<_>>(), [39.0, 401.0]);
    }

    #[test]
    fn the_interval_is_the_commonest_distance() {
        let minutes = [0, 15, 30, 45, 50, 55, 200];
        let found = series(&minutes.map(|minute| (minute, 100.0))).interval();
        assert_eq!(found, SignedDuration::from_mins(15));
        assert_eq!(series(&[]).interval(), USUAL_INTERVAL);
        assert_eq!(series(&[(0, 100.0), (5_000, 100.0)]).interval(), USUAL_INTERVAL);
    }

    #[test]
    fn coverage_is_what_is_there_of_what_could_be() {
        let half: Vec<(i64, f64)> = (0..288).step_by(2).map(|step| (step * 5, 100.0)).collect();
        // Every other reading is missing, but one pair says what the interval is.
        let few = series(&[&half[..], &[(5, 100.0)]].concat());
        assert_eq!(few.interval(), SignedDuration::from_mins(10));
        let day: Vec<(i64, f64)> = (0..288).map(|step| (step * 5, 100.0)).collect();
        let whole = series(&day).coverage();
        assert_eq!(
            (whole.readings, whole.expected, whole.share, whole.days),
            (288, 288, 1.0, 1.0)
        );
        assert!(!whole.is_enough());
        let window = series(&day).covers(at(0), at(2 * 1440));
        assert_eq!((window.expected, window.share), (576, 0.5));
        assert_eq!(series(&[]).coverage().share, 0.0);
        let fortnight: Vec<(i64, f64)> = (0..14 * 288).map(|step| (step * 5, 100.0)).collect();
        assert!(series(&fortnight).coverage().is_enough());
    }
}
