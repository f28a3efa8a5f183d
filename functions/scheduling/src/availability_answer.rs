//! What a doctor says of when they may be booked, as they read and write it.

use domain::scheduling::availability::{Availability, Terms, WeeklyHours};
use domain::scheduling::zone::{Zone, tzdb_version};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Availability")]
pub struct AvailabilityAnswer {
    /// 0 where nothing has been said yet.
    version: u64,
    time_zone: Zone,
    /// The edition of the time zone database that the hours are read by.
    tzdb_version: &'static str,
    #[serde(flatten)]
    terms: Terms,
    #[serde(flatten)]
    hours: WeeklyHours,
    #[schemars(with = "Option<String>")]
    updated_at: Option<Timestamp>,
}

impl From<Availability> for AvailabilityAnswer {
    fn from(availability: Availability) -> Self {
        Self {
            version: availability.version,
            time_zone: availability.zone,
            tzdb_version: tzdb_version(),
            terms: availability.terms,
            hours: availability.hours,
            updated_at: availability.updated_at,
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "NewAvailability")]
pub struct Body {
    /// The one that was seen: 409 if somebody has changed it since.
    version: u64,
    /// Of the clock that all hours, dates and time off are read from.
    time_zone: Zone,
    #[serde(flatten)]
    terms: Terms,
    #[serde(flatten)]
    hours: WeeklyHours,
}

impl Body {
    pub fn availability(self, now: Timestamp) -> Availability {
        Availability {
            version: self.version,
            zone: self.time_zone,
            terms: self.terms,
            hours: self.hours,
            updated_at: Some(now),
        }
    }
}
