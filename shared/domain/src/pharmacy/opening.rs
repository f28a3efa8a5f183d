//! When a pharmacy is open, as far as what people wrote of it can be read.

use jiff::civil::{DateTime, Weekday};
use serde_json::{Map, Value};

use crate::scheduling::clock_time::ClockTime;

/// By day of the week, Monday first; a time that ends before it begins goes on into the next day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningHours([Vec<(u16, u16)>; 7]);

const DAYS: [(Weekday, &str); 7] = [
    (Weekday::Monday, "monday"),
    (Weekday::Tuesday, "tuesday"),
    (Weekday::Wednesday, "wednesday"),
    (Weekday::Thursday, "thursday"),
    (Weekday::Friday, "friday"),
    (Weekday::Saturday, "saturday"),
    (Weekday::Sunday, "sunday"),
];

impl OpeningHours {
    /// `{"monday": "09:00-18:00", "tue": ["09:00-12:00", "14:00-18:00"], "wed": {"open": "09:00", "close": "18:00"}, "sun":
    /// "closed"}`, days in any case and by three letters or more. A day that is not named is closed. None where nothing is
    /// named, or anything cannot be read: a pharmacy that is open must not be hidden for a word.
    pub fn read(hours: &Map<String, Value>) -> Option<Self> {
        if hours.is_empty() {
            return None;
        }
        let mut days: [Vec<(u16, u16)>; 7] = Default::default();
        for (day, times) in hours {
            let day = day.trim().to_ascii_lowercase();
            let place = DAYS
                .iter()
                .position(|(_, name)| day.len() >= 3 && name.starts_with(&day))?;
            days.get_mut(place)?.extend(read_times(times)?);
        }
        Some(Self(days))
    }

    /// `now`: as the pharmacy's clock shows it.
    pub fn is_open(&self, now: DateTime) -> bool {
        let minute = u16::try_from(i32::from(now.hour()) * 60 + i32::from(now.minute())).unwrap_or_default();
        let of = |weekday: Weekday| {
            let place = DAYS.iter().position(|(day, _)| *day == weekday);
            place.and_then(|place| self.0.get(place)).into_iter().flatten()
        };
        let is_in_day = |(from, until): &(u16, u16)| match from < until {
            true => (*from..*until).contains(&minute),
            false => *from <= minute,
        };
        let goes_on = |(from, until): &(u16, u16)| from >= until && minute < *until;
        of(now.weekday()).any(is_in_day) || of(now.weekday().previous()).any(goes_on)
    }
}

fn read_times(times: &Value) -> Option<Vec<(u16, u16)>> {
    match times {
        Value::Null => Some(Vec::new()),
        Value::String(text) if is_closed(text) => Some(Vec::new()),
        Value::String(text) => text.split(',').map(read_span).collect(),
        Value::Array(spans) => {
            let read = spans.iter().map(|span| read_span(span.as_str()?));
            read.collect()
        }
        Value::Object(span) => {
            let clock = |name: &str| read_clock(span.get(name)?.as_str()?);
            Some(vec![(clock("open")?, clock("close")?)])
        }
        Value::Bool(_) | Value::Number(_) => None,
    }
}

fn is_closed(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || text.eq_ignore_ascii_case("closed")
}

fn read_span(text: &str) -> Option<(u16, u16)> {
    let (from, until) = text.split_once(['-', '–'])?;
    Some((read_clock(from)?, read_clock(until)?))
}

/// `9:00` as well as `09:00`.
fn read_clock(text: &str) -> Option<u16> {
    let text = text.trim();
    let padded = if text.find(':') == Some(1) {
        format!("0{text}")
    } else {
        text.to_owned()
    };
    padded.parse::<ClockTime>().ok().map(ClockTime::minutes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(hours: Value) -> Option<OpeningHours> {
        OpeningHours::read(hours.as_object().unwrap())
    }

    fn is_open(hours: &OpeningHours, at: &str) -> bool {
        hours.is_open(at.trim_end_matches('Z').parse().unwrap())
    }

    #[test]
    fn hours_are_read_however_they_are_written() {
        let hours = json!({
            "Monday": "9:00-18:00", "tue": ["09:00-12:00", "14:00-18:00"], "WED": { "open": "09:00", "close": "24:00" },
            "sunday": "Closed", "fri": "22:00–06:00", "sat": null,
        });
        let hours = read(hours).unwrap();
        // 2026-11-30 is a Monday.
        for (at, open) in [
            ("2026-11-30T08:59:59Z", false),
            ("2026-11-30T09:00:00Z", true),
            ("2026-11-30T18:00:00Z", false),
            ("2026-12-01T13:00:00Z", false),
            ("2026-12-01T14:00:00Z", true),
            ("2026-12-02T23:59:00Z", true),
            ("2026-12-03T00:00:00Z", false),
            ("2026-12-04T05:00:00Z", false),
            ("2026-12-04T23:00:00Z", true),
            ("2026-12-05T05:59:00Z", true),
            ("2026-12-05T06:00:00Z", false),
            ("2026-12-06T12:00:00Z", false),
        ] {
            assert_eq!(is_open(&hours, at), open, "{at}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_no_hours() {
        for hours in [
            json!({}),
            json!({ "mon-fri": "9-5" }),
            json!({ "monday": "nine to five" }),
            json!({ "monday": 9 }),
            json!({ "mo": "09:00-18:00" }),
            json!({ "monday": { "from": "09:00" } }),
        ] {
            assert_eq!(read(hours.clone()), None, "{hours}");
        }
    }
}
