//! Times as a clock on the wall shows them, to the minute.

use std::fmt;
use std::str::FromStr;

use jiff::civil;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// From `00:00` to `24:00`, the end of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClockTime(u16);

const DAY: u16 = 24 * 60;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a time from 00:00 to 24:00")]
pub struct MalformedClockTime;

impl ClockTime {
    pub fn from_minutes(minutes: u16) -> Option<Self> {
        (minutes <= DAY).then_some(Self(minutes))
    }

    /// Since the day began on the clock.
    pub fn minutes(self) -> u16 {
        self.0
    }

    /// This time on a date; `24:00` is the beginning of the next.
    pub fn on(self, date: civil::Date) -> Option<civil::DateTime> {
        let midnight = date.to_datetime(civil::Time::midnight());
        midnight.checked_add(jiff::Span::new().minutes(i64::from(self.0))).ok()
    }
}

impl FromStr for ClockTime {
    type Err = MalformedClockTime;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (hours, minutes) = text.split_once(':').ok_or(MalformedClockTime)?;
        let number = |part: &str| {
            let is_plain = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
            part.parse::<u16>().ok().filter(|_| is_plain)
        };
        let (hours, minutes) = number(hours).zip(number(minutes)).ok_or(MalformedClockTime)?;
        let is_minute = minutes < 60;
        Self::from_minutes(hours * 60 + minutes)
            .filter(|_| is_minute)
            .ok_or(MalformedClockTime)
    }
}

impl TryFrom<String> for ClockTime {
    type Error = MalformedClockTime;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl From<ClockTime> for String {
    fn from(time: ClockTime) -> String {
        time.to_string()
    }
}

impl JsonSchema for ClockTime {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ClockTime".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$" })
    }
}

/// Part of a day, on the clock; it ends on the day that it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ClockSpan")]
pub struct Span {
    pub from: ClockTime,
    pub until: ClockTime,
}

impl Span {
    pub fn is_some_time(self) -> bool {
        self.from < self.until
    }

    pub fn meets(self, other: Self) -> bool {
        self.from < other.until && other.from < self.until
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    pub const ALL: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    pub fn of(date: civil::Date) -> Self {
        match date.weekday() {
            civil::Weekday::Monday => Weekday::Monday,
            civil::Weekday::Tuesday => Weekday::Tuesday,
            civil::Weekday::Wednesday => Weekday::Wednesday,
            civil::Weekday::Thursday => Weekday::Thursday,
            civil::Weekday::Friday => Weekday::Friday,
            civil::Weekday::Saturday => Weekday::Saturday,
            civil::Weekday::Sunday => Weekday::Sunday,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_it_is_written() {
        for text in ["00:00", "09:05", "23:59", "24:00"] {
            assert_eq!(text.parse::<ClockTime>().unwrap().to_string(), text);
        }
        for text in ["", "9:00", "24:01", "12:60", "12", "12:3", "+1:00", "99:99", "12:00:00"] {
            assert_eq!(text.parse::<ClockTime>(), Err(MalformedClockTime), "{text}");
        }
    }

    #[test]
    fn the_end_of_a_day_is_the_next_ones_beginning() {
        let date = civil::date(2026, 12, 31);
        let end = ClockTime::from_minutes(1440).and_then(|time| time.on(date)).unwrap();
        assert_eq!(end, civil::date(2027, 1, 1).at(0, 0, 0, 0));
    }
}
