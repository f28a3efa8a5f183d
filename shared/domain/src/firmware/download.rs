//! Which bytes of an image a request asks for (RFC 9110, sections 13 and 14). A single range is honoured; several at
//! once are answered with the whole, as the standard allows.

/// What a request says beside the address, as sent.
#[derive(Debug, Clone, Copy, Default)]
pub struct Conditions<'a> {
    pub range: Option<&'a str>,
    pub if_range: Option<&'a str>,
    pub if_none_match: Option<&'a str>,
}

/// What to answer with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    NotModified,
    Whole,
    /// From the first byte to the last, both included.
    Range {
        first: u64,
        last: u64,
    },
    /// Beyond the end.
    Unsatisfiable,
}

impl Conditions<'_> {
    /// `etag` in quotes and `last_modified` as they are sent; `length` is not 0.
    pub fn part(&self, etag: &str, last_modified: &str, length: u64) -> Part {
        if self.if_none_match.is_some_and(|tags| matches_any(tags, etag)) {
            return Part::NotModified;
        }
        // A part of something else than the client has would be worse than the whole.
        let is_current = self
            .if_range
            .is_none_or(|validator| validator.trim() == etag || validator.trim() == last_modified);
        match self.range {
            Some(range) if is_current => read_range(range, length),
            _ => Part::Whole,
        }
    }
}

/// Whether a list of tags names this one; weak ones count, since nobody is to get the same again.
pub fn matches_any(tags: &str, etag: &str) -> bool {
    let strong = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
    let wanted = strong(etag);
    tags.split(',')
        .map(str::trim)
        .any(|tag| tag == "*" || strong(tag) == wanted)
}

/// What is malformed is as if it were not there.
fn read_range(range: &str, length: u64) -> Part {
    let Some((unit, spec)) = range.trim().split_once('=') else {
        return Part::Whole;
    };
    let Some((first, last)) = spec.trim().split_once('-') else {
        return Part::Whole;
    };
    if !unit.trim().eq_ignore_ascii_case("bytes") || spec.contains(',') {
        return Part::Whole;
    }
    let end = length.saturating_sub(1);
    match (number(first), number(last)) {
        (Some(Number::Missing), Some(Number::Given(0))) => Part::Unsatisfiable,
        (Some(Number::Missing), Some(Number::Given(suffix))) => Part::Range {
            first: length.saturating_sub(suffix),
            last: end,
        },
        (Some(Number::Given(first)), Some(last)) => {
            let last = match last {
                Number::Missing => end,
                Number::Given(last) if last < first => return Part::Whole,
                Number::Given(last) => last.min(end),
            };
            if first > end {
                Part::Unsatisfiable
            } else {
                Part::Range { first, last }
            }
        }
        _ => Part::Whole,
    }
}

enum Number {
    Missing,
    Given(u64),
}

/// None for what is no number. Numbers too large for us are beyond the end of everything.
fn number(text: &str) -> Option<Number> {
    let text = text.trim();
    if text.is_empty() {
        return Some(Number::Missing);
    }
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| Number::Given(text.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ETAG: &str = "\"abc\"";
    const DATE: &str = "Wed, 25 Nov 2026 10:00:00 GMT";

    fn part(range: &str) -> Part {
        let conditions = Conditions {
            range: Some(range),
            ..Conditions::default()
        };
        conditions.part(ETAG, DATE, 1000)
    }

    fn from_to(first: u64, last: u64) -> Part {
        Part::Range { first, last }
    }

    #[test]
    fn single_ranges_are_cut_to_the_file() {
        assert_eq!(part("bytes=0-99"), from_to(0, 99));
        assert_eq!(part("bytes=0-0"), from_to(0, 0));
        assert_eq!(part("bytes=900-"), from_to(900, 999));
        assert_eq!(part("bytes=0-"), from_to(0, 999));
        assert_eq!(part("bytes=900-5000"), from_to(900, 999));
        assert_eq!(part("bytes=-100"), from_to(900, 999));
        assert_eq!(part("bytes=-5000"), from_to(0, 999));
        assert_eq!(part(" Bytes = 1 - 2 "), from_to(1, 2));
        assert_eq!(part("bytes=0-99999999999999999999999"), from_to(0, 999));
    }

    #[test]
    fn what_lies_beyond_the_end_cannot_be_had() {
        for range in [
            "bytes=1000-",
            "bytes=1000-2000",
            "bytes=-0",
            "bytes=99999999999999999999-",
        ] {
            assert_eq!(part(range), Part::Unsatisfiable, "{range}");
        }
    }

    #[test]
    fn several_ranges_and_nonsense_get_the_whole() {
        for range in [
            "bytes=0-1,5-9",
            "bytes=9-5",
            "bytes=a-b",
            "bytes=-",
            "lines=1-2",
            "bytes",
            "",
            "bytes=+1-2",
        ] {
            assert_eq!(part(range), Part::Whole, "{range}");
        }
    }

    #[test]
    fn a_range_counts_only_for_the_file_that_it_was_begun_with() {
        let with = |if_range| {
            let conditions = Conditions {
                range: Some("bytes=5-9"),
                if_range: Some(if_range),
                if_none_match: None,
            };
            conditions.part(ETAG, DATE, 1000)
        };
        assert_eq!(with(ETAG), from_to(5, 9));
        assert_eq!(with(DATE), from_to(5, 9));
        for other in ["\"abd\"", "W/\"abc\"", "Wed, 25 Nov 2026 10:00:01 GMT", "abc"] {
            assert_eq!(with(other), Part::Whole, "{other}");
        }
    }

    #[test]
    fn who_has_it_is_not_sent_it() {
        let with = |tags| {
            let conditions = Conditions {
                if_none_match: Some(tags),
                range: Some("bytes=0-1"),
                if_range: None,
            };
            conditions.part(ETAG, DATE, 1000)
        };
        for tags in [ETAG, "*", "W/\"abc\"", "\"x\", \"abc\""] {
            assert_eq!(with(tags), Part::NotModified, "{tags}");
        }
        assert_eq!(with("\"x\""), from_to(0, 1));
        assert!(matches_any("\"abc\"", "W/\"abc\""));
    }
}
