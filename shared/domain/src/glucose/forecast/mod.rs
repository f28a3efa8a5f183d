//! Where glucose is likely to be in half an hour and in an hour.
//!
//! A linear model, one for each interval of readings: what is seen are the changes of the last hour, how far glucose is
//! from its mean of the day before, and how much it varied then. Intervals are as wide as the errors of people whom the
//! model had not seen, by how much glucose varies and moves, and by whether it is low, in range or high. What was
//! measured stands in `shared/models/training/GLUCOSE.md`.

mod parameters;

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use super::Reading;
use super::reading::Value;
use super::series::{Series, interval_of};
use crate::refusal::{Kind, Refusal};
use parameters::{EVERY_5_MINUTES, EVERY_15_MINUTES};

/// Rises with the parameters.
pub const MODEL: &str = "glucose-ridge-1";
/// What goes with every forecast.
pub const NOTE: &str = "An estimate from past readings that knows nothing of meals, insulin or exercise to come. It is \
no advice on a dose: decide by a measured value and by what was agreed with a clinician.";

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "GlucoseForecast")]
pub struct Forecast {
    /// When the newest reading was taken; the forecast counts from there.
    #[schemars(with = "String")]
    pub from: Timestamp,
    /// In mg/dL, as all here.
    pub newest: f64,
    pub ahead: Vec<Ahead>,
    pub model: &'static str,
    pub note: &'static str,
}

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "GlucoseForecastAhead")]
pub struct Ahead {
    pub minutes: i64,
    #[schemars(with = "String")]
    pub at: Timestamp,
    pub expected: f64,
    /// Held in about 80 of 100 cases among people that the model had not seen; below 90 mg/dL in type 1 diabetes in 70
    /// to 73.
    pub likely: Interval,
    /// Held in about 95 of 100.
    pub nearly_certain: Interval,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "GlucoseInterval")]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

/// Why nothing is foretold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoForecast {
    #[error("There are no readings of the last hour")]
    NoReadings,
    #[error("The newest reading is too old to go on from")]
    TooOld,
    #[error("The newest reading is later than now")]
    AheadOfTheClock,
    #[error("There is a gap in the readings of the last hour")]
    Gap,
    /// "Low" and "high" without a number are no less so than leaps.
    #[error("The readings of the last hour cannot be relied on: beyond what the sensor measures, or they leap")]
    Implausible,
    #[error("Only readings every 5 or 15 minutes can be gone on from")]
    UnknownInterval,
}

impl Refusal for NoForecast {
    fn kind(&self) -> Kind {
        Kind::Conflict
    }

    fn code(&self) -> &'static str {
        match self {
            NoForecast::NoReadings => "no_readings",
            NoForecast::TooOld => "readings_too_old",
            NoForecast::AheadOfTheClock => "readings_ahead_of_the_clock",
            NoForecast::Gap => "gap_in_readings",
            NoForecast::Implausible => "implausible_readings",
            NoForecast::UnknownInterval => "unknown_interval",
        }
    }
}

/// One model for one time ahead.
struct Fitted {
    minutes: i64,
    /// What each thing that is seen adds to the change, in the order of [`Seen::shape`].
    change: &'static [f64],
    /// What the size of errors depends on, in the order of [`Seen::width`].
    width: [f64; 3],
    /// Of errors in that size, in the order of [`Seen::band`]: 2.5, 10, 90 and 97.5 %.
    quantiles: [[f64; 4]; 6],
}

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// How much later than expected the next reading may be.
const LATE: SignedDuration = SignedDuration::from_mins(10);
/// Clocks differ.
const EARLY: SignedDuration = SignedDuration::from_mins(2);
/// Nobody's glucose moves as fast, in mg/dL a minute.
const FASTEST: f64 = 8.0;
/// From this SD of a day on somebody swings.
const SWINGS: f64 = 40.0;
/// No sensor shows what is beyond these.
const LEAST: f64 = 39.0;
const MOST: f64 = 501.0;

pub fn forecast(series: &Series, now: Timestamp) -> Result<Forecast, NoForecast> {
    let newest = series.readings().last().ok_or(NoForecast::NoReadings)?;
    let day = series.between(newest.at - DAY, newest.at + SignedDuration::from_secs(1));
    let interval = interval_of(day);
    if newest.at.duration_since(now) > EARLY {
        return Err(NoForecast::AheadOfTheClock);
    }
    if now.duration_since(newest.at) > interval + LATE {
        return Err(NoForecast::TooOld);
    }
    let models = match interval.as_mins() {
        5 => &EVERY_5_MINUTES,
        15 => &EVERY_15_MINUTES,
        _ => return Err(NoForecast::UnknownInterval),
    };
    let seen = Seen::of(day, interval)?;
    Ok(Forecast {
        from: newest.at,
        newest: newest.mg_per_dl(),
        ahead: models.iter().map(|fitted| fitted.ahead(&seen, newest.at)).collect(),
        model: MODEL,
        note: NOTE,
    })
}

