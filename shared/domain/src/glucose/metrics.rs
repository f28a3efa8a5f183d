//! Figures over a series, as the consensus on continuous glucose monitoring and its authors define them. All in mg/dL.

use schemars::JsonSchema;
use serde::Serialize;

use super::mage::mage;
use super::series::{Coverage, Series};

/// Per cent of the readings in each range. Both 70 and 180 are in range.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "GlucoseRanges")]
pub struct Ranges {
    /// Below 54.
    pub very_low: f64,
    /// From 54, below 70.
    pub low: f64,
    /// From 70 to 180.
    pub in_range: f64,
    /// Above 180, up to 250.
    pub high: f64,
    /// Above 250.
    pub very_high: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "GlucoseSummary")]
pub struct Summary {
    /// How much the figures rest on.
    pub coverage: Coverage,
    /// Whether that is enough to say something of the person: 14 days, and 70 % of them.
    pub is_sufficient: bool,
    /// Readings that nobody can believe; they count nowhere.
    pub set_aside: usize,
    pub mean: f64,
    /// Of a sample (n - 1); 0 of one reading.
    pub sd: f64,
    /// Coefficient of variation, in per cent.
    pub cv: f64,
    /// Glucose management indicator, in per cent (Bergenstal et al., 2018).
    pub gmi: f64,
    /// HbA1c as estimated from the mean, in per cent (Nathan et al., 2008).
    pub ea1c: f64,
    pub ranges: Ranges,
    /// Glycaemia risk index, 0 to 100 (Klonoff et al., 2022).
    pub gri: f64,
    /// Wójcicki, 1995.
    pub j_index: f64,
    /// Risk of low and of high glucose (Kovatchev et al., 1997).
    pub lbgi: f64,
    pub hbgi: f64,
    /// Mean amplitude of swings; none where nothing swings by more than the SD. Its algorithm is said at [`mage`].
    pub mage: Option<f64>,
}

impl Ranges {
    pub fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut counts = [0_usize; 5];
        let mut all = 0_usize;
        for value in values {
            let place = match value {
                low if low < 54.0 => 0,
                low if low < 70.0 => 1,
                fine if fine <= 180.0 => 2,
                high if high <= 250.0 => 3,
                _ => 4,
            };
            if let Some(count) = counts.get_mut(place) {
                *count += 1;
            }
            all += 1;
        }
        let share = |count: usize| 100.0 * count as f64 / all.max(1) as f64;
        let [very_low, low, in_range, high, very_high] = counts.map(share);
        Self {
            very_low,
            low,
            in_range,
            high,
            very_high,
        }
    }

    /// From the lowest to the highest.
    pub fn in_order(&self) -> [f64; 5] {
        [self.very_low, self.low, self.in_range, self.high, self.very_high]
    }

    fn gri(&self) -> f64 {
        let sum = 3.0 * self.very_low + 2.4 * self.low + 1.6 * self.very_high + 0.8 * self.high;
        sum.min(100.0)
    }
}

impl Summary {
    /// None of no readings.
    pub fn of(series: &Series) -> Option<Self> {
        Self::with_coverage(series, series.coverage())
    }

    /// The same where another time was asked for than that from the first reading to the last.
    pub fn with_coverage(series: &Series, coverage: Coverage) -> Option<Self> {
        if series.is_empty() {
            return None;
        }
        let count = series.values().len() as f64;
        let mean = series.values().sum::<f64>() / count;
        let squares: f64 = series.values().map(|value| (value - mean).powi(2)).sum();
        let sd = (squares / (count - 1.0).max(1.0)).sqrt();
        let ranges = Ranges::of(series.values());
        let risk = |is_counted: fn(f64) -> bool| {
            let symmetric = series.values().map(symmetric).filter(|number| is_counted(*number));
            symmetric.map(|number| 10.0 * number * number).sum::<f64>() / count
        };
        Some(Self {
            is_sufficient: coverage.is_enough(),
            coverage,
            set_aside: series.set_aside(),
            mean,
            sd,
            cv: 100.0 * sd / mean,
            gmi: 3.31 + 0.023_92 * mean,
            ea1c: (46.7 + mean) / 28.7,
            ranges,
            gri: ranges.gri(),
            j_index: 0.001 * (mean + sd).powi(2),
            lbgi: risk(|number| number < 0.0),
            hbgi: risk(|number| number > 0.0),
            mage: mage(series, sd),
        })
    }
}

