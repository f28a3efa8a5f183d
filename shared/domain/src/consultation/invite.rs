//! Leave for somebody without an account to join a call, once: an interpreter, or a relative.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::consultation::{Consultation, ConsultationRefused, Party};
use crate::id::{ConsultationId, ConsultationInviteId, UserId};

const LONGEST_NAME: usize = 100;
/// An invite that is not used by then is void.
const LONGEST_LIFE: SignedDuration = SignedDuration::from_mins(30);

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invite {
    pub id: ConsultationInviteId,
    pub consultation: ConsultationId,
    pub patient: UserId,
    /// Who let the guest in.
    pub invited_by: UserId,
    /// What the guest is shown as.
    pub name: Option<String>,
    pub created_at: Timestamp,
    /// Until when it can be used.
    pub usable_until: Timestamp,
    pub used_at: Option<Timestamp>,
    /// Since when it lets nobody in, and nobody be in.
    #[serde(default)]
    pub revoked_at: Option<Timestamp>,
}

/// It holds a name.
impl std::fmt::Debug for Invite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Invite({}, [redacted])", self.id)
    }
}

impl Invite {
    pub fn new(
        id: ConsultationInviteId,
        consultation: &Consultation,
        invited_by: UserId,
        name: Option<String>,
        now: Timestamp,
    ) -> Result<Self, ConsultationRefused> {
        let name = name.filter(|name| !name.trim().is_empty());
        if name.as_ref().is_some_and(|name| name.chars().count() > LONGEST_NAME) {
            return Err(ConsultationRefused::TooLong {
                field: "name",
                limit: LONGEST_NAME,
            });
        }
        Ok(Self {
            id,
            consultation: consultation.id,
            patient: consultation.patient,
            invited_by,
            name,
            created_at: now,
            usable_until: consultation.over_by().min(now + LONGEST_LIFE),
            used_at: None,
            revoked_at: None,
        })
    }

    /// Whether somebody may join by it.
    pub fn must_be_usable(&self, now: Timestamp) -> Result<(), ConsultationRefused> {
        let is_usable = self.used_at.is_none() && self.revoked_at.is_none() && now < self.usable_until;
        is_usable.then_some(()).ok_or(ConsultationRefused::InviteGone)
    }

    /// Whether somebody is in the call by it, or may still join.
    pub fn has_place(&self, now: Timestamp) -> bool {
        self.must_be_usable(now).is_ok() || self.used_at.is_some() && self.revoked_at.is_none()
    }

    pub fn guest(&self) -> Party {
        Party::Guest(self.id)
    }
}

/// What a guest is sent: 256 random bits, of which the table holds the SHA-256.
#[derive(Clone, PartialEq, Eq)]
pub struct InviteToken([u8; 32]);

impl InviteToken {
    pub fn new(random: [u8; 32]) -> Self {
        Self(random)
    }

    pub fn text(&self) -> String {
        BASE64URL_NOPAD.encode(&self.0)
    }

    pub fn digest(&self) -> String {
        HEXLOWER.encode(&Sha256::digest(self.0))
    }
}

impl std::str::FromStr for InviteToken {
    type Err = ConsultationRefused;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = BASE64URL_NOPAD.decode(text.trim().as_bytes()).ok();
        let bytes = bytes.and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or(ConsultationRefused::NoInvite)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_survives_the_way_to_the_guest_and_back() {
        let token = InviteToken::new([7; 32]);
        let read: InviteToken = token.text().parse().unwrap();
        assert!(read == token && read.digest() == token.digest());
        assert!(read.digest() != read.text());
        for text in ["", "a", "AAAA", "%"] {
            assert_eq!(text.parse::<InviteToken>().err(), Some(ConsultationRefused::NoInvite));
        }
    }
}
