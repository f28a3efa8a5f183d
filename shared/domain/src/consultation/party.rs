//! Who somebody is in a call.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::ConsultationInviteId;

/// One side of a call. Each has a mailbox, and a number in video channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Party {
    Doctor,
    Patient,
    /// Somebody without an account, such as an interpreter or a relative.
    Guest(ConsultationInviteId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PartyKind {
    Doctor,
    Patient,
    Guest,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is nobody in a call")]
pub struct NoParty;

const GUEST: &str = "guest-";

impl Party {
    pub fn kind(self) -> PartyKind {
        match self {
            Party::Doctor => PartyKind::Doctor,
            Party::Patient => PartyKind::Patient,
            Party::Guest(_) => PartyKind::Guest,
        }
    }

    /// In the channels of Agora: the same each time, and another for each. Guests have none: they hear and see by
    /// WebRTC only.
    pub fn video_uid(self) -> Option<u32> {
        match self {
            Party::Doctor => Some(1),
            Party::Patient => Some(2),
            Party::Guest(_) => None,
        }
    }
}

impl std::fmt::Display for Party {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Party::Doctor => f.write_str("doctor"),
            Party::Patient => f.write_str("patient"),
            Party::Guest(invite) => write!(f, "{GUEST}{invite}"),
        }
    }
}

impl From<Party> for String {
    fn from(party: Party) -> Self {
        party.to_string()
    }
}

impl TryFrom<String> for Party {
    type Error = NoParty;

    fn try_from(word: String) -> Result<Self, NoParty> {
        match word.as_str() {
            "doctor" => Ok(Party::Doctor),
            "patient" => Ok(Party::Patient),
            word => {
                let invite = word.strip_prefix(GUEST).and_then(|invite| invite.parse().ok());
                invite.map(Party::Guest).ok_or(NoParty)
            }
        }
    }
}
