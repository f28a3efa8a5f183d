//! Who did what with a person's health data, in a log that cannot be changed without its showing.
//!
//! Each person has a chain of entries. The hash of an entry is an HMAC over the hash before it and the entry's own
//! text, so whoever changes one, or takes one out, would need the key and would have to redo all that follow.

use hmac::{Hmac, Mac};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::id::{OutboxId, RecordId, UserId};
use crate::refusal::{FieldError, Kind, Refusal};
use crate::role::Role;

const HEX: data_encoding::Encoding = data_encoding::HEXLOWER;

/// One reading or writing of somebody's health data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditEvent {
    /// Whose data.
    pub subject: UserId,
    pub actor: Actor,
    pub action: Action,
    pub resource: Resource,
    pub why: Why,
    /// The actor's network, too coarse to name a household.
    pub from: String,
    /// Of the request, as its answer names it.
    pub request_id: String,
    pub at: Timestamp,
    /// Of a write of something that has versions. Entries without it keep the text that their hash is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub versions: Option<Versions>,
}

/// What a write made of what: the version that was there, 0 if there was none, and the one that is there now. The same
/// where it made no new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Versions {
    pub from: u64,
    pub to: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    pub id: UserId,
    pub role: Role,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Read,
    List,
    Create,
    Update,
    Delete,
    Export,
}

/// What was read or written: a kind, and the name of one thing if it was one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    pub kind: ResourceKind,
    /// Opaque: an id, never a value.
    pub id: Option<String>,
}

/// Grows with the product; words that are stored are never given another meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ResourceKind {
    Prediction,
    SkinRecord,
    DentalAnalysis,
    Picture,
    Profile,
    ReviewRequest,
    Record,
    /// What a doctor writes and has not signed.
    RecordDraft,
    /// A doctor's way past all other rights.
    EmergencyAccess,
    Consultation,
    Appointment,
    Prescription,
    /// Medicine that is set apart for a patient, or was given to them.
    Medicine,
    Glucose,
    Vitals,
    Message,
    /// Of one record where it names one.
    AuditLog,
    /// How devices are getting on with syncing.
    SyncHealth,
    Export,
}

/// By what right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "right", rename_all = "snake_case")]
pub enum Why {
    /// The person themselves.
    #[serde(rename = "self")]
    Own,
    /// Treats the person.
    Care,
    /// Was let in by the person.
    Grant,
    Admin,
    /// Came by an invite of the actor's, without an account.
    Invited {
        invite: String,
    },
    /// A device of the person's, by its own token.
    Device {
        device: String,
    },
    /// Had none, and was turned away.
    Refused,
    /// In an emergency, past all other rights.
    BreakGlass {
        reason: String,
    },
}

impl Resource {
    pub fn one(kind: ResourceKind, id: impl ToString) -> Self {
        Self {
            kind,
            id: Some(id.to_string()),
        }
    }

    pub fn all(kind: ResourceKind) -> Self {
        Self { kind, id: None }
    }
}

/// In which trail of health records an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trail {
    Record(RecordId),
    /// That of each: somebody else than the person read a list. Their own devices do so all day.
    AllRecords,
}

impl AuditEvent {
    pub fn trail(&self) -> Option<Trail> {
        match (self.resource.kind, &self.resource.id) {
            (ResourceKind::Record | ResourceKind::AuditLog, Some(id)) => id.parse().ok().map(Trail::Record),
            (ResourceKind::Record, None) if self.actor.id != self.subject => Some(Trail::AllRecords),
            _ => None,
        }
    }
}

/// An event at its place in the chain of its subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainEntry {
    /// Counted from 1.
    pub position: u64,
    /// What brought it here: makes a repetition recognisable.
    pub errand: OutboxId,
    pub event: AuditEvent,
}

/// What an entry passes on to the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EntryHash(String);

impl EntryHash {
    /// Before the first entry.
    pub fn origin() -> Self {
        Self(HEX.encode(&[0; 32]))
    }
}

/// Makes and checks the hashes. The key never leaves it.
#[derive(Clone)]
pub struct ChainKey(Hmac<Sha256>);

impl ChainKey {
    /// HMAC takes keys of any length; 32 random bytes are expected.
    pub fn new(key: &[u8]) -> Option<Self> {
        Hmac::new_from_slice(key).ok().map(Self)
    }

    /// `text`: the entry as it is stored, to the byte.
    pub fn hash(&self, previous: &EntryHash, text: &str) -> EntryHash {
        EntryHash(HEX.encode(&self.mac(previous, text).finalize().into_bytes()))
    }

