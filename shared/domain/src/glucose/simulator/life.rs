//! What people who do not exist do in a day, and what that does to their glucose.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::Condition;
use super::chance::Chance;

/// For how long anything is felt.
pub(super) const LASTS: SignedDuration = SignedDuration::from_hours(14);

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event {
    pub at: Timestamp,
    pub act: Act,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Act {
    Meal {
        grams: f64,
    },
    /// Fast-acting insulin.
    Bolus {
        units: f64,
    },
    /// Long-acting; its effect is in what glucose is at rest.
    Basal {
        units: f64,
    },
    Exercise {
        minutes: f64,
    },
}

/// Of meals: about when, in hours of the clock, how large, and how often it is eaten.
const MEALS: [(&str, f64, f64, f64); 4] = [
    ("breakfast", 7.5, 45.0, 0.95),
    ("lunch", 12.6, 60.0, 0.97),
    ("snack", 16.2, 20.0, 0.5),
    ("dinner", 19.2, 70.0, 1.0),
];

/// Grams that one unit of insulin is for.
const GRAMS_PER_UNIT: f64 = 10.0;

/// In no order.
pub(super) fn events(chance: Chance, condition: Condition, zone: &TimeZone, date: Date) -> Vec<Event> {
    let day = chance.of("day").at(day_number(date));
    let mut events = Vec::new();
    let mut add = |hour: f64, act: Act| {
        if let Some(at) = on_clock(zone, date, hour) {
            events.push(Event { at, act });
        }
    };
    for (name, hour, grams, often) in MEALS {
        let meal = day.of(name);
        if !meal.of("eaten").happens(often) {
            continue;
        }
        let hour = hour + 0.5 * meal.of("when").bell();
        let grams = (grams * (0.3 * meal.of("grams").bell()).exp()).round();
        add(hour, Act::Meal { grams });
        if condition == Condition::TypeOne && !meal.of("forgotten").happens(0.06) {
            let guess = grams * (0.24 * meal.of("guess").bell()).exp();
            let units = (guess / GRAMS_PER_UNIT * 2.0).round() / 2.0;
            add(hour + meal.of("late").between(-0.25, 0.4), Act::Bolus { units });
        }
    }
    if condition == Condition::TypeOne {
        add(22.0 + 0.3 * day.of("basal").bell(), Act::Basal { units: 18.0 });
    }
    if day.of("sport").happens(0.35) {
        let hour = day.of("sport at").between(15.0, 18.5);
        let minutes = (day.of("sport for").between(25.0, 70.0) / 5.0).round() * 5.0;
        add(hour, Act::Exercise { minutes });
    }
    events
}

/// What glucose would be had nothing been eaten or done: it differs by person and from day to day, and rises in the
/// early morning.
pub(super) fn at_rest(chance: Chance, condition: Condition, at: Timestamp, hour: f64) -> f64 {
    let (level, own, sway, dawn) = match condition {
        Condition::None => (92.0, 4.0, 4.0, 4.0),
        Condition::TypeOne => (142.0, 12.0, 24.0, 26.0),
        Condition::TypeTwo => (136.0, 14.0, 12.0, 22.0),
    };
    let second = at.as_second() as f64;
    let morning = (-((hour - 6.5) / 2.0).powi(2)).exp();
    level
        + own * chance.of("own").bell()
        + sway * chance.of("sway").wave(second, 32_400.0)
        + dawn * chance.of("dawn").between(0.4, 1.4) * morning
}

impl Event {
    /// By how much glucose is higher for it at that moment, in mg/dL.
    pub(super) fn effect(&self, condition: Condition, at: Timestamp) -> f64 {
        let minutes = at.duration_since(self.at).as_secs_f64() / 60.0;
        if minutes <= 0.0 || at.duration_since(self.at) >= LASTS {
            return 0.0;
        }
        match self.act {
            Act::Meal { grams } => match condition {
                // The body's own insulin clears it, and for a while a little too much.
                Condition::None => grams * (0.75 * response(minutes, 2, 38.0) - 0.12 * response(minutes, 4, 150.0)),
                Condition::TypeTwo => grams * 1.25 * response(minutes, 2, 75.0),
                Condition::TypeOne => grams * 3.1 * response(minutes, 2, 70.0),
            },
            Act::Bolus { units } => -units * GRAMS_PER_UNIT * 2.65 * response(minutes, 2, 85.0),
            Act::Basal { .. } => 0.0,
            Act::Exercise { minutes: lasts } => {
                let drop = match condition {
                    Condition::None => 0.1,
                    Condition::TypeOne => 0.75,
                    Condition::TypeTwo => 0.45,
                };
                -lasts * drop * (0.7 * response(minutes, 2, 60.0) + 0.3 * response(minutes, 3, 300.0))
            }
        }
    }
}

/// Of so many compartments after the first, one emptying into the next: rises, is 1 at its peak, and fades.
fn response(minutes: f64, after: i32, peak: f64) -> f64 {
    let part = minutes / peak;
    (part * (1.0 - part).exp()).powi(after)
}

fn day_number(date: Date) -> i64 {
    let days = date.since(Date::constant(2000, 1, 1)).map(|span| span.get_days());
    i64::from(days.unwrap_or_default())
}

fn on_clock(zone: &TimeZone, date: Date, hour: f64) -> Option<Timestamp> {
    let noon = date
        .at(0, 0, 0, 0)
        .checked_add((((hour * 60.0).round()) as i64).minutes())
        .ok()?;
    zone.to_timestamp(noon).ok()
}
