//! Moments as clients write them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use serde::{Deserialize, Deserializer};

/// A moment with a zone, without one (then in UTC), a day (its beginning in UTC), or nothing (`null` and `""`).
pub fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
        return Ok(None);
    };
    let text = text.trim();
    let in_utc = |civil: DateTime| Offset::UTC.to_timestamp(civil).ok();
    let moment = text.parse::<Timestamp>().ok();
    let moment = moment.or_else(|| text.parse::<DateTime>().ok().and_then(in_utc));
    let moment = moment.or_else(|| {
        text.parse::<Date>()
            .ok()
            .and_then(|day| in_utc(day.to_datetime(Default::default())))
    });
    moment
        .map(Some)
        .ok_or_else(|| serde::de::Error::custom("must be a date and time, such as 2026-11-28T09:30:00Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_come_in_several_spellings() {
        let read = |text: &str| {
            time(&mut serde_json::Deserializer::from_str(text)).map(|found| found.map(|at| at.to_string()))
        };
        let noon = Some("2026-11-28T12:00:00Z".to_owned());
        for text in [
            "\"2026-11-28T12:00:00Z\"",
            "\"2026-11-28T12:00:00\"",
            "\"2026-11-28 12:00\"",
            "\"2026-11-28T17:30:00+05:30\"",
        ] {
            assert_eq!(read(text).unwrap(), noon, "{text}");
        }
        assert_eq!(read("\"2026-11-28\"").unwrap(), Some("2026-11-28T00:00:00Z".to_owned()));
        assert_eq!((read("null").unwrap(), read("\"\"").unwrap()), (None, None));
        for text in ["\"tomorrow\"", "7", "\"2026-13-01\""] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
