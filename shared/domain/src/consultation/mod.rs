//! Consultations: calls of a doctor and a patient, by video, sound or text, now or at a time.
//!
//! What is stored says what people did; what time alone does (a call that nobody began is missed, one that nobody ended
//! is over) is told by [`Consultation::status_at`], so that no worker has to come by for it to be true. Every change is a
//! rule here that gives what the consultation becomes, written over the version that it was made from.

pub mod call_pass;
pub mod channel;
pub mod client_id;
pub mod ice;
pub mod invite;
pub mod message;
mod party;
mod refused;
pub mod signal;

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::care::{AFTER_A_VISIT, Care, Cause};
use crate::id::{ConsultationId, UserId};

pub use party::{Party, PartyKind};
pub use refused::{ConsultationRefused, VideoNotSetUp};

/// A call that nobody ended is over then. Until then, whoever lost the line may join again.
pub const LONGEST_CALL: SignedDuration = SignedDuration::from_hours(4);
/// So long before its time a consultation can begin. Whoever joins earlier waits.
pub const EARLIEST_START: SignedDuration = SignedDuration::from_mins(15);
/// After its time, a consultation that nobody has begun is missed.
pub const LATEST_START: SignedDuration = SignedDuration::from_hours(1);
const FURTHEST: SignedDuration = SignedDuration::from_hours(366 * 24);
const LONGEST_TEXT: usize = 2_000;
/// Guests that one consultation may have at a time, here or still to come; and invites that it may ever have.
pub const MOST_GUESTS: usize = 5;
pub const MOST_INVITES: u8 = 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "ConsultationStatus")]
pub enum Status {
    Scheduled,
    Active,
    Completed,
    Cancelled,
    Missed,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ConsultationType {
    #[default]
    Video,
    Audio,
    Text,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consultation {
    pub id: ConsultationId,
    pub patient: UserId,
    pub doctor: UserId,
    pub created_by: UserId,
    /// What people did. See [`Consultation::status_at`].
    pub status: Status,
    pub consultation_type: ConsultationType,
    pub scheduled_time: Option<Timestamp>,
    pub started_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub reason: Option<String>,
    pub notes: Option<String>,
    /// Whether the patient waits until the doctor admits them.
    pub waiting_room: bool,
    pub waits_since: Option<Timestamp>,
    pub admitted_at: Option<Timestamp>,
    /// Whether the doctor treats the patient for its sake, once the patient has agreed to it.
    pub gives_care: bool,
    /// When the patient came to one that the doctor made: until then they have agreed to nothing.
    #[serde(default)]
    pub agreed_at: Option<Timestamp>,
    /// How many guests were invited so far.
    pub invites: u8,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Counts changes: a write names the one it saw.
    pub version: u64,
}

/// Reasons and notes are health data.
impl std::fmt::Debug for Consultation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Consultation({}, {:?}, [redacted])", self.id, self.status)
    }
}

/// What somebody asks for.
pub struct Wanted {
    pub doctor: UserId,
    pub patient: UserId,
    pub created_by: UserId,
    pub scheduled_time: Option<Timestamp>,
    pub consultation_type: ConsultationType,
    pub reason: Option<String>,
    pub notes: Option<String>,
    pub waiting_room: bool,
    pub gives_care: bool,
}

/// What comes of joining.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// As it is now.
    pub after: Consultation,
    /// Whether anything of it has changed.
    pub is_changed: bool,
    /// In the waiting room, or for the time to come: there is no line yet.
    pub waits: bool,
}

