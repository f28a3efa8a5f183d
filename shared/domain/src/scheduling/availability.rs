//! When a doctor may be booked, as they say it: hours of each weekday, dates that differ, and time off.

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SchedulingRefused;
use super::clock_time::{Span, Weekday};
use super::zone::Zone;

/// Minutes of one visit.
pub const SHORTEST_VISIT: u16 = 5;
pub const LONGEST_VISIT: u16 = 240;
/// Of whatever is booked, by the hours or in a slot.
pub const LONGEST: u16 = 24 * 60;
/// Minutes kept free before and after a visit, each.
const LONGEST_BUFFER: u16 = 120;
/// Patients at once.
pub const MOST_SEATS: u16 = 100;
const LONGEST_NOTICE: u32 = 30 * 24 * 60;
/// Ten years.
pub const FURTHEST_DAYS: u16 = 3_660;
const MOST_WEEKLY: usize = 50;
const MOST_DATES: usize = 400;
const MOST_TIME_OFF: usize = 100;
const MOST_SPANS_A_DAY: usize = 24;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Availability {
    /// Counts changes: whoever changes it names the one they saw. 0 before the first.
    pub version: u64,
    pub zone: Zone,
    pub terms: Terms,
    pub hours: WeeklyHours,
    pub updated_at: Option<Timestamp>,
}

/// How visits are booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "BookingTerms")]
pub struct Terms {
    /// Of a visit, where the patient asks for no other length.
    #[schemars(range(min = 5, max = 240))]
    pub visit_minutes: u16,
    /// From one start to the next; 0: the length of a visit.
    #[schemars(range(max = 240))]
    pub step_minutes: u16,
    /// Kept free before each visit; it need not lie within the hours.
    #[schemars(range(max = 120))]
    pub buffer_before_minutes: u16,
    #[schemars(range(max = 120))]
    pub buffer_after_minutes: u16,
    /// Patients who may be there at once.
    #[schemars(range(min = 1, max = 100))]
    pub seats: u16,
    /// Nobody books later than so long before a visit.
    #[schemars(range(max = 43200))]
    pub notice_minutes: u32,
    /// Nobody books further ahead by the weekly hours.
    #[schemars(range(min = 1, max = 3660))]
    pub horizon_days: u16,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            visit_minutes: 30,
            step_minutes: 0,
            buffer_before_minutes: 0,
            buffer_after_minutes: 0,
            seats: 1,
            notice_minutes: 0,
            horizon_days: 60,
        }
    }
}

impl Terms {
    pub fn step(&self) -> u16 {
        match self.step_minutes {
            0 => self.visit_minutes,
            minutes => minutes,
        }
    }

    pub fn visit(&self) -> SignedDuration {
        minutes(self.visit_minutes)
    }

    pub fn buffer_before(&self) -> SignedDuration {
        minutes(self.buffer_before_minutes)
    }

    pub fn buffer_after(&self) -> SignedDuration {
        minutes(self.buffer_after_minutes)
    }

    pub fn notice(&self) -> SignedDuration {
        SignedDuration::from_mins(i64::from(self.notice_minutes))
    }

    pub fn horizon(&self) -> SignedDuration {
        SignedDuration::from_hours(24 * i64::from(self.horizon_days))
    }
}

pub fn minutes(number: u16) -> SignedDuration {
    SignedDuration::from_mins(i64::from(number))
}

/// How far ahead anybody may offer, ask for or wait for anything.
pub const FURTHEST: SignedDuration = SignedDuration::from_hours(24 * FURTHEST_DAYS as i64);

/// Whether somebody may ask for this moment. Far from now the arithmetic of time comes to its end.
pub fn is_near(at: Timestamp, now: Timestamp) -> bool {
    at.duration_since(now).abs() <= FURTHEST
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "OpenHours")]
pub struct WeeklyHours {
    pub weekly: Vec<OnWeekday>,
    /// Dates that are not as their weekday is.
    pub dates: Vec<OnDate>,
    pub time_off: Vec<TimeOff>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "WeekdayHours")]
pub struct OnWeekday {
    pub weekday: Weekday,
    #[serde(flatten)]
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "DateHours")]
pub struct OnDate {
    #[schemars(with = "String")]
    pub date: Date,
    /// None: closed.
    #[serde(default)]
    pub hours: Vec<Span>,
}

/// By the same clock as the hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TimeOff {
    #[schemars(with = "String")]
    pub from: DateTime,
    #[schemars(with = "String")]
    pub until: DateTime,
}

impl Availability {
    /// Of a doctor who has said nothing: slots they offer are booked, and nothing else.
    pub fn unsaid() -> Self {
        Self {
            version: 0,
            zone: Zone::utc(),
            terms: Terms::default(),
            hours: WeeklyHours::default(),
            updated_at: None,
        }
    }

    pub fn check(&self) -> Result<(), SchedulingRefused> {
        self.terms.check()?;
        self.hours.check()
    }
}

fn invalid(field: &'static str, rule: &'static str) -> SchedulingRefused {
    SchedulingRefused::Invalid { field, rule }
}

