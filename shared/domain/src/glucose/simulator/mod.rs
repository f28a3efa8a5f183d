//! People with a glucose sensor who do not exist, for the stand-in of the sensor's cloud, the sample clinic and tests.
//!
//! What they eat, inject and do is drawn from a seed, day by day; a reading is the sum of what all of that does to
//! glucose, each along the response of a few compartments in a row, of the hours of the day, and of what the sensor
//! adds. So any stretch can be asked for, reads the same each time, and fits its neighbours without a seam.
//!
//! It is made to look real, not to be right: nothing may be learned from it about anybody.

mod chance;
mod life;
mod sensor;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::reading::DEXCOM;
use super::{Reading, Value};
use chance::Chance;
pub use life::{Act, Event};

/// How far apart readings are.
pub const INTERVAL: SignedDuration = SignedDuration::from_mins(5);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    None,
    TypeOne,
    TypeTwo,
}

/// Somebody, all of whose days follow from the seed.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    chance: Chance,
    condition: Condition,
    /// They eat and sleep by this clock.
    zone: TimeZone,
}

/// The readings of a day of UTC of somebody with type 1 diabetes, oldest first, in mg/dL.
pub fn day(seed: u64, date: Date) -> Vec<(Timestamp, f64)> {
    let person = Person::new(seed, Condition::TypeOne, TimeZone::UTC);
    let readings = person.day(date);
    readings
        .into_iter()
        .map(|reading| (reading.at, reading.mg_per_dl()))
        .collect()
}

impl Person {
    pub fn new(seed: u64, condition: Condition, zone: TimeZone) -> Self {
        Self {
            chance: Chance::new(seed),
            condition,
            zone,
        }
    }

    /// The readings of a day of their clock, oldest first.
    pub fn day(&self, date: Date) -> Vec<Reading> {
        let (Ok(from), Ok(until)) = (
            self.midnight(date),
            date.tomorrow().and_then(|next| self.midnight(next)),
        ) else {
            return Vec::new();
        };
        self.readings(from, until)
    }

    /// Oldest first, those at `from` included and those at `until` not.
    pub fn readings(&self, from: Timestamp, until: Timestamp) -> Vec<Reading> {
        let sensor = sensor::Sensor::new(self.chance);
        let Ok(lived_from) = from.checked_sub(life::LASTS) else {
            return Vec::new();
        };
        let events = self.events(lived_from, until);
        sensor
            .moments(from, until)
            .filter(|at| !sensor.is_silent(*at))
            .map(|at| Reading {
                at,
                value: Value::of(sensor.shows(at, self.glucose(&events, at)), &DEXCOM),
            })
            .collect()
    }

    /// What they ate, injected and did, oldest first, from `from` up to but not at `until`.
    pub fn events(&self, from: Timestamp, until: Timestamp) -> Vec<Event> {
        let mut events = Vec::new();
        let mut date = self.zone.to_datetime(from).date();
        let last = self.zone.to_datetime(until).date();
        while date <= last {
            events.extend(life::events(self.chance, self.condition, &self.zone, date));
            let Ok(next) = date.tomorrow() else { break };
            date = next;
        }
        events.retain(|event| (from..until).contains(&event.at));
        events.sort_by_key(|event| event.at);
        events
    }

    fn glucose(&self, events: &[Event], at: Timestamp) -> f64 {
        let now = self.zone.to_datetime(at);
        let hour = f64::from(now.hour()) + f64::from(now.minute()) / 60.0;
        let begun = events.partition_point(|event| event.at < at);
        let over = events.partition_point(|event| event.at.duration_since(at) <= -life::LASTS);
        let felt = events.get(over..begun).unwrap_or_default();
        let sum: f64 = felt.iter().map(|event| event.effect(self.condition, at)).sum();
        countered(life::at_rest(self.chance, self.condition, at, hour) + sum)
    }

    fn midnight(&self, date: Date) -> Result<Timestamp, jiff::Error> {
        self.zone.to_timestamp(date.at(0, 0, 0, 0))
    }
}

/// The body fights a low more the lower it is, so the sum bends towards a floor; above 90 nothing is changed.
fn countered(sum: f64) -> f64 {
    const FLOOR: f64 = 36.0;
    const BEND: f64 = 90.0;
    if sum >= BEND {
        return sum;
    }
    let room = BEND - FLOOR;
    FLOOR + room * ((sum - BEND) / room).exp()
}

#[cfg(test)]
mod tests;