impl Consultation {
    pub fn new(id: ConsultationId, wanted: Wanted, now: Timestamp) -> Result<Self, ConsultationRefused> {
        if wanted.doctor == wanted.patient {
            return Err(ConsultationRefused::Oneself);
        }
        let is_sensible = |time: Timestamp| now - LATEST_START < time && time < now + FURTHEST;
        if !wanted.scheduled_time.is_none_or(is_sensible) {
            return Err(ConsultationRefused::TimeOutOfRange);
        }
        let is_scheduled = wanted.scheduled_time.is_some();
        Ok(Self {
            id,
            patient: wanted.patient,
            doctor: wanted.doctor,
            created_by: wanted.created_by,
            status: if is_scheduled {
                Status::Scheduled
            } else {
                Status::Active
            },
            consultation_type: wanted.consultation_type,
            scheduled_time: wanted.scheduled_time,
            started_at: (!is_scheduled).then_some(now),
            ended_at: None,
            reason: text("reason", wanted.reason)?,
            notes: text("notes", wanted.notes)?,
            waiting_room: wanted.waiting_room,
            waits_since: None,
            admitted_at: None,
            gives_care: wanted.gives_care,
            agreed_at: None,
            invites: 0,
            created_at: now,
            updated_at: now,
            version: 1,
        })
    }

    /// What this person is in it.
    pub fn party_of(&self, person: UserId) -> Option<Party> {
        match person {
            person if person == self.patient => Some(Party::Patient),
            person if person == self.doctor => Some(Party::Doctor),
            _ => None,
        }
    }

    /// What one who is no guest is called.
    pub fn name_of(&self, party: Party) -> String {
        match party {
            Party::Doctor => self.doctor.to_string(),
            Party::Patient => self.patient.to_string(),
            Party::Guest(invite) => invite.to_string(),
        }
    }

    /// With what time alone has done to it.
    pub fn status_at(&self, now: Timestamp) -> Status {
        match (self.status, self.ends_by() <= now) {
            (Status::Scheduled, true) => Status::Missed,
            (Status::Active, true) => Status::Completed,
            (status, _) => status,
        }
    }

    /// When it ended, or when time ended it.
    pub fn ended_at(&self, now: Timestamp) -> Option<Timestamp> {
        let by_time = self.status == Status::Active && self.status_at(now) == Status::Completed;
        self.ended_at.or_else(|| by_time.then(|| self.ends_by()))
    }

    /// When time ends what nobody else does: an unbegun one is missed then, a begun one is over.
    pub fn ends_by(&self) -> Timestamp {
        match (self.started_at, self.scheduled_time) {
            (Some(started), _) => started + LONGEST_CALL,
            (None, Some(time)) => time + LATEST_START,
            (None, None) => self.created_at + LONGEST_CALL,
        }
    }

    /// Nothing of it can still go on after this, however late it begins.
    pub fn over_by(&self) -> Timestamp {
        match self.started_at {
            Some(started) => started + LONGEST_CALL,
            None => self.ends_by() + LONGEST_CALL,
        }
    }

    /// Whether it can still be joined, now or later.
    pub fn is_open(&self, now: Timestamp) -> bool {
        matches!(self.status_at(now), Status::Scheduled | Status::Active)
    }

    /// Whether the doctor has let the patient's side in, where they must.
    pub fn admits(&self, party: Party) -> bool {
        party == Party::Doctor || !self.waiting_room || self.admitted_at.is_some()
    }

    /// Whether this party may speak now.
    pub fn must_be_running_for(&self, party: Party, now: Timestamp) -> Result<(), ConsultationRefused> {
        if self.status_at(now) != Status::Active {
            return Err(ConsultationRefused::NotActive);
        }
        if !self.admits(party) {
            return Err(ConsultationRefused::NotAdmitted);
        }
        Ok(())
    }

    /// Whether its time is too far off for it to begin.
    fn is_early(&self, now: Timestamp) -> bool {
        let time = self.scheduled_time.filter(|_| self.status == Status::Scheduled);
        time.is_some_and(|time| now < time - EARLIEST_START)
    }

