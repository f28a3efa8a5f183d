//! Prints readings of people who do not exist as CSV. What they add up to is worked out by another implementation, and
//! kept in `fixtures/glucose_figures.json`: see `shared/models/training/GLUCOSE.md`.
#![allow(clippy::print_stdout)]

use domain::glucose::simulator::{Condition, Person};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

fn main() {
    println!("seed,condition,days,every,time,gl");
    for (seed, word, condition, days, every) in [
        (1, "type_one", Condition::TypeOne, 15, 5),
        (2, "type_one", Condition::TypeOne, 30, 15),
        (3, "type_two", Condition::TypeTwo, 14, 5),
        (4, "none", Condition::None, 3, 15),
    ] {
        let from = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(20_500 * 24);
        let until = from + SignedDuration::from_hours(24 * days);
        let person = Person::new(seed, condition, TimeZone::UTC);
        for reading in person.readings(from, until) {
            let (second, value) = (reading.at.as_second(), reading.mg_per_dl());
            // Of a sensor that reads more seldom.
            if second.div_euclid(300) * 5 % every == 0 {
                println!("{seed},{word},{days},{every},{second},{value}");
            }
        }
    }
}
