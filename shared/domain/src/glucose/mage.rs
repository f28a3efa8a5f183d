//! Mean amplitude of glycaemic excursions (Service et al., 1970).
//!
//! Published algorithms differ: on one series packages gave 112 and 129. This one is the definition, read plainly:
//! readings are followed from turning point to turning point, and a turn counts once glucose has moved back by more
//! than the SD of the whole series. So what is left goes up and down in turn, each time by more than the SD. Counted
//! are the movements in the direction of the first one. Readings are not smoothed; where a gap breaks the series, it
//! begins anew.

use super::Reading;
use super::series::Series;

pub(super) fn mage(series: &Series, sd: f64) -> Option<f64> {
    let swings: Vec<f64> = series.unbroken().flat_map(|stretch| swings(stretch, sd)).collect();
    let is_up = *swings.first()? > 0.0;
    let counted: Vec<f64> = swings.into_iter().filter(|swing| (*swing > 0.0) == is_up).collect();
    Some(counted.iter().map(|swing| swing.abs()).sum::<f64>() / counted.len() as f64)
}

/// By how much glucose goes up (more than 0) and down between turning points. The last movement counts as far as it
/// went.
fn swings(stretch: &[Reading], sd: f64) -> Vec<f64> {
    let mut values = stretch.iter().map(Reading::mg_per_dl);
    let Some(first) = values.next() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let (mut least, mut most) = (first, first);
    // The turning point that the present movement began at, and how far it has come.
    let mut moving: Option<(f64, f64)> = None;
    for value in values {
        moving = match moving {
            None => {
                (least, most) = (least.min(value), most.max(value));
                if value - least > sd {
                    Some((least, value))
                } else if most - value > sd {
                    Some((most, value))
                } else {
                    None
                }
            }
            Some((from, to)) => {
                let is_up = to > from;
                let is_further = if is_up { value >= to } else { value <= to };
                if is_further {
                    Some((from, value))
                } else if (value - to).abs() > sd {
                    found.push(to - from);
                    Some((to, value))
                } else {
                    Some((from, to))
                }
            }
        };
    }
    found.extend(moving.map(|(from, to)| to - from));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::{SignedDuration, Timestamp};

    fn stretch(values: &[f64]) -> Vec<Reading> {
        let mut at = Timestamp::UNIX_EPOCH;
        let readings = values.iter().map(|value| {
            at += SignedDuration::from_mins(5);
            Reading::measured(at, *value)
        });
        readings.collect()
    }

    #[test]
    fn swings_go_from_turning_point_to_turning_point() {
        // A dip of 10 on the way up is none.
        let readings = stretch(&[100.0, 120.0, 150.0, 140.0, 180.0, 90.0, 95.0, 88.0, 160.0]);
        assert_eq!(swings(&readings, 30.0), [80.0, -92.0, 72.0]);
        assert_eq!(mage(&Series::new(readings), 30.0), Some(76.0));
    }

    #[test]
    fn what_does_not_swing_has_none() {
        assert_eq!(mage(&Series::new(stretch(&[100.0, 110.0, 100.0])), 10.0), None);
        assert_eq!(mage(&Series::new([]), 0.0), None);
    }
}