/// What the models see.
struct Seen {
    /// Now, and 15, 30, 45 and 60 minutes ago.
    quarters: [f64; 5],
    /// Now, and 5 and 10 minutes ago, where there are such readings.
    fine: Option<[f64; 3]>,
    mean: f64,
    /// The SD of the day before.
    spread: f64,
}

impl Seen {
    fn of(day: &[Reading], interval: SignedDuration) -> Result<Self, NoForecast> {
        let hour = recent_hour(day, interval)?;
        let ago = |minutes: i64| {
            let steps = minutes / interval.as_mins().max(1);
            let reading = usize::try_from(steps)
                .ok()
                .and_then(|steps| hour.iter().rev().nth(steps));
            reading.map(Reading::mg_per_dl).ok_or(NoForecast::Gap)
        };
        let count = day.len() as f64;
        let mean = day.iter().map(Reading::mg_per_dl).sum::<f64>() / count;
        let squares: f64 = day.iter().map(|reading| (reading.mg_per_dl() - mean).powi(2)).sum();
        Ok(Self {
            quarters: [ago(0)?, ago(15)?, ago(30)?, ago(45)?, ago(60)?],
            fine: match interval.as_mins() {
                5 => Some([ago(0)?, ago(5)?, ago(10)?]),
                _ => None,
            },
            mean,
            spread: (squares / count).sqrt().min(80.0),
        })
    }

    /// As `shape` in `glucose_windows.py`.
    fn shape(&self) -> impl Iterator<Item = f64> {
        let [now, first, second, third, fourth] = self.quarters;
        let slopes = [now - first, first - second, second - third, third - fourth].map(|change| change / 30.0);
        let away = (now - self.mean) / 30.0;
        let spread = self.spread / 30.0 - 1.0;
        let [last, before, ..] = slopes;
        let level = [away, (self.mean - 140.0) / 30.0, spread];
        let together = [last * spread, before * spread, away * spread];
        let fine = self
            .fine
            .map(|[now, five, ten]| [(now - five) / 30.0, (five - ten) / 30.0]);
        std::iter::once(1.0)
            .chain(slopes)
            .chain(level)
            .chain(together)
            .chain(fine.into_iter().flatten())
    }

    fn width(&self) -> [f64; 3] {
        let [now, before, ..] = self.quarters;
        [1.0, self.spread / 30.0, (now - before).abs() / 30.0]
    }

    /// Which quantiles hold: those of what is low, in range or high, of people who swing less and of those who swing
    /// more.
    fn band(&self) -> usize {
        let [now, ..] = self.quarters;
        usize::from(now >= 90.0) + usize::from(now > 180.0) + 3 * usize::from(self.spread >= SWINGS)
    }
}

/// The readings from an hour before the newest up to it, if each is there and can be relied on.
fn recent_hour(day: &[Reading], interval: SignedDuration) -> Result<&[Reading], NoForecast> {
    let steps = HOUR.as_secs() / interval.as_secs().max(1);
    let count = usize::try_from(steps).unwrap_or_default() + 1;
    let hour = day
        .len()
        .checked_sub(count)
        .and_then(|begin| day.get(begin..))
        .ok_or(NoForecast::Gap)?;
    for (one, next) in hour.iter().zip(hour.iter().skip(1)) {
        let apart = next.at.duration_since(one.at);
        // Give or take a fifth.
        if (apart - interval).abs() * 5 > interval {
            return Err(NoForecast::Gap);
        }
        let fast = (next.mg_per_dl() - one.mg_per_dl()).abs() / (apart.as_secs_f64() / 60.0);
        if fast > FASTEST {
            return Err(NoForecast::Implausible);
        }
    }
    let is_measured = |reading: &Reading| matches!(reading.value, Value::Measured(_));
    if hour.iter().all(is_measured) {
        Ok(hour)
    } else {
        Err(NoForecast::Implausible)
    }
}

impl Fitted {
    fn ahead(&self, seen: &Seen, from: Timestamp) -> Ahead {
        let [now, ..] = seen.quarters;
        let change: f64 = self.change.iter().zip(seen.shape()).map(|(weight, x)| weight * x).sum();
        let sum: f64 = self.width.iter().zip(seen.width()).map(|(weight, x)| weight * x).sum();
        let width = sum.max(1.0);
        let [least, low, high, most] = self.quantiles.get(seen.band()).copied().unwrap_or_default();
        let shown = |number: f64| number.clamp(LEAST, MOST);
        let expected = shown(now + change);
        let between = |low: f64, high: f64| Interval {
            low: shown(expected + low * width),
            high: shown(expected + high * width),
        };
        Ahead {
            minutes: self.minutes,
            at: from + SignedDuration::from_mins(self.minutes),
            expected,
            likely: between(low, high),
            nearly_certain: between(least, most),
        }
    }
}

#[cfg(test)]
mod tests;
