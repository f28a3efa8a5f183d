use std::collections::BTreeSet;

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, date};
use proptest::prelude::*;

use super::*;
use crate::id::AppointmentId;
use crate::scheduling::availability::{OnDate, OnWeekday, Terms, TimeOff, WeeklyHours};
use crate::scheduling::clock_time::{ClockTime, Span, Weekday};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// With a change of the clock, or none, near each: by hours and half hours, in both hemispheres, at midnight, past it.
const PLACES: [(&str, Date); 12] = [
    ("America/New_York", date(2027, 3, 14)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Sydney", date(2026, 10, 4)),
    ("Australia/Sydney", date(2027, 4, 4)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Australia/Lord_Howe", date(2027, 4, 4)),
    ("America/Santiago", date(2026, 9, 6)),
    ("Africa/Cairo", date(2026, 10, 30)),
    ("Europe/Dublin", date(2027, 3, 28)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Asia/Kolkata", date(2026, 12, 7)),
    ("Antarctica/Troll", date(2026, 10, 25)),
];

/// What a doctor says, and what is booked, as the reference reads it: minute by minute, off the clock on the wall.
struct Reference<'a> {
    availability: &'a Availability,
    agenda: &'a Agenda,
    now: Timestamp,
    /// What the clock shows, from a moment on.
    wall: Vec<DateTime>,
    wall_from: Timestamp,
}

const DAY: usize = 24 * 60;

impl Reference<'_> {
    fn place(&self, at: Timestamp) -> usize {
        usize::try_from(at.duration_since(self.wall_from).as_mins()).unwrap()
    }

    fn shown(&self, at: Timestamp) -> DateTime {
        self.wall[self.place(at)]
    }

    fn is_away(&self, at: Timestamp) -> bool {
        let shown = self.shown(at);
        let mut away = self.availability.hours.time_off.iter();
        away.any(|off| off.from <= shown && shown < off.until)
    }

    fn span_at(&self, at: Timestamp) -> Option<Span> {
        let shown = self.shown(at);
        let minute =
            ClockTime::from_minutes(u16::try_from(shown.hour()).unwrap() * 60 + shown.minute() as u16).unwrap();
        let spans = self.availability.hours.on(shown.date());
        spans
            .into_iter()
            .find(|span| span.from <= minute && minute < span.until)
    }

    fn is_first_showing(&self, at: Timestamp) -> bool {
        let place = self.place(at);
        !self.wall[place - DAY..place].contains(&self.wall[place])
    }

    fn is_on_grid(&self, at: Timestamp) -> bool {
        self.span_at(at).is_some_and(|span| {
            let shown = self.shown(at);
            let minute = u16::try_from(shown.hour()).unwrap() * 60 + shown.minute() as u16;
            (minute - span.from.minutes()).is_multiple_of(self.availability.terms.step())
        })
    }

    fn minutes(from: Timestamp, until: Timestamp) -> impl Iterator<Item = Timestamp> {
        std::iter::successors(Some(from), |at| Some(*at + MINUTE)).take_while(move |at| *at < until)
    }

    /// At no minute is there one too many.
    fn has_room(&self, from: Timestamp, until: Timestamp, seats: u16) -> bool {
        Self::minutes(from, until).all(|at| {
            let there = self
                .agenda
                .taken
                .iter()
                .filter(|taken| taken.from <= at && at < taken.until);
            let there: Vec<_> = there.collect();
            let agreed = there.iter().map(|taken| taken.seats).chain([seats]).min().unwrap();
            there.len() < usize::from(agreed)
        })
    }

    fn is_free(&self, from: Timestamp) -> bool {
        let terms = &self.availability.terms;
        let until = from + terms.visit();
        let in_hours = |at| self.span_at(at).is_some() && !self.is_away(at);
        from > self.now
            && from >= self.now + terms.notice()
            && from < self.now + terms.horizon()
            && self.is_on_grid(from)
            && self.is_first_showing(from)
            && Self::minutes(from, until).all(in_hours)
            && self.has_room(from - terms.buffer_before(), until + terms.buffer_after(), terms.seats)
    }

    fn is_free_slot(&self, slot: &Slot) -> bool {
        slot.from > self.now
            && slot.from >= self.now + self.availability.terms.notice()
            && Self::minutes(slot.from, slot.until).all(|at| !self.is_away(at))
            && self.has_room(slot.from, slot.until, slot.seats)
    }

    fn free(&self, within: Stretch) -> BTreeSet<(Timestamp, Timestamp)> {
        let visit = self.availability.terms.visit();
        let by_hours = Self::minutes(within.from, within.until).filter(|from| self.is_free(*from));
        let by_hours = by_hours.map(|from| (from, from + visit));
        let slots = self
            .agenda
            .slots
            .iter()
            .filter(|slot| within.from <= slot.from && slot.from < within.until);
        let slots = slots
            .filter(|slot| self.is_free_slot(slot))
            .map(|slot| (slot.from, slot.until));
        by_hours.chain(slots).collect()
    }
}

fn spans() -> impl Strategy<Value = Vec<Span>> {
    // Cut points of a day, of which every other pair is open.
    prop::collection::btree_set(0_u16..=288, 0..6).prop_map(|points| {
        let points: Vec<_> = points.into_iter().collect();
        let time = |point: u16| ClockTime::from_minutes(point * 5).unwrap();
        let pairs = points.chunks_exact(2);
        pairs
            .map(|pair| Span {
                from: time(pair[0]),
                until: time(pair[1]),
            })
            .collect()
    })
}

fn weekly() -> impl Strategy<Value = Vec<OnWeekday>> {
    prop::collection::vec(spans(), 7).prop_map(|days| {
        let days = Weekday::ALL.into_iter().zip(days);
        days.flat_map(|(weekday, spans)| spans.into_iter().map(move |span| OnWeekday { weekday, span }))
            .collect()
    })
}

fn terms() -> impl Strategy<Value = Terms> {
    let lengths = prop::sample::select(vec![5_u16, 10, 15, 30, 45, 60, 90, 240]);
    let steps = prop::sample::select(vec![0_u16, 5, 15, 20, 60]);
    let buffers = prop::sample::select(vec![0_u16, 5, 10, 30, 120]);
    let notice = prop::sample::select(vec![0_u32, 0, 60, 24 * 60]);
    (lengths, steps, buffers.clone(), buffers, 1_u16..4, notice, 1_u16..5).prop_map(
        |(
            visit_minutes,
            step_minutes,
            buffer_before_minutes,
            buffer_after_minutes,
            seats,
            notice_minutes,
            horizon_days,
        )| {
            Terms {
                visit_minutes,
                step_minutes,
                buffer_before_minutes,
                buffer_after_minutes,
                seats,
                notice_minutes,
                horizon_days,
            }
        },
    )
}

fn at(base: Timestamp, minute: i64) -> Timestamp {
    base + MINUTE * i32::try_from(minute).unwrap()
}

/// `PROPTEST_CASES` asks for more.
fn cases() -> u32 {
    let asked = std::env::var("PROPTEST_CASES").ok();
    asked.and_then(|cases| cases.parse().ok()).unwrap_or(48)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn free_times_are_what_a_reference_finds_minute_by_minute(
        (zone, day) in prop::sample::select(PLACES.to_vec()),
        terms in terms(),
        weekly in weekly(),
        own_date in prop::option::of((-1_i64..2, spans())),
        off in prop::option::of((-1440_i64..1440, 5_i64..900)),
        booked in prop::collection::vec((0_i64..4320, 1_i64..240, 1_u16..4), 0..8),
        slots in prop::collection::vec((0_i64..4320, 5_i64..120, 1_u16..3), 0..4),
        asked_at in 0_i64..1440,
    ) {
        let noon = day.at(12, 0, 0, 0);
        let dates = own_date.map(|(days, hours)| OnDate {
            date: day.checked_add(jiff::Span::new().days(days)).unwrap(),
            hours,
        });
        let time_off = off.map(|(from, length)| TimeOff {
            from: noon.checked_add(jiff::Span::new().minutes(from)).unwrap(),
            until: noon.checked_add(jiff::Span::new().minutes(from + length)).unwrap(),
        });
        let availability = Availability {
            zone: zone.to_owned().try_into().unwrap(),
            terms,
            hours: WeeklyHours { weekly, dates: dates.into_iter().collect(), time_off: time_off.into_iter().collect() },
            ..Availability::unsaid()
        };
        prop_assert_eq!(availability.check(), Ok(()));
        let base = jiff::tz::Offset::UTC.to_timestamp(noon).unwrap() - MINUTE * 2160;
        let agenda = Agenda {
            taken: booked.iter().zip(0_u8..).map(|((from, length, seats), place)| Taken {
                appointment: AppointmentId::new(base, [place; 6]),
                from: at(base, *from),
                until: at(base, from + length),
                seats: *seats,
                held_until: None,
            }).collect(),
            slots: slots.iter().zip(0_u16..).map(|((from, length, seats), place)| Slot {
                number: SlotNumber::in_block(crate::id::SlotBlock::from_random([7; 8]), place),
                from: at(base, *from),
                until: at(base, from + length),
                seats: *seats,
            }).collect(),
        };
        let now = at(base, asked_at - 720);
        let within = Stretch { from: base, until: at(base, 4320) };
        let found = free_times(&availability, &agenda, Wish { within, minutes: None, busy: &[], now }, usize::MAX);
        let wall_from = base - MINUTE * 2 * 1440;
        let zone = availability.zone.rules();
        let wall = (0..9 * 1440).map(|minute| zone.to_datetime(at(wall_from, minute))).collect();
        let reference = Reference { availability: &availability, agenda: &agenda, now, wall, wall_from };
        let times: BTreeSet<_> = found.iter().map(|time| (time.from, time.until)).collect();
        prop_assert_eq!(times, reference.free(within));
    }
}

#[test]
fn who_asks_must_have_time_too() {
    let day = date(2026, 12, 7);
    let all_day = Span {
        from: "00:00".parse().unwrap(),
        until: "24:00".parse().unwrap(),
    };
    let availability = Availability {
        hours: WeeklyHours {
            weekly: Weekday::ALL
                .map(|weekday| OnWeekday { weekday, span: all_day })
                .to_vec(),
            ..WeeklyHours::default()
        },
        ..Availability::unsaid()
    };
    let from = jiff::tz::Offset::UTC.to_timestamp(day.at(9, 0, 0, 0)).unwrap();
    let busy = [Taken {
        appointment: AppointmentId::new(from, [1; 6]),
        from,
        until: from + MINUTE * 40,
        seats: 1,
        held_until: None,
    }];
    let wish = Wish {
        within: Stretch {
            from,
            until: from + MINUTE * 120,
        },
        minutes: None,
        busy: &busy,
        now: from - MINUTE * 60,
    };
    let free = free_times(&availability, &Agenda::default(), wish, 2);
    assert_eq!(
        free.iter().map(|time| time.from).collect::<Vec<_>>(),
        [from + MINUTE * 60, from + MINUTE * 90]
    );
}
