//! What the sensor makes of glucose: when it measures, what it adds, and when it says nothing.

use jiff::Timestamp;

use super::INTERVAL;
use super::chance::Chance;

pub(super) struct Sensor {
    chance: Chance,
    /// Seconds that its readings lie after whole steps of [`INTERVAL`].
    phase: i64,
}

/// A sensor is worn for ten days; the next one takes two hours to warm up.
const WORN: i64 = 10 * 86_400;
const WARM_UP: i64 = 2 * 3_600;
/// In every stretch of so many seconds the signal may be lost once.
const STRETCH: i64 = 8 * 3_600;

impl Sensor {
    pub(super) fn new(chance: Chance) -> Self {
        let chance = chance.of("sensor");
        let steps = INTERVAL.as_secs().cast_unsigned();
        Self {
            chance,
            phase: (chance.of("phase").bits() % steps).cast_signed(),
        }
    }

    /// When it measures, from `from` up to but not at `until`.
    pub(super) fn moments(&self, from: Timestamp, until: Timestamp) -> impl Iterator<Item = Timestamp> {
        let step = INTERVAL.as_secs();
        let begin = from.duration_since(Timestamp::UNIX_EPOCH).as_secs();
        let first = (begin - self.phase).div_euclid(step);
        (first..)
            .map_while(move |number| Timestamp::from_second(number * step + self.phase).ok())
            .skip_while(move |at| *at < from)
            .take_while(move |at| *at < until)
    }

    pub(super) fn is_silent(&self, at: Timestamp) -> bool {
        let second = at.as_second();
        let worn = (second + self.worn_since()).rem_euclid(WORN);
        worn < WARM_UP || self.is_lost(second)
    }

    /// What it shows of so much glucose: a drift that is set anew with each sensor, waves, and a little of its own at
    /// each reading. Whole numbers, as sensors report.
    pub(super) fn shows(&self, at: Timestamp, glucose: f64) -> f64 {
        let second = at.as_second();
        let sensor = (second + self.worn_since()).div_euclid(WORN);
        let drift = 1.0 + 0.03 * self.chance.of("drift").at(sensor).bell();
        let slow = 3.0 * self.chance.of("slow").wave(second as f64, 2_700.0);
        let quick = 1.2 * self.chance.of("quick").at(second).bell();
        (glucose * drift + slow + quick - self.pressed(second)).round()
    }

    fn worn_since(&self) -> i64 {
        (self.chance.of("worn").bits() % WORN.cast_unsigned()).cast_signed()
    }

    fn is_lost(&self, second: i64) -> bool {
        let stretch = second.div_euclid(STRETCH);
        let chance = self.chance.of("lost").at(stretch);
        if !chance.of("is").happens(0.12) {
            return false;
        }
        let lasts = chance.of("lasts").between(900.0, 6_000.0);
        let begins = chance.of("begins").between(0.0, STRETCH as f64 - lasts);
        let within = second.rem_euclid(STRETCH) as f64;
        (begins..begins + lasts).contains(&within)
    }

    /// Some nights somebody lies on it for a while, and it reads too low.
    fn pressed(&self, second: i64) -> f64 {
        let stretch = second.div_euclid(86_400);
        let chance = self.chance.of("pressed").at(stretch);
        if !chance.of("is").happens(0.1) {
            return 0.0;
        }
        let begins = chance.of("begins").between(0.0, 80_000.0);
        let lasts = 2_400.0;
        let part = (second.rem_euclid(86_400) as f64 - begins) / lasts;
        if !(0.0..=1.0).contains(&part) {
            return 0.0;
        }
        28.0 * (std::f64::consts::PI * part).sin().powi(2)
    }
}

/// How long the signal can be lost for at most, with the change of a sensor.
#[cfg(test)]
pub(super) const LONGEST_SILENCE: jiff::SignedDuration = jiff::SignedDuration::from_secs(6_000 + WARM_UP + 300);
