//! A file that enters a visit into its reader's calendar, moves it there, or takes it out (RFC 5545; RFC 5546, 3.2.2 and 3.2.5).

use icalendar::{Calendar, Component, Event, Property};
use jiff::Timestamp;

/// One visit, as a calendar is to show it.
#[derive(Clone, PartialEq, Eq)]
pub struct CalendarEntry {
    /// The same for a visit as long as there is one: by it a calendar finds what it has.
    pub name: String,
    /// Rises with each change.
    pub sequence: u64,
    pub title: String,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub written_at: Timestamp,
    pub is_cancelled: bool,
}

impl CalendarEntry {
    pub(super) fn method(&self) -> &'static str {
        if self.is_cancelled { "CANCEL" } else { "REQUEST" }
    }

    /// `organizer`: the address that mails come from; `attendee`: the one that this goes to. Moments are in UTC, so that it does
    /// not matter which edition of the time zones a calendar has.
    pub(super) fn file(&self, organizer: &str, domain: &str, attendee: &str) -> String {
        let status = if self.is_cancelled { "CANCELLED" } else { "CONFIRMED" };
        let mut event = Event::new();
        event
            .uid(&format!("{}@{domain}", self.name))
            .sequence(u32::try_from(self.sequence).unwrap_or(u32::MAX))
            .summary(&self.title)
            .add_property("DTSTAMP", in_utc(self.written_at))
            .add_property("DTSTART", in_utc(self.starts_at))
            .add_property("DTEND", in_utc(self.ends_at))
            .add_property("STATUS", status)
            .add_property("CLASS", "PRIVATE")
            .add_property("ORGANIZER", format!("mailto:{organizer}"));
        let mut attendee = Property::new("ATTENDEE", format!("mailto:{attendee}"));
        attendee
            .add_parameter("PARTSTAT", "ACCEPTED")
            .add_parameter("RSVP", "FALSE");
        event.append_property(attendee);
        let mut calendar = Calendar::new();
        calendar
            .append_property(Property::new("METHOD", self.method()))
            .push(event.done());
        calendar.to_string()
    }
}

fn in_utc(moment: Timestamp) -> String {
    moment.strftime("%Y%m%dT%H%M%SZ").to_string()
}
