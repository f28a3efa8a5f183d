//! Episodes of low and high glucose, as the consensus defines them (Battelino et al., 2023) and the reference package
//! counts them.
//!
//! Readings are first laid on an even grid, at whole multiples of their interval, on straight lines between neighbours
//! that are no more than 45 minutes apart. An episode begins with the first of 15 minutes beyond the threshold, and
//! ends before the first 15 minutes that are not, or at a gap. Readings that are back for less belong to it. Level two
//! lies within level one.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Reading;
use super::series::Series;

const LEAST: SignedDuration = SignedDuration::from_mins(15);
/// A low of more than two hours is prolonged.
const PROLONGED: SignedDuration = SignedDuration::from_hours(2);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "GlucoseEpisodeKind")]
pub enum Kind {
    /// Below 70.
    Low,
    /// Below 54.
    VeryLow,
    /// Below 70 for more than two hours.
    ProlongedLow,
    /// Above 180.
    High,
    /// Above 250.
    VeryHigh,
}

impl Kind {
    pub const ALL: [Kind; 5] = [Kind::Low, Kind::VeryLow, Kind::ProlongedLow, Kind::High, Kind::VeryHigh];

    fn is_low(self) -> bool {
        matches!(self, Kind::Low | Kind::VeryLow | Kind::ProlongedLow)
    }

    fn is_beyond(self, value: f64) -> bool {
        match self {
            Kind::Low | Kind::ProlongedLow => value < 70.0,
            Kind::VeryLow => value < 54.0,
            Kind::High => value > 180.0,
            Kind::VeryHigh => value > 250.0,
        }
    }

    /// How many readings in a row make an episode.
    fn begins_after(self, interval: SignedDuration) -> usize {
        match self {
            Kind::ProlongedLow => (PROLONGED.as_secs() / interval.as_secs().max(1)) as usize + 1,
            _ => in_a_row(interval),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "GlucoseEpisode")]
pub struct Episode {
    pub kind: Kind,
    #[schemars(with = "String")]
    pub from: Timestamp,
    #[schemars(with = "String")]
    pub until: Timestamp,
    pub minutes: f64,
    pub mean: f64,
    /// The lowest of a low, the highest of a high.
    pub extreme: f64,
}

/// Episodes of one kind, counted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "GlucoseEpisodeCount")]
pub struct Count {
    pub kind: Kind,
    pub count: usize,
    /// Of the time that has readings.
    pub per_day: f64,
    /// None where there are none, as the next.
    pub mean_minutes: Option<f64>,
    /// The mean of the episodes' means.
    pub mean: Option<f64>,
}

/// A series on its grid.
pub struct Grid {
    step: SignedDuration,
    stretches: Vec<Stretch>,
}

struct Stretch {
    from: Timestamp,
    values: Vec<f64>,
}

impl Grid {
    pub fn of(series: &Series) -> Self {
        let step = series.interval();
        let stretches = series.unbroken().filter_map(|part| Stretch::of(part, step));
        Self {
            step,
            stretches: stretches.collect(),
        }
    }

    /// In order of time.
    pub fn episodes(&self, kind: Kind) -> Vec<Episode> {
        self.stretches
            .iter()
            .flat_map(|stretch| stretch.episodes(kind, self.step))
            .collect()
    }

    pub fn count(&self, kind: Kind) -> Count {
        let episodes = self.episodes(kind);
        let points: usize = self.stretches.iter().map(|stretch| stretch.values.len()).sum();
        let days = points as f64 * self.step.as_secs_f64() / 86_400.0;
        let mean = |of: fn(&Episode) -> f64| {
            let sum: f64 = episodes.iter().map(of).sum();
            (!episodes.is_empty()).then_some(sum / episodes.len() as f64)
        };
        Count {
            kind,
            count: episodes.len(),
            per_day: if days > 0.0 { episodes.len() as f64 / days } else { 0.0 },
            mean_minutes: mean(|episode| episode.minutes),
            mean: mean(|episode| episode.mean),
        }
    }
}

impl Stretch {
    /// None where no point of the grid lies within.
    fn of(readings: &[Reading], step: SignedDuration) -> Option<Self> {
        let step = step.as_secs().max(1);
        let (first, last) = (readings.first()?, readings.last()?);
        let begin = -(-first.at.as_second()).div_euclid(step);
        let end = last.at.as_second().div_euclid(step);
        let mut values = Vec::new();
        let mut next = 0;
        for point in begin..=end {
            let second = point * step;
            while readings
                .get(next)
                .is_some_and(|reading| reading.at.as_second() < second)
            {
                next += 1;
            }
            let upper = readings.get(next)?;
            let lower = readings.get(next.saturating_sub(1)).unwrap_or(upper);
            values.push(between(lower, upper, second));
        }
        let from = Timestamp::from_second(begin * step).ok()?;
        (!values.is_empty()).then_some(Self { from, values })
    }

