//! What of a person's time is taken, and which slots a doctor offers: one sheet for each person and UTC day. What reaches over
//! midnight stands on both sheets.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::hours::Stretch;
use crate::calendar::day_of;
use crate::id::{AppointmentId, SlotNumber};

/// Of appointments on one sheet, at most: it must stay small.
pub const MOST_TAKEN: usize = 400;
/// Of slots on one sheet: one every five minutes.
pub const MOST_SLOTS: usize = 288;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// Counts changes: a write names the one it saw. 0 before the first.
    pub version: u64,
    #[serde(default)]
    pub taken: Vec<Taken>,
    #[serde(default)]
    pub slots: Vec<Slot>,
}

/// Time that an appointment takes, with what must be free around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    pub appointment: AppointmentId,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub from: Timestamp,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub until: Timestamp,
    /// How many may be there at once, as far as this one goes.
    pub seats: u16,
    /// It is only held, and is free again from then on, whether or not somebody has cleared it away.
    #[serde(with = "jiff::fmt::serde::timestamp::second::optional")]
    pub held_until: Option<Timestamp>,
}

/// A time that a doctor offers apart from their hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    pub number: SlotNumber,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub from: Timestamp,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub until: Timestamp,
    pub seats: u16,
}

impl Taken {
    pub fn stretch(&self) -> Stretch {
        Stretch {
            from: self.from,
            until: self.until,
        }
    }

    pub fn stands(&self, now: Timestamp) -> bool {
        self.held_until.is_none_or(|end| now < end)
    }
}

impl Slot {
    pub fn stretch(&self) -> Stretch {
        Stretch {
            from: self.from,
            until: self.until,
        }
    }
}

/// How many more may be there all through a stretch. At each moment, all who are there must agree to their number.
pub fn seats_left(taken: &[Taken], wish: Stretch, seats: u16, now: Timestamp) -> u16 {
    let met: Vec<&Taken> = taken
        .iter()
        .filter(|taken| taken.stands(now) && taken.stretch().meets(wish))
        .collect();
    // It is fullest at its beginning, or where another begins.
    let begins = met.iter().map(|taken| taken.from).filter(|from| *from > wish.from);
    let moments = std::iter::once(wish.from).chain(begins);
    let left = moments.map(|moment| {
        let there = met.iter().filter(|taken| taken.from <= moment && moment < taken.until);
        let (count, agreed) = there.fold((0_u16, seats), |(count, agreed), taken| {
            (count.saturating_add(1), agreed.min(taken.seats))
        });
        agreed.saturating_sub(count)
    });
    left.min().unwrap_or(seats)
}

/// The days whose sheets hold no more: nothing that touches one of them can be booked.
pub fn full_days(taken: &[Taken], now: Timestamp) -> BTreeSet<Date> {
    // As it nearly always is.
    if taken.len() < MOST_TAKEN {
        return BTreeSet::new();
    }
    let mut counts: BTreeMap<Date, usize> = BTreeMap::new();
    for taken in taken.iter().filter(|taken| taken.stands(now)) {
        for day in days_of(taken.stretch()) {
            *counts.entry(day).or_default() += 1;
        }
    }
    let full = counts.into_iter().filter(|(_, count)| *count >= MOST_TAKEN);
    full.map(|(day, _)| day).collect()
}

