//! What a session token of a call says. It goes out sealed: nobody but us reads it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::consultation::{Consultation, Party};
use crate::id::{ConsultationId, UserId};

/// Of somebody with an account, who joins again for another.
const LIFE: SignedDuration = SignedDuration::from_hours(1);

/// Good for one party of one consultation, and for one connection of theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallPass {
    /// Whose consultation.
    pub patient: UserId,
    pub consultation: ConsultationId,
    pub party: Party,
    /// How often the party had joined by then: a newer one takes over.
    pub connection: u64,
    pub expires_at: Timestamp,
}

impl CallPass {
    /// A guest's lasts for the call, since the invite is spent; and says nothing once the call is over.
    pub fn new(consultation: &Consultation, party: Party, connection: u64, now: Timestamp) -> Self {
        let end = consultation.over_by();
        Self {
            patient: consultation.patient,
            consultation: consultation.id,
            party,
            connection,
            expires_at: match party {
                Party::Guest(_) => end,
                Party::Doctor | Party::Patient => end.min(now + LIFE),
            },
        }
    }
}