    fn episodes(&self, kind: Kind, step: SignedDuration) -> Vec<Episode> {
        let (to_begin, to_end) = (kind.begins_after(step), in_a_row(step));
        let mut found = Vec::new();
        let mut began = None;
        let mut place = 0;
        for run in self
            .values
            .chunk_by(|one, next| kind.is_beyond(*one) == kind.is_beyond(*next))
        {
            let is_beyond = run.first().is_some_and(|value| kind.is_beyond(*value));
            if is_beyond && run.len() >= to_begin {
                began = began.or(Some(place));
            } else if !is_beyond && run.len() >= to_end {
                found.extend(began.take().and_then(|from| self.episode(kind, step, from, place)));
            }
            place += run.len();
        }
        found.extend(began.and_then(|from| self.episode(kind, step, from, place)));
        found
    }

    fn episode(&self, kind: Kind, step: SignedDuration, begin: usize, end: usize) -> Option<Episode> {
        let values = self.values.get(begin..end)?;
        let after = |points: usize| self.from + step * i32::try_from(points).unwrap_or(i32::MAX);
        let further = if kind.is_low() { f64::min } else { f64::max };
        Some(Episode {
            kind,
            from: after(begin),
            until: after(end),
            minutes: values.len() as f64 * step.as_secs_f64() / 60.0,
            mean: values.iter().sum::<f64>() / values.len() as f64,
            extreme: values.iter().copied().reduce(further)?,
        })
    }
}

fn in_a_row(interval: SignedDuration) -> usize {
    let interval = interval.as_secs().max(1);
    (LEAST.as_secs() + interval - 1).div_euclid(interval) as usize
}

fn between(lower: &Reading, upper: &Reading, second: i64) -> f64 {
    let apart = upper.at.duration_since(lower.at).as_secs_f64() / 60.0;
    let gone = (second - lower.at.as_second()) as f64 / 60.0;
    if apart <= 0.0 || upper.at.as_second() == second {
        return upper.mg_per_dl();
    }
    let slope = (upper.mg_per_dl() - lower.mg_per_dl()) / apart;
    slope * gone + lower.mg_per_dl()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)
    }

    fn grid(values: &[f64]) -> Grid {
        let readings = (0..)
            .zip(values)
            .map(|(step, value)| Reading::measured(at(step * 5), *value));
        Grid::of(&Series::new(readings))
    }

    #[test]
    fn an_episode_begins_and_ends_after_a_quarter_of_an_hour() {
        let values = [
            100.0, 60.0, 65.0, 100.0, 60.0, 50.0, 65.0, 90.0, 90.0, 66.0, 80.0, 80.0, 80.0, 60.0,
        ];
        let found = grid(&values).episodes(Kind::Low);
        // The first two are too few, two that are back are too few, the last one is too few.
        assert_eq!(found.len(), 1);
        let episode = found[0];
        assert_eq!((episode.from, episode.until, episode.minutes), (at(20), at(50), 30.0));
        assert_eq!((episode.extreme, episode.mean), (50.0, 421.0 / 6.0));
        assert!(grid(&values).episodes(Kind::VeryLow).is_empty());
    }

    #[test]
    fn a_gap_ends_an_episode() {
        let low = (0..4).chain(20..24).map(|step| Reading::measured(at(step * 5), 60.0));
        let found = Grid::of(&Series::new(low)).episodes(Kind::Low);
        let ends: Vec<Timestamp> = found.iter().map(|episode| episode.until).collect();
        assert_eq!(ends, [at(20), at(120)]);
    }

    #[test]
    fn a_low_of_more_than_two_hours_is_prolonged() {
        assert_eq!(grid(&[60.0; 24]).count(Kind::ProlongedLow).count, 0);
        assert_eq!(grid(&[60.0; 25]).count(Kind::ProlongedLow).count, 1);
        let none = grid(&[]).count(Kind::Low);
        assert_eq!((none.count, none.per_day, none.mean), (0, 0.0, None));
    }

    proptest! {
        #[test]
        fn episodes_are_apart_long_enough_and_nested(values in prop::collection::vec(30.0_f64..330.0, 0..300)) {
            let grid = grid(&values);
            for kind in Kind::ALL {
                let found = grid.episodes(kind);
                prop_assert!(found.iter().all(|episode| episode.minutes >= 15.0));
                for pair in found.windows(2) {
                    prop_assert!(pair[1].from.duration_since(pair[0].until) >= LEAST);
                }
            }
            for (inner, outer) in [(Kind::VeryLow, Kind::Low), (Kind::VeryHigh, Kind::High)] {
                let outer = grid.episodes(outer);
                for episode in grid.episodes(inner) {
                    prop_assert!(outer.iter().any(|one| one.from <= episode.from && episode.from < one.until));
                }
            }
        }
    }
}