    pub fn is_hash(&self, hash: &EntryHash, previous: &EntryHash, text: &str) -> bool {
        let Ok(bytes) = HEX.decode(hash.0.as_bytes()) else {
            return false;
        };
        self.mac(previous, text).verify_slice(&bytes).is_ok()
    }

    fn mac(&self, previous: &EntryHash, text: &str) -> Hmac<Sha256> {
        let mac = self.0.clone().chain_update(previous.0.as_bytes());
        mac.chain_update(text.as_bytes())
    }
}

/// An entry as it was found in storage, at the place that its key names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundEntry {
    pub position: u64,
    pub text: String,
    pub hash: EntryHash,
}

impl FoundEntry {
    /// In the chain of this person, after that hash.
    fn follows(&self, previous: &EntryHash, subject: UserId, key: &ChainKey) -> bool {
        let entry: Option<ChainEntry> = serde_json::from_str(&self.text).ok();
        let is_here = |entry: ChainEntry| entry.position == self.position && entry.event.subject == subject;
        entry.is_some_and(is_here) && key.is_hash(&self.hash, previous, &self.text)
    }
}

/// Whether a chain is as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Verdict {
    pub intact: bool,
    /// How many entries there are.
    pub entries: u64,
    /// The position of the first that was changed, is missing or is not ours.
    pub first_broken: Option<u64>,
}

/// Checks a chain from its end to its start, as lists are read, in any number of steps.
pub struct ChainCheck {
    key: ChainKey,
    subject: UserId,
    /// Later than what comes next; its hash is checked once the one before it is known.
    later: Option<FoundEntry>,
    /// Where the chain ought to end, if that is known.
    expected_length: Option<u64>,
    last: u64,
    entries: u64,
    first_broken: Option<u64>,
}

impl ChainCheck {
    /// `expected_length`: what the head of the chain says, which shows that entries are missing at the end; none where
    /// the head itself was changed.
    pub fn new(key: ChainKey, subject: UserId, expected_length: Option<u64>) -> Self {
        Self {
            key,
            subject,
            later: None,
            expected_length,
            last: 0,
            entries: 0,
            first_broken: None,
        }
    }

    pub fn step(&mut self, entry: FoundEntry) {
        self.entries += 1;
        self.last = self.last.max(entry.position);
        let expected = match &self.later {
            Some(later) => later.position.saturating_sub(1),
            None => self.expected_length.unwrap_or(entry.position),
        };
        if entry.position < expected {
            self.broken(entry.position + 1);
        } else if entry.position > expected {
            self.broken(entry.position);
        }
        if let Some(later) = self.later.replace(entry.clone()) {
            let is_next = later.position == entry.position + 1;
            if is_next && !later.follows(&entry.hash, self.subject, &self.key) {
                self.broken(later.position);
            }
        }
    }

    pub fn finish(mut self) -> Verdict {
        match self.later.take() {
            Some(first) if first.position == 1 && first.follows(&EntryHash::origin(), self.subject, &self.key) => {}
            Some(_) => self.broken(1),
            None if self.expected_length != Some(0) => self.broken(1),
            None => {}
        }
        if self.expected_length.is_none() {
            self.broken(self.last + 1);
        }
        Verdict {
            intact: self.first_broken.is_none(),
            entries: self.entries,
            first_broken: self.first_broken,
        }
    }

    /// Positions fall, so that the last one told is the first one broken.
    fn broken(&mut self, position: u64) {
        self.first_broken = Some(self.first_broken.map_or(position, |first| first.min(position)));
    }
}

/// The UTC day under which an event is found across all people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditDay(Date);

impl AuditDay {
    pub fn of(at: Timestamp) -> Self {
        Self(Offset::UTC.to_datetime(at).date())
    }
}

impl std::fmt::Display for AuditDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for AuditDay {
    type Err = MalformedDay;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_plain = text.len() == 10;
        let date = text.parse().ok().filter(|_| is_plain);
        date.map(Self).ok_or(MalformedDay)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a day such as 2026-11-25")]
pub struct MalformedDay;

impl Refusal for MalformedDay {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        "validation_error"
    }

