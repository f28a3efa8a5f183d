//! Channels of Agora: one for each consultation and each appointment, under names that say which.

use std::ops::RangeInclusive;

use jiff::{SignedDuration, Timestamp};

use crate::id::{AppointmentNumber, ConsultationId};

const CONSULTATION: &str = "visit-";
const APPOINTMENT: &str = "appt_";

/// How long after the end of a visit its token still lives: doctors run late.
const MARGIN: SignedDuration = SignedDuration::from_mins(30);
/// What is made for longer stops joining after a day.
const LIFE_SECONDS: RangeInclusive<i64> = 1..=24 * 60 * 60;

pub fn of_consultation(id: ConsultationId) -> String {
    format!("{CONSULTATION}{id}")
}

/// The consultation that a channel is of.
pub fn consultation(channel: &str) -> Option<ConsultationId> {
    channel.strip_prefix(CONSULTATION)?.parse().ok()
}

/// The same whatever time the appointment is moved to.
pub fn of_appointment(number: AppointmentNumber) -> String {
    format!("{APPOINTMENT}{number}")
}

/// The appointment that a channel is of.
pub fn appointment(channel: &str) -> Option<AppointmentNumber> {
    let number = channel.strip_prefix(APPOINTMENT)?.parse().ok()?;
    // A channel has one name.
    (of_appointment(number) == channel).then_some(number)
}

/// How long a token lives for a visit that ends then; none when it is over.
pub fn token_seconds(end: Timestamp, now: Timestamp) -> Option<u32> {
    let left = (end + MARGIN).duration_since(now).as_secs();
    let seconds = left.min(*LIFE_SECONDS.end());
    LIFE_SECONDS
        .contains(&seconds)
        .then(|| u32::try_from(seconds).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::AppointmentId;

    #[test]
    fn a_channel_names_its_consultation_in_at_most_64_bytes() {
        let id = ConsultationId::new(Timestamp::UNIX_EPOCH, [9; 6]);
        let channel = of_consultation(id);
        assert_eq!(consultation(&channel), Some(id));
        assert!(channel.len() <= 64);
        for other in ["", "visit-", "visit-x", "appt_1", &id.to_string()] {
            assert_eq!(consultation(other), None, "{other}");
        }
    }

    #[test]
    fn a_channel_names_its_appointment_by_its_number() {
        let number = AppointmentId::new(Timestamp::UNIX_EPOCH, [0xff; 6]).number();
        let channel = of_appointment(number);
        assert_eq!(channel, format!("appt_{number}"));
        assert_eq!(appointment(&channel), Some(number));
        for other in [
            "", "appt_", "appt_x", "appt_-1", "appt_+1", "appt_01", "appt-1", "visit-1", "1",
        ] {
            assert_eq!(appointment(other), None, "{other}");
        }
    }

    #[test]
    fn a_token_lives_until_a_little_after_the_visit_and_a_day_at_most() {
        let now: Timestamp = "2026-11-25T10:00:00Z".parse().unwrap();
        let minutes = |minutes| now + SignedDuration::from_mins(minutes);
        assert_eq!(token_seconds(minutes(30), now), Some(60 * 60));
        assert_eq!(token_seconds(minutes(3000), now), Some(86_400));
        assert_eq!(token_seconds(minutes(-29), now), Some(60));
        assert_eq!(token_seconds(minutes(-30), now), None);
    }
}