    /// Either side begins what is scheduled, once it is about time; where there is a waiting room, the patient's side waits
    /// in it.
    pub fn joined(&self, party: Party, now: Timestamp) -> Result<Joined, ConsultationRefused> {
        if !self.is_open(now) {
            return Err(ConsultationRefused::NotActive);
        }
        // A tap days before changes nothing.
        if self.is_early(now) {
            return Ok(Joined {
                after: self.clone(),
                is_changed: false,
                waits: true,
            });
        }
        let waits = !self.admits(party);
        let mut after = self.clone();
        if party == Party::Patient && !self.is_agreed() {
            after.agreed_at = Some(now);
        }
        if waits {
            after.waits_since.get_or_insert(now);
        } else if after.status == Status::Scheduled {
            after.begin(now);
        }
        let is_changed = after != *self;
        if is_changed {
            after.touch(now);
        }
        Ok(Joined {
            after,
            is_changed,
            waits,
        })
    }

    /// The doctor opens the door of the waiting room, also before anybody waits, and begins the call if it is about time.
    /// None where it stands open.
    pub fn admitted(&self, now: Timestamp) -> Result<Option<Self>, ConsultationRefused> {
        if !self.is_open(now) {
            return Err(ConsultationRefused::NotActive);
        }
        if self.admits(Party::Patient) {
            return Ok(None);
        }
        let mut after = self.clone();
        after.admitted_at = Some(now);
        if after.status == Status::Scheduled && !self.is_early(now) {
            after.begin(now);
        }
        after.touch(now);
        Ok(Some(after))
    }

    /// Ended, once: none where it is over already, however that came.
    pub fn ended(&self, now: Timestamp) -> Option<Self> {
        if !self.is_open(now) {
            return None;
        }
        let mut after = self.clone();
        after.status = Status::Completed;
        after.ended_at = Some(now);
        after.touch(now);
        Some(after)
    }

    /// Called off before it began: none where it is called off or missed already.
    pub fn cancelled(&self, now: Timestamp) -> Result<Option<Self>, ConsultationRefused> {
        match self.status_at(now) {
            Status::Cancelled | Status::Missed => Ok(None),
            Status::Active | Status::Completed => Err(ConsultationRefused::HasBegun),
            Status::Scheduled => {
                let mut after = self.clone();
                after.status = Status::Cancelled;
                after.touch(now);
                Ok(Some(after))
            }
        }
    }

    /// With one more guest invited, beside so many who are here or may still come.
    pub fn with_invite(&self, guests: usize, now: Timestamp) -> Result<Self, ConsultationRefused> {
        if !self.is_open(now) {
            return Err(ConsultationRefused::NotActive);
        }
        if guests >= MOST_GUESTS || self.invites >= MOST_INVITES {
            return Err(ConsultationRefused::TooManyInvites);
        }
        let mut after = self.clone();
        after.invites += 1;
        after.touch(now);
        Ok(after)
    }

    /// What lets its doctor see the patient's records, while it is to come, goes on, and for a while after it.
    pub fn care(&self) -> Option<Care> {
        let is_off = self.status == Status::Cancelled;
        let end = self.ended_at.unwrap_or_else(|| self.over_by());
        (self.gives_care && self.is_agreed() && !is_off).then(|| Care {
            patient: self.patient,
            doctor: self.doctor,
            cause: Cause::Consultation(self.id),
            until: end + AFTER_A_VISIT,
        })
    }

    /// By asking for it, or by coming to it.
    fn is_agreed(&self) -> bool {
        self.created_by == self.patient || self.agreed_at.is_some()
    }

    fn begin(&mut self, now: Timestamp) {
        self.status = Status::Active;
        self.started_at = Some(now);
    }

    fn touch(&mut self, now: Timestamp) {
        self.updated_at = now;
        self.version += 1;
    }
}

fn text(field: &'static str, text: Option<String>) -> Result<Option<String>, ConsultationRefused> {
    let text = text.filter(|text| !text.trim().is_empty());
    match text {
        Some(text) if text.chars().count() > LONGEST_TEXT => Err(ConsultationRefused::TooLong {
            field,
            limit: LONGEST_TEXT,
        }),
        text => Ok(text),
    }
}

#[cfg(test)]
mod tests;