/// On a scale on which lows and highs weigh the same; 0 at 112.5.
fn symmetric(value: f64) -> f64 {
    1.509 * (value.ln().powf(1.084) - 5.381)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::glucose::{Reading, Value};
    use jiff::{SignedDuration, Timestamp};
    use proptest::prelude::*;

    fn series(values: &[f64]) -> Series {
        let mut at = Timestamp::UNIX_EPOCH;
        Series::new(values.iter().map(|value| {
            at += SignedDuration::from_mins(5);
            Reading::measured(at, *value)
        }))
    }

    #[test]
    fn bounds_belong_where_the_consensus_puts_them() {
        let ranges = |value: f64| Ranges::of([value].into_iter()).in_order();
        for (value, place) in [
            (53.9, 0),
            (54.0, 1),
            (69.9, 1),
            (70.0, 2),
            (180.0, 2),
            (180.1, 3),
            (250.0, 3),
            (250.1, 4),
        ] {
            assert_eq!(ranges(value)[place], 100.0, "{value}");
        }
    }

    #[test]
    fn low_and_high_without_a_number_are_time_below_and_above() {
        let (first, second) = (
            Timestamp::UNIX_EPOCH,
            Timestamp::UNIX_EPOCH + SignedDuration::from_mins(5),
        );
        let readings = [(first, Value::Low), (second, Value::High)];
        let series = Series::new(readings.map(|(at, value)| Reading { at, value }));
        let summary = Summary::of(&series).unwrap();
        assert_eq!(summary.ranges.in_order(), [50.0, 0.0, 0.0, 0.0, 50.0]);
        assert_eq!(summary.mean, 220.0);
    }

    #[test]
    fn one_reading_varies_by_nothing_and_none_is_no_summary() {
        let one = Summary::of(&series(&[112.0])).unwrap();
        assert_eq!((one.sd, one.cv, one.mage, one.ranges.in_range), (0.0, 0.0, None, 100.0));
        assert_eq!(Summary::of(&series(&[])), None);
    }

    proptest! {
        #[test]
        fn figures_stay_within_what_they_can_be(values in prop::collection::vec(20.0_f64..600.0, 1..200)) {
            let summary = Summary::of(&series(&values)).unwrap();
            let sum: f64 = summary.ranges.in_order().iter().sum();
            prop_assert!((sum - 100.0).abs() < 1e-9);
            prop_assert!((20.0..=600.0).contains(&summary.mean) && summary.sd >= 0.0 && summary.sd <= 580.0);
            prop_assert!((0.0..=100.0).contains(&summary.gri) && summary.lbgi >= 0.0 && summary.hbgi >= 0.0);
            prop_assert!(summary.mage.is_none_or(|mage| mage > summary.sd && mage <= 580.0));
            prop_assert!(serde_json::to_string(&summary).unwrap().find("null").is_none() || summary.mage.is_none());
        }

        /// What is higher everywhere has a higher mean and estimate, and is not more often low.
        #[test]
        fn more_is_more(values in prop::collection::vec(40.0_f64..400.0, 2..100), by in 0.1_f64..100.0) {
            let higher: Vec<f64> = values.iter().map(|value| value + by).collect();
            let (one, other) = (Summary::of(&series(&values)).unwrap(), Summary::of(&series(&higher)).unwrap());
            prop_assert!(other.mean > one.mean && other.gmi > one.gmi && other.ea1c > one.ea1c);
            prop_assert!((other.sd - one.sd).abs() < 1e-6 && other.lbgi <= one.lbgi && other.hbgi >= one.hbgi);
            prop_assert!(other.ranges.very_low <= one.ranges.very_low);
        }
    }
}
