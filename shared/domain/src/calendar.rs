//! Days, where a rule counts in days.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

/// The day it is in UTC: products without the person's zone count by it.
pub fn day_of(now: Timestamp) -> Date {
    Offset::UTC.to_datetime(now).date()
}
