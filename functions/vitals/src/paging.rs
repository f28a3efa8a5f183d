//! Where in a series the next page begins, opaque to clients; and how dense the series was, so that no more is read for the
//! next page than it needs.

use std::fmt;
use std::str::FromStr;

use data_encoding::BASE64URL_NOPAD;
use domain::vital::VitalRefused;
use jiff::Timestamp;
use serde::Deserialize;

/// Points of a page.
pub const MOST_POINTS: usize = 1_000;
/// Items of a page: a year of days.
pub const MOST_ITEMS: u16 = 366;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct SeriesCursor {
    pub from: Timestamp,
    /// Readings that lay together in one item; 0 where that is not known.
    pub in_an_item: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a cursor from an earlier page")]
pub struct MalformedCursor;

impl SeriesCursor {
    /// Items that hold a page of points.
    pub fn items(self) -> u16 {
        match usize::try_from(self.in_an_item) {
            Ok(in_an_item) if in_an_item > 0 => {
                let items = MOST_POINTS.div_ceil(in_an_item) + 1;
                u16::try_from(items).unwrap_or(MOST_ITEMS).min(MOST_ITEMS)
            }
            _ => MOST_ITEMS,
        }
    }
}

impl fmt::Display for SeriesCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}.{}", self.from.as_millisecond(), self.in_an_item);
        f.write_str(&BASE64URL_NOPAD.encode(text.as_bytes()))
    }
}

impl FromStr for SeriesCursor {
    type Err = MalformedCursor;

    fn from_str(text: &str) -> Result<Self, MalformedCursor> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| MalformedCursor)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| MalformedCursor)?;
        let (from, in_an_item) = text.split_once('.').ok_or(MalformedCursor)?;
        let from = from
            .parse()
            .ok()
            .and_then(|from| Timestamp::from_millisecond(from).ok());
        Ok(Self {
            from: from.ok_or(MalformedCursor)?,
            in_an_item: in_an_item.parse().map_err(|_| MalformedCursor)?,
        })
    }
}

impl TryFrom<String> for SeriesCursor {
    type Error = MalformedCursor;

    fn try_from(text: String) -> Result<Self, MalformedCursor> {
        text.parse()
    }
}

/// What is left of a stretch of time, and how many items to look at first.
pub fn stretch(
    from: Timestamp,
    until: Timestamp,
    cursor: Option<SeriesCursor>,
) -> Result<((Timestamp, Timestamp), u16), VitalRefused> {
    // Nothing can be older than people's old notebooks; keys of years before nought would be in no order.
    let from = from.max(Timestamp::UNIX_EPOCH);
    if from >= until {
        return Err(VitalRefused::Invalid {
            field: "end_time",
            rule: "must be after the beginning",
        });
    }
    let begins = cursor.map_or(from, |cursor| cursor.from.clamp(from, until));
    Ok(((begins, until), cursor.map_or(MOST_ITEMS, SeriesCursor::items)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_the_way_to_the_client_and_back() {
        let cursor = SeriesCursor {
            from: "2026-11-30T12:00:00.123Z".parse().unwrap(),
            in_an_item: 288,
        };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for text in [
            "",
            "%",
            "MQ",
            &BASE64URL_NOPAD.encode(b"1.x"),
            &BASE64URL_NOPAD.encode(b"99999999999999999.1"),
        ] {
            assert_eq!(text.parse::<SeriesCursor>(), Err(MalformedCursor), "{text}");
        }
    }

    #[test]
    fn years_that_nobody_means_are_left_out() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let ((from, _), _) = stretch(at("-009999-01-02T02:00:00Z"), at("2026-11-30T00:00:00Z"), None).unwrap();
        assert_eq!(from, Timestamp::UNIX_EPOCH);
        assert!(stretch(at("-009999-01-02T02:00:00Z"), at("-009998-01-02T02:00:00Z"), None).is_err());
    }

    #[test]
    fn a_page_reads_as_much_as_it_needs() {
        let items = |in_an_item| {
            let from = Timestamp::UNIX_EPOCH;
            SeriesCursor { from, in_an_item }.items()
        };
        assert_eq!([0, 1, 288, 3_600, u32::MAX].map(items), [366, 366, 5, 2, 2]);
    }
}