/// The days in UTC that a stretch touches.
pub fn days_of(stretch: Stretch) -> Vec<Date> {
    let first = day_of(stretch.from);
    // What ends at midnight does not touch the next day.
    let last = day_of(stretch.until - jiff::SignedDuration::from_nanos(1)).max(first);
    std::iter::successors(Some(first), |day| day.tomorrow().ok())
        .take_while(|day| *day <= last)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_000_000_020 + minute * 60).unwrap()
    }

    fn taken((from, length, seats): (i64, i64, u16)) -> Taken {
        Taken {
            appointment: AppointmentId::new(NOW, [0; 6]),
            from: at(from),
            until: at(from + length),
            seats,
            held_until: None,
        }
    }

    fn stretch(from: i64, length: i64) -> Stretch {
        Stretch {
            from: at(from),
            until: at(from + length),
        }
    }

    #[test]
    fn neighbours_do_not_meet() {
        let taken = [taken((0, 30, 1)), taken((60, 30, 1))];
        assert_eq!(seats_left(&taken, stretch(30, 30), 1, NOW), 1);
        assert_eq!(seats_left(&taken, stretch(29, 30), 1, NOW), 0);
        assert_eq!(seats_left(&taken, stretch(31, 30), 1, NOW), 0);
    }

    #[test]
    fn what_was_held_and_ran_out_takes_nothing() {
        let mut held = taken((0, 30, 1));
        held.held_until = Some(at(10));
        assert_eq!(seats_left(&[held], stretch(0, 30), 1, at(9)), 0);
        assert_eq!(seats_left(&[held], stretch(0, 30), 1, at(10)), 1);
    }

    #[test]
    fn what_ends_at_midnight_is_of_one_day() {
        let midnight: Timestamp = "2026-12-08T00:00:00Z".parse().unwrap();
        let hour = jiff::SignedDuration::from_hours(1);
        let days = |from, until| days_of(Stretch { from, until }).len();
        assert_eq!(days(midnight - hour, midnight), 1);
        assert_eq!(days(midnight - hour, midnight + hour), 2);
        assert_eq!(days(midnight, midnight + hour), 1);
    }

    #[test]
    fn a_day_is_full_when_its_sheet_is() {
        let midnight: Timestamp = "2026-12-08T00:00:00Z".parse().unwrap();
        let hour = jiff::SignedDuration::from_hours(1);
        let over_midnight = Taken {
            from: midnight - hour,
            until: midnight + hour,
            held_until: Some(midnight),
            ..taken((0, 1, 1))
        };
        let mut all = vec![over_midnight; MOST_TAKEN - 1];
        assert!(full_days(&all, NOW).is_empty());
        all.push(Taken {
            from: midnight,
            ..over_midnight
        });
        let full: Vec<String> = full_days(&all, NOW).iter().map(Date::to_string).collect();
        assert_eq!(full, ["2026-12-08"]);
        assert!(full_days(&all, midnight).is_empty(), "what ran out takes no room");
    }

    proptest! {
        /// However visits lie, no minute ever has more of them than all of them agree to.
        #[test]
        fn no_moment_is_overbooked(wishes in prop::collection::vec((0_i64..120, 1_i64..60, 1_u16..4), 1..40)) {
            let mut booked: Vec<Taken> = Vec::new();
            for wish in wishes {
                let (from, length, seats) = wish;
                if seats_left(&booked, stretch(from, length), seats, NOW) > 0 {
                    booked.push(taken(wish));
                }
            }
            for minute in 0..180 {
                let moment = stretch(minute, 1);
                let there: Vec<_> = booked.iter().filter(|taken| taken.stretch().meets(moment)).collect();
                let agreed = there.iter().map(|taken| usize::from(taken.seats)).min().unwrap_or(usize::MAX);
                prop_assert!(there.len() <= agreed);
            }
        }

        /// And as many are let in as every minute has room for.
        #[test]
        fn seats_are_counted_minute_by_minute(
            booked in prop::collection::vec((0_i64..120, 1_i64..60, 1_u16..5), 0..12),
            (from, length, seats) in (0_i64..120, 1_i64..60, 1_u16..5),
        ) {
            let booked: Vec<Taken> = booked.into_iter().map(taken).collect();
            let left = (from..from + length).map(|minute| {
                let there: Vec<_> = booked.iter().filter(|taken| taken.stretch().meets(stretch(minute, 1))).collect();
                let agreed = there.iter().map(|taken| taken.seats).min().unwrap_or(seats).min(seats);
                agreed.saturating_sub(there.len() as u16)
            });
            prop_assert_eq!(seats_left(&booked, stretch(from, length), seats, NOW), left.min().unwrap());
        }
    }
}