    fn fields(&self) -> Vec<FieldError> {
        vec![FieldError::new("query", "day", "invalid", self)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key() -> ChainKey {
        ChainKey::new(&[7; 32]).unwrap()
    }

    fn subject() -> UserId {
        UserId::new(Timestamp::UNIX_EPOCH, [1; 6])
    }

    fn chain(length: u64) -> Vec<FoundEntry> {
        let at: Timestamp = "2026-11-25T23:59:59Z".parse().unwrap();
        let user = subject();
        let mut previous = EntryHash::origin();
        (1..=length)
            .map(|position| {
                let entry = ChainEntry {
                    position,
                    errand: OutboxId::new(at, [u8::try_from(position % 256).unwrap(); 6]),
                    event: AuditEvent {
                        subject: user,
                        actor: Actor {
                            id: user,
                            role: Role::Patient,
                        },
                        action: Action::Read,
                        resource: Resource::all(ResourceKind::Prediction),
                        why: Why::Own,
                        from: "192.0.2.0/24".to_owned(),
                        request_id: "r".to_owned(),
                        at,
                        versions: None,
                    },
                };
                let text = serde_json::to_string(&entry).unwrap();
                let hash = key().hash(&previous, &text);
                previous = hash.clone();
                FoundEntry { position, text, hash }
            })
            .collect()
    }

    fn verify(chain: &[FoundEntry], expected_length: u64) -> Verdict {
        let mut check = ChainCheck::new(key(), subject(), Some(expected_length));
        for entry in chain.iter().rev() {
            check.step(entry.clone());
        }
        check.finish()
    }

    #[test]
    fn what_was_written_is_intact() {
        for length in [0, 1, 2, 50] {
            let verdict = verify(&chain(length), length);
            assert_eq!(
                (verdict.intact, verdict.entries, verdict.first_broken),
                (true, length, None)
            );
        }
    }

    #[test]
    fn a_key_of_ones_own_makes_no_chain() {
        let mut chain = chain(3);
        chain[1].hash = ChainKey::new(&[8; 32]).unwrap().hash(&chain[0].hash, &chain[1].text);
        assert_eq!(verify(&chain, 3).first_broken, Some(2));
    }

    proptest! {
        #[test]
        fn whatever_is_changed_is_named(length in 1_u64..30, place: prop::sample::Index, how in 0..5) {
            let mut chain = chain(length);
            let index = place.index(chain.len());
            let position = chain[index].position;
            match how {
                0 => chain[index].text = chain[index].text.replace("patient", "doctor"),
                1 => chain[index].text.push(' '),
                2 => chain[index].hash = EntryHash::origin(),
                3 => drop(chain.remove(index)),
                _ => {
                    let other = chain[(index + 1) % chain.len()].clone();
                    prop_assume!(other.position != position);
                    chain[index].text = other.text;
                    chain[index].hash = other.hash;
                }
            }
            let verdict = verify(&chain, length);
            prop_assert_eq!(verdict.first_broken, Some(position));
            prop_assert!(!verdict.intact);
        }
    }

    #[test]
    fn entries_without_versions_keep_their_text() {
        let FoundEntry { text, .. } = chain(1).remove(0);
        assert!(!text.contains("versions"));
        let mut entry: ChainEntry = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&entry).unwrap(), text);
        entry.event.versions = Some(Versions { from: 0, to: 1 });
        let with = serde_json::to_string(&entry).unwrap();
        assert!(with.ends_with(r#""versions":{"from":0,"to":1}}}"#), "{with}");
        assert_eq!(serde_json::from_str::<ChainEntry>(&with).unwrap(), entry);
    }

    #[test]
    fn a_trail_has_what_names_its_record_and_what_others_read_of_all() {
        let FoundEntry { text, .. } = chain(1).remove(0);
        let ChainEntry { event, .. } = serde_json::from_str(&text).unwrap();
        let record = RecordId::new(Timestamp::UNIX_EPOCH, [2; 6]);
        let about = |resource, by| AuditEvent {
            resource,
            actor: Actor { id: by, ..event.actor },
            ..event.clone()
        };
        let (own, other) = (subject(), UserId::new(Timestamp::UNIX_EPOCH, [9; 6]));
        let one = |kind| Resource::one(kind, record);
        for (resource, by, trail) in [
            (one(ResourceKind::Record), own, Some(Trail::Record(record))),
            (one(ResourceKind::AuditLog), other, Some(Trail::Record(record))),
            (one(ResourceKind::Prediction), own, None),
            (Resource::one(ResourceKind::Record, "nonsense"), own, None),
            (Resource::all(ResourceKind::Record), other, Some(Trail::AllRecords)),
            (Resource::all(ResourceKind::Record), own, None),
            (Resource::all(ResourceKind::AuditLog), other, None),
        ] {
            assert_eq!(about(resource.clone(), by).trail(), trail, "{resource:?}");
        }
    }

    #[test]
    fn a_day_is_read_as_it_is_written() {
        let at: Timestamp = "2026-11-25T23:59:59Z".parse().unwrap();
        assert_eq!(AuditDay::of(at).to_string(), "2026-11-25");
        assert_eq!("2026-11-25".parse(), Ok(AuditDay::of(at)));
        for text in ["", "2026-11-31", "2026-11-25T10:00", "25.11.2026"] {
            assert_eq!(text.parse::<AuditDay>(), Err(MalformedDay), "{text}");
        }
    }
}
