//! A lot: packs that were made together, with the day until which they are good.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::PharmacyRefused;
use crate::scheduling::zone::Zone;

/// What stands on the packs, in upper case; stock that nobody knows the lot of is under [`LotCode::unnumbered`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct LotCode(#[schemars(regex(pattern = "^[A-Za-z0-9._/ -]{1,40}$"))] String);

const LONGEST: usize = 40;
const UNNUMBERED: &str = "-";

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 40 letters, digits, dots, hyphens, slashes or spaces")]
pub struct MalformedLot;

impl LotCode {
    pub fn unnumbered() -> Self {
        Self(UNNUMBERED.to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for LotCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for LotCode {
    type Error = MalformedLot;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let text = text.trim().to_ascii_uppercase();
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"._/- ".contains(&byte);
        match (1..=LONGEST).contains(&text.len()) && text.bytes().all(is_part) {
            true => Ok(Self(text)),
            false => Err(MalformedLot),
        }
    }
}

impl From<LotCode> for String {
    fn from(code: LotCode) -> String {
        code.0
    }
}

/// A moment, and the day that it is at a pharmacy then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub at: Timestamp,
    pub today: Date,
}

impl Moment {
    /// By the clock of a pharmacy; by UTC where nobody knows in which zone it is.
    pub fn at(now: Timestamp, zone: Option<&Zone>) -> Self {
        let today = rules(zone).to_datetime(now).date();
        Self { at: now, today }
    }
}

fn rules(zone: Option<&Zone>) -> &TimeZone {
    static UTC: TimeZone = TimeZone::UTC;
    zone.map_or(&UTC, Zone::rules)
}

/// The last day on which a lot may be given out, by the clock of its pharmacy.
pub fn expiry(text: &str) -> Result<Date, PharmacyRefused> {
    let text = text.trim();
    let day = text.parse::<Date>().ok();
    // A month is good until its end, as packs say it; of a moment, the day counts.
    let month = || format!("{text}-01").parse::<Date>().ok().map(Date::last_of_month);
    let moment = || {
        text.parse::<Timestamp>()
            .ok()
            .map(|at| Offset::UTC.to_datetime(at).date())
    };
    let naive = || text.parse::<jiff::civil::DateTime>().ok().map(|at| at.date());
    let day = day.or_else(month).or_else(moment).or_else(naive);
    day.ok_or(PharmacyRefused::Invalid(
        "expiry_date",
        "must be a date, such as 2027-05-31 or 2027-05",
    ))
}

/// What is known of a lot beside how much there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LotFacts {
    pub expiry: Option<Date>,
    pub received_at: Timestamp,
    pub recalled_at: Option<Timestamp>,
    /// Expired, and left out of what low stock is judged by: a worker notes it.
    pub is_set_aside: bool,
}

/// How much of a lot is at a pharmacy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lot {
    pub facts: LotFacts,
    /// Neither reserved nor given out.
    pub free: u64,
    pub held: u64,
}

impl Lot {
    pub fn new(expiry: Option<Date>, now: Timestamp) -> Self {
        Self {
            facts: LotFacts {
                expiry,
                received_at: now,
                recalled_at: None,
                is_set_aside: false,
            },
            free: 0,
            held: 0,
        }
    }

    pub fn is_expired(&self, now: Moment) -> bool {
        self.facts.expiry.is_some_and(|last| last < now.today)
    }

    /// Why it must not be given out, if so.
    pub fn check(&self, now: Moment) -> Result<(), PharmacyRefused> {
        if self.facts.recalled_at.is_some() {
            return Err(PharmacyRefused::LotRecalled);
        }
        match self.is_expired(now) {
            true => Err(PharmacyRefused::LotExpired),
            false => Ok(()),
        }
    }

    pub fn is_good(&self, now: Moment) -> bool {
        self.check(now).is_ok()
    }

    /// Whether what is free of it counts when low stock is judged.
    pub fn counts(&self) -> bool {
        self.facts.recalled_at.is_none() && !self.facts.is_set_aside
    }

    pub fn is_empty(&self) -> bool {
        self.free == 0 && self.held == 0
    }
}

/// When a lot that is good until this day is so no more, by the clock of its pharmacy.
pub fn end_of(last: Date, zone: Option<&Zone>) -> Option<Timestamp> {
    let next = last.tomorrow().ok()?;
    rules(zone).to_timestamp(next.to_datetime(Default::default())).ok()
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn codes_are_told_apart_without_case() {
        let code = |text: &str| LotCode::try_from(text.to_owned());
        assert_eq!(code(" ab-12 "), code("AB-12"));
        for text in ["", " ", "a#b", "ä", &"x".repeat(41)] {
            assert_eq!(code(text), Err(MalformedLot), "{text}");
        }
    }

    #[test]
    fn expiry_dates_come_in_several_spellings() {
        let last: Date = "2027-05-31".parse().unwrap();
        for text in ["2027-05-31", "2027-05", "2027-05-31T10:00:00Z", "2027-05-31T10:00:00"] {
            assert_eq!(expiry(text), Ok(last), "{text}");
        }
        assert!(expiry("05/2027").is_err() && expiry("").is_err() && expiry("soon").is_err());
    }

    #[test]
    fn a_lot_is_good_through_its_last_day() {
        let lot = Lot::new(Some("2027-05-31".parse().unwrap()), Timestamp::UNIX_EPOCH);
        let (last, at) = ("2027-05-31".parse().unwrap(), |text: &str| {
            text.parse::<Timestamp>().unwrap()
        });
        let kolkata = Zone::try_from("Asia/Kolkata".to_owned()).ok();
        for (zone, end) in [
            (None, "2027-06-01T00:00:00Z"),
            (kolkata.as_ref(), "2027-05-31T18:30:00Z"),
        ] {
            let end = at(end);
            let before = Moment::at(end - SignedDuration::from_millis(100), zone);
            assert!(lot.is_good(before), "{end}");
            assert_eq!(lot.check(Moment::at(end, zone)), Err(PharmacyRefused::LotExpired));
            assert_eq!(end_of(last, zone), Some(end));
        }
    }
}