impl Terms {
    fn check(&self) -> Result<(), SchedulingRefused> {
        let rules = [
            (
                (SHORTEST_VISIT..=LONGEST_VISIT).contains(&self.visit_minutes),
                "visit_minutes",
                "must be from 5 to 240",
            ),
            (
                (SHORTEST_VISIT..=LONGEST_VISIT).contains(&self.step()),
                "step_minutes",
                "must be 0, or from 5 to 240",
            ),
            (
                self.buffer_before_minutes <= LONGEST_BUFFER,
                "buffer_before_minutes",
                "must be at most 120",
            ),
            (
                self.buffer_after_minutes <= LONGEST_BUFFER,
                "buffer_after_minutes",
                "must be at most 120",
            ),
            ((1..=MOST_SEATS).contains(&self.seats), "seats", "must be from 1 to 100"),
            (
                self.notice_minutes <= LONGEST_NOTICE,
                "notice_minutes",
                "must be at most 43200",
            ),
            (
                (1..=FURTHEST_DAYS).contains(&self.horizon_days),
                "horizon_days",
                "must be from 1 to 3660",
            ),
        ];
        let broken = rules.into_iter().find(|(holds, ..)| !holds);
        broken.map_or(Ok(()), |(_, field, rule)| Err(invalid(field, rule)))
    }
}

impl WeeklyHours {
    /// What is open on a date, by the clock.
    pub fn on(&self, date: Date) -> Vec<Span> {
        if let Some(day) = self.dates.iter().find(|day| day.date == date) {
            return day.hours.clone();
        }
        let weekday = Weekday::of(date);
        let hours = self.weekly.iter().filter(|hours| hours.weekday == weekday);
        hours.map(|hours| hours.span).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.weekly.is_empty() && self.dates.iter().all(|day| day.hours.is_empty())
    }

    fn check(&self) -> Result<(), SchedulingRefused> {
        if self.weekly.len() > MOST_WEEKLY {
            return Err(invalid("weekly", "must be at most 50"));
        }
        for weekday in Weekday::ALL {
            let spans = self.weekly.iter().filter(|hours| hours.weekday == weekday);
            check_spans("weekly", &spans.map(|hours| hours.span).collect::<Vec<_>>())?;
        }
        if self.dates.len() > MOST_DATES {
            return Err(invalid("dates", "must be at most 400"));
        }
        for (place, day) in self.dates.iter().enumerate() {
            check_spans("dates", &day.hours)?;
            if self.dates[..place].iter().any(|other| other.date == day.date) {
                return Err(invalid("dates", "must name each date once"));
            }
        }
        if self.time_off.len() > MOST_TIME_OFF {
            return Err(invalid("time_off", "must be at most 100"));
        }
        match self.time_off.iter().all(|off| off.from < off.until) {
            true => Ok(()),
            false => Err(invalid("time_off", "must each end after they begin")),
        }
    }
}

fn check_spans(field: &'static str, spans: &[Span]) -> Result<(), SchedulingRefused> {
    if spans.len() > MOST_SPANS_A_DAY {
        return Err(invalid(field, "must be at most 24 for one day"));
    }
    if !spans.iter().all(|span| span.is_some_time()) {
        return Err(invalid(
            field,
            "must each end after they begin, on the same day: 24:00 is its end",
        ));
    }
    let meets = |place: usize| spans[..place].iter().any(|other| other.meets(spans[place]));
    match (0..spans.len()).any(meets) {
        true => Err(invalid(field, "must not overlap")),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn span(from: &str, until: &str) -> Span {
        Span {
            from: from.parse().unwrap(),
            until: until.parse().unwrap(),
        }
    }

    fn on(weekday: Weekday, from: &str, until: &str) -> OnWeekday {
        OnWeekday {
            weekday,
            span: span(from, until),
        }
    }

    fn refused(hours: WeeklyHours) -> bool {
        let availability = Availability {
            hours,
            ..Availability::unsaid()
        };
        availability.check().is_err()
    }

    #[test]
    fn hours_of_one_day_do_not_overlap_or_pass_midnight() {
        let weekly = |hours: &[(&str, &str)]| WeeklyHours {
            weekly: hours
                .iter()
                .map(|(from, until)| on(Weekday::Monday, from, until))
                .collect(),
            ..WeeklyHours::default()
        };
        assert!(!refused(weekly(&[
            ("09:00", "12:00"),
            ("12:00", "13:00"),
            ("22:00", "24:00")
        ])));
        for wrong in [
            &[("09:00", "12:00"), ("11:59", "13:00")][..],
            &[("22:00", "06:00")],
            &[("09:00", "09:00")],
        ] {
            assert!(refused(weekly(wrong)), "{wrong:?}");
        }
    }

    #[test]
    fn a_date_of_its_own_takes_the_place_of_its_weekday() {
        let monday = date(2026, 12, 7);
        let mut hours = WeeklyHours {
            weekly: vec![on(Weekday::Monday, "09:00", "12:00")],
            ..WeeklyHours::default()
        };
        assert_eq!(hours.on(monday), [span("09:00", "12:00")]);
        hours.dates.push(OnDate {
            date: monday,
            hours: vec![span("14:00", "15:00")],
        });
        assert_eq!(hours.on(monday), [span("14:00", "15:00")]);
        hours.dates[0].hours.clear();
        assert_eq!(hours.on(monday), []);
        assert_eq!(hours.on(date(2026, 12, 14)), [span("09:00", "12:00")]);
        hours.dates.push(hours.dates[0].clone());
        assert!(refused(hours));
    }

    #[test]
    fn terms_have_bounds() {
        let usual = Terms::default();
        assert_eq!(usual.check(), Ok(()));
        for wrong in [
            Terms {
                visit_minutes: 4,
                ..usual
            },
            Terms {
                visit_minutes: 241,
                ..usual
            },
            Terms {
                step_minutes: 1,
                ..usual
            },
            Terms {
                buffer_after_minutes: 121,
                ..usual
            },
            Terms { seats: 0, ..usual },
            Terms {
                horizon_days: 0,
                ..usual
            },
        ] {
            assert!(wrong.check().is_err(), "{wrong:?}");
        }
    }
}
