//! What is left of a doctor's time: slots and times by their hours that can be booked.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::availability::{Availability, LONGEST, minutes};
use super::hours::{self, Stretch};
use super::occupancy::{Sheet, Slot, Taken, days_of, full_days, seats_left};
use crate::id::SlotNumber;

/// A time that can be booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreeTime {
    pub from: Timestamp,
    pub until: Timestamp,
    /// None where it is by the doctor's hours.
    pub slot: Option<SlotNumber>,
    /// How many may be there at once.
    pub seats: u16,
    pub seats_left: u16,
}

impl FreeTime {
    pub fn stretch(&self) -> Stretch {
        Stretch {
            from: self.from,
            until: self.until,
        }
    }

    /// What must be free of other visits. A slot stands for itself; a visit by the hours has buffers around it.
    pub fn takes(&self, availability: &Availability) -> Stretch {
        match self.slot {
            Some(_) => self.stretch(),
            None => Stretch {
                from: self.from - availability.terms.buffer_before(),
                until: self.until + availability.terms.buffer_after(),
            },
        }
    }
}

/// What several sheets of one person say together.
#[derive(Debug, Clone, Default)]
pub struct Agenda {
    pub taken: Vec<Taken>,
    pub slots: Vec<Slot>,
}

impl Agenda {
    pub fn of<'a>(sheets: impl IntoIterator<Item = &'a Sheet>) -> Self {
        let mut agenda = Self::default();
        for sheet in sheets {
            agenda.taken.extend(&sheet.taken);
            agenda.slots.extend(&sheet.slots);
        }
        agenda.taken.sort_by_key(|taken| (taken.from, taken.appointment));
        agenda.taken.dedup();
        agenda.slots.sort_by_key(|slot| (slot.from, slot.number));
        agenda.slots.dedup();
        agenda
    }
}

impl Agenda {
    /// As it is when nothing that is only held is confirmed.
    pub fn without_holds(mut self) -> Self {
        self.taken.retain(|taken| taken.held_until.is_none());
        self
    }
}

/// Which times are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// In which they begin.
    pub within: Stretch,
    /// Of another length than the doctor's usual one.
    pub minutes: Option<u16>,
    /// When whoever asks has no time.
    pub busy: &'a [Taken],
    pub now: Timestamp,
}

/// By their beginning, at most `most`; a slot in place of the same time by the hours.
pub fn free_times(availability: &Availability, agenda: &Agenda, wish: Wish<'_>, most: usize) -> Vec<FreeTime> {
    let mut offered = offered(availability, agenda, wish);
    offered.sort_by_key(|time| (time.from, time.until, time.slot.is_none()));
    let full = full_days(&agenda.taken, wish.now);
    let is_full = |takes: Stretch| !full.is_empty() && days_of(takes).iter().any(|day| full.contains(day));
    let mut free: Vec<FreeTime> = Vec::new();
    for time in offered {
        let is_known = |known: &FreeTime| known.stretch() == time.stretch();
        if free.len() == most || free.last().is_some_and(is_known) {
            continue;
        }
        let takes = time.takes(availability);
        let seats_left = seats_left(&agenda.taken, takes, time.seats, wish.now);
        if seats_left > 0 && !is_full(takes) && self::seats_left(wish.busy, time.stretch(), 1, wish.now) > 0 {
            free.push(FreeTime { seats_left, ..time });
        }
    }
    free
}

/// The time on offer from this very moment on, free or not.
pub fn offered_at(availability: &Availability, agenda: &Agenda, wish: Wish<'_>) -> Option<FreeTime> {
    let mut offered = offered(availability, agenda, wish);
    offered.retain(|time| time.from == wish.within.from);
    offered.into_iter().min_by_key(|time| (time.slot.is_none(), time.until))
}

/// Times that could be booked if nobody had booked anything.
fn offered(availability: &Availability, agenda: &Agenda, wish: Wish<'_>) -> Vec<FreeTime> {
    let terms = &availability.terms;
    let earliest = wish.within.from.max(wish.now + terms.notice());
    let is_asked = |from: Timestamp| from >= earliest && from > wish.now && from < wish.within.until;
    let wanted = wish.minutes.map(minutes);
    let away = hours::time_off(
        availability,
        Stretch {
            from: wish.within.from,
            until: wish.within.until + minutes(LONGEST),
        },
    );
    let slots = agenda.slots.iter().filter(|slot| {
        let fits = wanted.is_none_or(|wanted| slot.until.duration_since(slot.from) == wanted);
        is_asked(slot.from) && fits && !away.iter().any(|away| away.meets(slot.stretch()))
    });
    let slots = slots.map(|slot| FreeTime {
        from: slot.from,
        until: slot.until,
        slot: Some(slot.number),
        seats: slot.seats,
        seats_left: 0,
    });
    let visit = wanted.unwrap_or(terms.visit());
    let by_hours = Stretch {
        from: earliest,
        until: wish.within.until.min(wish.now + terms.horizon()),
    };
    let starts = match by_hours.from < by_hours.until {
        true => hours::starts(availability, by_hours, visit),
        false => Vec::new(),
    };
    let starts = starts.into_iter().filter(|start| is_asked(*start));
    let starts = starts.map(|from| FreeTime {
        from,
        until: from + visit,
        slot: None,
        seats: terms.seats,
        seats_left: 0,
    });
    slots.chain(starts).collect()
}

#[cfg(test)]
mod tests;
