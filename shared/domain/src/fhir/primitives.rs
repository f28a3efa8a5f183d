//! Texts, times, names and numbers as FHIR spells them.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

/// FHIR takes no longer ids.
const LONGEST_ID: usize = 64;
/// FHIR has years of four digits, and none before the first.
const YEARS: std::ops::RangeInclusive<i16> = 1..=9999;

/// Something that was written: not empty, and without characters that FHIR does not take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Text(String);

impl Text {
    /// None where nothing is left of it.
    pub fn new(text: impl AsRef<str>) -> Option<Self> {
        let plain = |c: char| match c {
            '\n' | '\r' | '\t' | ' ' => Some(c),
            // Validators' idea of a blank is narrower than Unicode's, and wider by this mark.
            '\u{feff}' => None,
            c if c.is_control() => None,
            c if c.is_whitespace() => Some(' '),
            c => Some(c),
        };
        let text: String = text.as_ref().chars().filter_map(plain).collect();
        let text = text.trim();
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text of ours.
impl From<&'static str> for Text {
    fn from(text: &'static str) -> Self {
        Self(text.to_owned())
    }
}

/// A resource's own name: of letters, digits, hyphens and dots, 64 at most.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Id(String);

impl Id {
    /// As it is where FHIR takes it, else a digest of it: the same for the same text.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let is_taken = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        if (1..=LONGEST_ID).contains(&text.len()) && text.chars().all(is_taken) {
            return Self(text);
        }
        Self(data_encoding::HEXLOWER.encode(&Sha256::digest(text)[..16]))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A moment, to the millisecond: an `instant`, which is also a `dateTime`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instant(Timestamp);

impl Instant {
    pub fn new(at: Timestamp) -> Option<Self> {
        YEARS.contains(&Offset::UTC.to_datetime(at).year()).then_some(Self(at))
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.3}", self.0))
    }
}

/// A day or a moment: a `dateTime`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum DateTime {
    Day(Day),
    Moment(Instant),
}

impl DateTime {
    pub fn at(at: Timestamp) -> Option<Self> {
        Instant::new(at).map(Self::Moment)
    }

    /// What somebody wrote, where it is a day or a moment.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        match text.parse::<Timestamp>() {
            Ok(at) => Self::at(at),
            Err(_) => Day::new(text.parse().ok()?).map(Self::Day),
        }
    }
}

/// A `date`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day(Date);

impl Day {
    pub fn new(day: Date) -> Option<Self> {
        YEARS.contains(&day.year()).then_some(Self(day))
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A number with its digits as they were written: 0.50 stays 0.50.
#[derive(Debug, Clone)]
pub struct Decimal(Box<serde_json::value::RawValue>);

impl Decimal {
    /// None for what is no number in JSON.
    pub fn parse(digits: &str) -> Option<Self> {
        let is_number = matches!(digits.as_bytes().first(), Some(b'-' | b'0'..=b'9'));
        let raw = serde_json::value::RawValue::from_string(digits.to_owned()).ok()?;
        is_number.then_some(Self(raw))
    }

    /// A probability, to three digits behind the point.
    pub fn of_probability(probability: f32) -> Option<Self> {
        Self::parse(&format!("{probability:.3}"))
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
