//! What browsers tell one another to find a way between them: offers, answers and candidates.
//!
//! What they say is theirs; here it is carried, once and in order, and bounded.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::consultation::{ConsultationRefused, Party};
use crate::id::ConsultationId;

/// Of the JSON text: with what is around it, it fits into one message of the WebSocket API.
pub const LARGEST_SIGNAL_BYTES: usize = 128_000;
/// What nobody has fetched by then says nothing any more of how people are reached.
const FRESH: SignedDuration = SignedDuration::from_mins(5);
/// That wait for one party at a time.
pub const MOST_WAITING: u64 = 256;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SignalType {
    Offer,
    Answer,
    IceCandidate,
}

/// One of them, in the mailbox of whom it is for.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Signal {
    pub consultation: ConsultationId,
    /// Its place among all that came for the same party, from 1.
    pub sequence: u64,
    pub from: Party,
    pub to: Party,
    pub signal_type: SignalType,
    pub data: Map<String, Value>,
    pub sent_at: Timestamp,
    /// It goes with the call.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
}

/// It says where people are in the network.
impl std::fmt::Debug for Signal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signal({}, {:?}, [redacted])", self.sequence, self.signal_type)
    }
}

pub fn check(data: &Map<String, Value>) -> Result<(), ConsultationRefused> {
    let bytes = serde_json::to_vec(data).map_or(usize::MAX, |text| text.len());
    if bytes > LARGEST_SIGNAL_BYTES {
        return Err(ConsultationRefused::SignalTooLarge);
    }
    Ok(())
}

/// What a signal is called: the consultation and its place, so that no two of anybody's are called the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignalName {
    pub consultation: ConsultationId,
    pub sequence: u64,
}

impl Signal {
    pub fn name(&self) -> SignalName {
        SignalName {
            consultation: self.consultation,
            sequence: self.sequence,
        }
    }

    /// Whether it is too old to be given to anybody.
    pub fn is_stale(&self, now: Timestamp) -> bool {
        self.sent_at + FRESH < now
    }
}

impl std::fmt::Display for SignalName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.consultation, self.sequence)
    }
}

/// A place in a mailbox, as clients name it: a number, or the name of the signal at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
pub struct Place(#[schemars(with = "String")] pub u64);

impl TryFrom<String> for Place {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let number = text.rsplit('.').next().unwrap_or_default();
        let number = number
            .parse()
            .map_err(|_| "must be the id or the sequence of a signal")?;
        Ok(Self(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_signal_has_room_for_a_long_description() {
        let data = |length: usize| json!({ "sdp": "x".repeat(length) }).as_object().unwrap().clone();
        assert_eq!(check(&data(127_990)), Ok(()));
        assert_eq!(check(&data(128_000)), Err(ConsultationRefused::SignalTooLarge));
    }

    #[test]
    fn a_place_is_a_number_or_a_signals_name() {
        let name = SignalName {
            consultation: ConsultationId::new(Timestamp::UNIX_EPOCH, [1; 6]),
            sequence: 12,
        };
        assert_eq!(Place::try_from(name.to_string()), Ok(Place(12)));
        assert_eq!(Place::try_from("12".to_owned()), Ok(Place(12)));
        for text in ["", "x", "-1", "1.x"] {
            assert!(Place::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
