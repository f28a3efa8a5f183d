//! Which moments a doctor's hours mean.
//!
//! A moment is open when the clock on the doctor's wall shows an open time. A start is offered once for each time that the
//! clock shows: not at all where the clock jumps over it, and at the first of two moments where it shows it twice. A visit
//! lasts as long as it says, whatever the clock does meanwhile.

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::availability::{Availability, minutes};
use super::clock_time::{ClockTime, Span};

/// From a moment to a later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    pub from: Timestamp,
    pub until: Timestamp,
}

impl Stretch {
    pub fn meets(self, other: Self) -> bool {
        self.from < other.until && other.from < self.until
    }

    fn holds(self, other: Self) -> bool {
        self.from <= other.from && other.until <= self.until
    }
}

/// When visits of that length may start, from a moment up to another, by the weekly hours; in order.
pub fn starts(availability: &Availability, within: Stretch, visit: SignedDuration) -> Vec<Timestamp> {
    if availability.hours.is_empty() {
        return Vec::new();
    }
    let reach = Stretch {
        until: within.until.saturating_add(visit).unwrap_or(Timestamp::MAX),
        ..within
    };
    let open = without(&open(availability, reach), &time_off(availability, reach));
    let (zone, mut starts) = (availability.zone.rules(), Vec::new());
    let parts = even_parts(zone, within);
    for date in dates(zone, within) {
        for span in availability.hours.on(date) {
            let shown = grid(availability, date, span).filter(|shown| parts.iter().any(|part| part.shows(*shown)));
            starts.extend(shown.filter_map(|shown| first(zone, shown)));
        }
    }
    starts.retain(|start| (within.from..within.until).contains(start));
    starts.sort_unstable();
    starts.dedup();
    starts.retain(|start| {
        let visit = Stretch {
            from: *start,
            until: *start + visit,
        };
        // Open stretches are few, and in order.
        let after = open.partition_point(|stretch| stretch.from <= visit.from);
        after.checked_sub(1).is_some_and(|place| open[place].holds(visit))
    });
    starts
}

/// Times of the clock, by the doctor's step.
fn grid(availability: &Availability, date: Date, span: Span) -> impl Iterator<Item = DateTime> {
    let step = usize::from(availability.terms.step().max(1));
    let times = (span.from.minutes()..span.until.minutes()).step_by(step);
    times.filter_map(move |minute| ClockTime::from_minutes(minute)?.on(date))
}

/// When the clock first shows this; none where it jumps over it.
fn first(zone: &TimeZone, shown: DateTime) -> Option<Timestamp> {
    match zone.to_ambiguous_timestamp(shown).offset() {
        AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(shown).ok(),
        AmbiguousOffset::Fold { before, .. } => before.to_timestamp(shown).ok(),
        AmbiguousOffset::Gap { .. } => None,
    }
}

/// The dates that the clock shows meanwhile.
fn dates(zone: &TimeZone, within: Stretch) -> impl Iterator<Item = Date> {
    let last = zone.to_datetime(within.until).date();
    let first = zone.to_datetime(within.from).date();
    // Where the clock goes back over midnight, a date is shown that had ended.
    let first = first.yesterday().unwrap_or(first);
    std::iter::successors(Some(first), |date| date.tomorrow().ok()).take_while(move |date| *date <= last)
}

/// A time in which the clock goes on evenly.
struct Even {
    stretch: Stretch,
    offset: Offset,
}

fn even_parts(zone: &TimeZone, within: Stretch) -> Vec<Even> {
    let mut parts = Vec::new();
    let mut from = within.from;
    let mut offset = zone.to_offset(from);
    for change in zone.following(within.from) {
        let at = change.timestamp();
        if at >= within.until {
            break;
        }
        let stretch = Stretch { from, until: at };
        parts.push(Even { stretch, offset });
        (from, offset) = (at, change.offset());
    }
    let stretch = Stretch {
        from,
        until: within.until,
    };
    parts.push(Even { stretch, offset });
    parts
}

impl Even {
    fn shows(&self, time: DateTime) -> bool {
        let (from, until) = (self.stretch.from, self.stretch.until);
        self.offset.to_datetime(from) <= time && time < self.offset.to_datetime(until)
    }

    /// The part of it in which the clock shows a time from one up to another.
    fn showing(&self, from: DateTime, until: DateTime) -> Option<Stretch> {
        // Cut off by the clock: what it shows at the end of time may be no moment any more.
        let from = from.max(self.offset.to_datetime(self.stretch.from));
        let until = until.min(self.offset.to_datetime(self.stretch.until));
        let shown = Stretch {
            from: self.offset.to_timestamp(from).ok()?,
            until: self.offset.to_timestamp(until).ok()?,
        };
        (from < until).then_some(shown)
    }
}

/// Open stretches by the hours, joined where they touch, in order.
fn open(availability: &Availability, within: Stretch) -> Vec<Stretch> {
    let mut open = Vec::new();
    for part in even_parts(availability.zone.rules(), within) {
        let shown = |at| part.offset.to_datetime(at).date();
        let (mut date, last) = (shown(part.stretch.from), shown(part.stretch.until));
        while date <= last {
            for span in availability.hours.on(date) {
                let times = span.from.on(date).zip(span.until.on(date));
                open.extend(times.and_then(|(from, until)| part.showing(from, until)));
            }
            match date.checked_add(1.day()) {
                Ok(next) => date = next,
                Err(_) => break,
            }
        }
    }
    joined(open)
}

/// When the doctor is away, whatever their hours.
pub fn time_off(availability: &Availability, within: Stretch) -> Vec<Stretch> {
    if availability.hours.time_off.is_empty() {
        return Vec::new();
    }
    let parts = even_parts(availability.zone.rules(), within);
    let away = availability.hours.time_off.iter().flat_map(|off| {
        let shown = parts.iter().filter_map(|part| part.showing(off.from, off.until));
        shown.collect::<Vec<_>>()
    });
    joined(away.collect())
}

fn joined(mut stretches: Vec<Stretch>) -> Vec<Stretch> {
    stretches.sort_unstable_by_key(|stretch| stretch.from);
    let mut joined: Vec<Stretch> = Vec::with_capacity(stretches.len());
    for stretch in stretches {
        match joined.last_mut() {
            Some(last) if stretch.from <= last.until => last.until = last.until.max(stretch.until),
            _ => joined.push(stretch),
        }
    }
    joined
}

/// What is left of one list; both are in order and joined.
fn without(stretches: &[Stretch], taken: &[Stretch]) -> Vec<Stretch> {
    let mut left = Vec::new();
    for stretch in stretches {
        let mut from = stretch.from;
        for taken in taken.iter().filter(|taken| taken.meets(*stretch)) {
            if from < taken.from {
                left.push(Stretch {
                    from,
                    until: taken.from,
                });
            }
            from = from.max(taken.until);
        }
        if from < stretch.until {
            left.push(Stretch {
                from,
                until: stretch.until,
            });
        }
    }
    left
}

/// From a moment for so many minutes.
pub fn lasting(from: Timestamp, number: u16) -> Stretch {
    Stretch {
        from,
        until: from.saturating_add(minutes(number)).unwrap_or(Timestamp::MAX),
    }
}

#[cfg(test)]
#[path = "hours/tests.rs"]
mod tests;
