//! When a visit is, as people are told of it: by letter, in a calendar, by text message, in a list.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::appointment::{Appointment, Status};
use super::zone::Zone;
use crate::id::AppointmentId;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    pub appointment: AppointmentId,
    /// Rises with each change: of two letters, calendars go by the one with the higher.
    pub version: u64,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    /// The doctor's, for those who have named none.
    pub zone: Zone,
}

/// Patients are reminded twice of what is booked, each in time for something: to call it off, and to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reminder {
    DayBefore,
    HourBefore,
}

impl Reminder {
    const ALL: [Reminder; 2] = [Reminder::DayBefore, Reminder::HourBefore];

    pub fn word(self) -> &'static str {
        match self {
            Reminder::DayBefore => "day",
            Reminder::HourBefore => "hour",
        }
    }

    fn before(self) -> SignedDuration {
        match self {
            Reminder::DayBefore => SignedDuration::from_hours(24),
            Reminder::HourBefore => SignedDuration::from_hours(1),
        }
    }
}

impl Appointment {
    pub fn visit(&self) -> Visit {
        Visit {
            appointment: self.id,
            version: self.version,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            zone: self.zone.clone(),
        }
    }

    /// When which reminder is due; none of a visit that is not booked, or that somebody has come to.
    pub fn reminders(&self) -> Vec<(Timestamp, Reminder)> {
        let is_booked = self.status == Status::Scheduled;
        let reminders = Reminder::ALL.into_iter().filter(|_| is_booked);
        reminders
            .map(|reminder| (self.starts_at - reminder.before(), reminder))
            .collect()
    }

    /// Whether there is something to be reminded of.
    pub fn is_to_come(&self, now: Timestamp) -> bool {
        self.status == Status::Scheduled && now < self.starts_at
    }
}
