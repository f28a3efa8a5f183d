//! The ambulatory glucose profile: many days laid over each other, by the clock of the reader.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use super::series::{Coverage, Series};

/// Days before these are not looked at.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(90 * 24);
/// How many minutes of the day each bucket has.
pub const BUCKET: u16 = 15;
const MINUTES_OF_DAY: u16 = 24 * 60;
const BUCKETS: usize = (MINUTES_OF_DAY / BUCKET) as usize;

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "GlucoseProfile")]
pub struct Profile {
    /// Those times of the day that have readings, in order.
    pub buckets: Vec<Bucket>,
    pub coverage: Coverage,
    /// Whether there is enough to say something of the person: 14 days, and 70 % of them.
    pub is_sufficient: bool,
    #[schemars(with = "String")]
    pub from: Timestamp,
    #[schemars(with = "String")]
    pub until: Timestamp,
}

/// Percentiles of the readings of one time of day, in mg/dL.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "GlucoseProfileBucket")]
pub struct Bucket {
    /// Of the day, when it begins.
    pub minute: u16,
    pub readings: usize,
    pub p5: f64,
    pub p25: f64,
    pub p50: f64,
    pub p75: f64,
    pub p95: f64,
}

impl Profile {
    /// Of the last 90 days of the series at most.
    pub fn of(series: &Series, zone: &TimeZone) -> Self {
        let whole = series.span().map(|(first, last)| (first, last + series.interval()));
        match whole {
            Some((first, until)) => Self::between(series, first.max(until - LONGEST), until, zone),
            None => Self::between(series, Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH, zone),
        }
    }

    pub fn between(series: &Series, from: Timestamp, until: Timestamp, zone: &TimeZone) -> Self {
        let mut values = vec![Vec::new(); BUCKETS];
        for reading in series.between(from, until) {
            let clock = zone.to_datetime(reading.at);
            let minute = clock.hour() as usize * 60 + clock.minute() as usize;
            if let Some(bucket) = values.get_mut(minute / usize::from(BUCKET)) {
                bucket.push(reading.mg_per_dl());
            }
        }
        let coverage = series.covers(from, until);
        let buckets = (0..MINUTES_OF_DAY).step_by(usize::from(BUCKET)).zip(values);
        Self {
            buckets: buckets
                .filter_map(|(minute, values)| Bucket::of(minute, values))
                .collect(),
            is_sufficient: coverage.is_enough(),
            coverage,
            from,
            until,
        }
    }
}

impl Bucket {
    fn of(minute: u16, mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let at = |percent| percentile(&values, percent);
        Some(Self {
            minute,
            readings: values.len(),
            p5: at(5.0)?,
            p25: at(25.0)?,
            p50: at(50.0)?,
            p75: at(75.0)?,
            p95: at(95.0)?,
        })
    }

    pub fn in_order(&self) -> [f64; 5] {
        [self.p5, self.p25, self.p50, self.p75, self.p95]
    }
}

/// Of sorted values, on a line between the two nearest (type 7 of Hyndman and Fan, 1996).
fn percentile(sorted: &[f64], percent: f64) -> Option<f64> {
    let place = percent / 100.0 * sorted.len().checked_sub(1)? as f64;
    let lower = *sorted.get(place.floor() as usize)?;
    let upper = *sorted.get(place.ceil() as usize)?;
    Some(lower + (upper - lower) * place.fract())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::glucose::Reading;
    use proptest::prelude::*;

    #[test]
    fn percentiles_lie_on_a_line_between_readings() {
        let sorted = [10.0, 20.0, 30.0, 40.0];
        assert_eq!(percentile(&sorted, 50.0), Some(25.0));
        assert_eq!(percentile(&sorted, 25.0), Some(17.5));
        assert_eq!((percentile(&[7.0], 95.0), percentile(&[], 5.0)), (Some(7.0), None));
    }

    #[test]
    fn days_are_laid_over_each_other_by_the_readers_clock() {
        let readings = ["2026-03-01T02:35:00Z", "2026-03-02T02:40:00Z", "2025-11-01T02:40:00Z"];
        let series = Series::new(readings.map(|at| Reading::measured(at.parse().unwrap(), 100.0)));
        let profile = Profile::of(&series, &TimeZone::get("Asia/Kolkata").unwrap());
        // In India it is 8:05 and 8:10; what is older than 90 days does not count.
        let found: Vec<(u16, usize)> = profile
            .buckets
            .iter()
            .map(|bucket| (bucket.minute, bucket.readings))
            .collect();
        assert_eq!(found, [(8 * 60, 2)]);
        assert!(!profile.is_sufficient);
        let empty = Profile::of(&Series::new([]), &TimeZone::UTC);
        assert!(empty.buckets.is_empty() && !empty.is_sufficient);
    }

    proptest! {
        #[test]
        fn percentiles_never_cross(values in prop::collection::vec(40.0_f64..400.0, 1..100)) {
            let (least, most) = values.iter().fold((400.0_f64, 40.0_f64), |(l, m), v| (l.min(*v), m.max(*v)));
            let found = Bucket::of(0, values).unwrap().in_order();
            prop_assert!(found.windows(2).all(|pair| pair[0] <= pair[1]) && found[0] >= least && found[4] <= most);
        }
    }
}
