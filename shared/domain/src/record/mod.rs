//! Health records that are written on several devices, some of them offline for weeks.
//!
//! A record has a head and all versions that it ever had. Every change is one of a base version; what was changed from
//! another base than the head is no change but a conflict, of which both sides are kept until a person has decided. The
//! order of changes is that of numbers drawn when they are written, never that of clocks. Start with [`sync::judge`].
//!
//! What a doctor has signed is a record too, but one that only doctors change: see [`signature`].

pub mod conflict;
pub mod content;
pub mod draft;
pub mod file;
mod refused;
pub mod signature;
pub mod sync;
pub mod sync_health;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::audit::{Action, Versions};
use crate::id::{RecordFileId, RecordId, UserId};

pub use refused::RecordRefused;
use signature::Signature;

/// What a record says, in the words of its kind.
pub type Data = Map<String, Value>;

/// Versions are numbers that clients choose, so there is an end to how far they may jump.
pub const HIGHEST_VERSION: u64 = 1_000_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordType {
    MedicalHistory,
    Prescription,
    LabReport,
    VitalSign,
    Diagnosis,
    Treatment,
}

/// Whether a record is what all devices should have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SyncStatus {
    Synced,
    /// Something of it has not come yet.
    Pending,
    /// Devices have changed it from the same version; somebody must decide.
    Conflict,
}

/// The present state of a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    pub id: RecordId,
    pub patient: UserId,
    pub record_type: RecordType,
    pub data: Data,
    pub version: u64,
    /// Where it is among all changes of this patient's records: drawn when it was last changed.
    pub sequence: u64,
    pub created_by: UserId,
    pub updated_by: UserId,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub is_deleted: bool,
    /// Nothing of it is kept but that it was there.
    #[serde(default)]
    pub is_erased: bool,
    #[serde(default)]
    pub open_conflicts: u32,
    /// Of a doctor's record alone.
    #[serde(default)]
    pub signature: Option<Signature>,
    /// Files that have come, whichever version named them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attached_files: Vec<RecordFileId>,
}

/// One of the states that a record has had.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordVersion {
    pub record: RecordId,
    pub version: u64,
    /// The version that it was made from; 0 for the first.
    pub parent: u64,
    pub data: Data,
    pub is_deleted: bool,
    pub written_by: UserId,
    pub written_at: Timestamp,
    #[serde(default)]
    pub signature: Option<Signature>,
}

impl RecordType {
    pub const ALL: [Self; 6] = [
        Self::MedicalHistory,
        Self::Prescription,
        Self::LabReport,
        Self::VitalSign,
        Self::Diagnosis,
        Self::Treatment,
    ];

    /// As clients and the counts name it.
    pub fn word(self) -> &'static str {
        match self {
            Self::MedicalHistory => "medical_history",
            Self::Prescription => "prescription",
            Self::LabReport => "lab_report",
            Self::VitalSign => "vital_sign",
            Self::Diagnosis => "diagnosis",
            Self::Treatment => "treatment",
        }
    }
}

/// Who changes a record, and when.
#[derive(Debug, Clone, Copy)]
pub struct Pen {
    pub person: UserId,
    pub now: Timestamp,
}

impl Record {
    /// A conflict before what is missing: a person must decide first what the record names at all, and that is what the
    /// first clients act on. What is missing stands beside it either way.
    pub fn sync_status(&self) -> SyncStatus {
        if self.open_conflicts > 0 {
            SyncStatus::Conflict
        } else if self.missing_files().is_empty() {
            SyncStatus::Synced
        } else {
            SyncStatus::Pending
        }
    }

    /// Files that it names and that have not come yet. Nobody waits for those of a deleted record.
    pub fn missing_files(&self) -> Vec<RecordFileId> {
        if !self.is_live() {
            return Vec::new();
        }
        let named = file::named(&self.data).unwrap_or_default().into_iter();
        let missing = named.filter(|file| !self.attached_files.contains(&file.id));
        missing.map(|file| file.id).collect()
    }

    /// Whether it stands in lists.
    pub fn is_live(&self) -> bool {
        !self.is_deleted && !self.is_erased
    }

    /// A new one. Its place in the sequence is drawn when it is written.
    pub fn new(id: RecordId, patient: UserId, record_type: RecordType, data: Data, version: u64, pen: Pen) -> Self {
        Self {
            id,
            patient,
            record_type,
            data,
            version,
            sequence: 0,
            created_by: pen.person,
            updated_by: pen.person,
            created_at: pen.now,
            updated_at: pen.now,
            is_deleted: false,
            is_erased: false,
            open_conflicts: 0,
            signature: None,
            attached_files: Vec::new(),
        }
    }

    /// The next state, with other data, under a higher version.
    pub fn written(&self, data: Data, version: u64, pen: Pen) -> Result<Self, RecordRefused> {
        self.must_be_unsigned()?;
        Ok(Self {
            data,
            version,
            is_deleted: false,
            is_erased: false,
            updated_by: pen.person,
            updated_at: pen.now,
            ..self.clone()
        })
    }

    /// The same record, made again by a client that heard no answer, or that has changed it since; none where it says
    /// nothing new.
    pub fn sent_again(
        &self,
        record_type: RecordType,
        data: &Data,
        version: u64,
        pen: Pen,
    ) -> Result<Option<Self>, RecordRefused> {
        if record_type != self.record_type {
            return Err(RecordRefused::AnotherType);
        }
        self.must_be_unsigned()?;
        if version == self.version && *data == self.data && self.is_live() {
            return Ok(None);
        }
        if version <= self.version || self.is_erased {
            return Err(RecordRefused::VersionConflict {
                record: self.id,
                server_version: self.version,
                client_version: version,
                server_data: self.data.clone(),
            });
        }
        self.written(data.clone(), version, pen).map(Some)
    }

    /// The next state, deleted: what it said stays readable.
    pub fn deleted(&self, pen: Pen) -> Result<Self, RecordRefused> {
        self.must_be_unsigned()?;
        Ok(Self {
            version: self.version + 1,
            is_deleted: true,
            updated_by: pen.person,
            updated_at: pen.now,
            ..self.clone()
        })
    }

    /// Nothing is left but a mark for devices that still have it.
    pub fn erased(&self, pen: Pen) -> Result<Self, RecordRefused> {
        Ok(Self {
            data: Data::new(),
            is_erased: true,
            open_conflicts: 0,
            attached_files: Vec::new(),
            ..self.deleted(pen)?
        })
    }

    /// This state, to be kept among the versions.
    pub fn as_version(&self, parent: u64) -> RecordVersion {
        RecordVersion {
            record: self.id,
            version: self.version,
            parent,
            data: self.data.clone(),
            is_deleted: self.is_deleted,
            written_by: self.updated_by,
            written_at: self.updated_at,
            signature: self.signature.clone(),
        }
    }

    /// An update as the first clients make it: they choose the version, which must be above the present one, and name
    /// only what changes (contract #109).
    pub fn merged(&self, changes: Data, client_version: u64, pen: Pen) -> Result<Self, RecordRefused> {
        self.must_be_unsigned()?;
        if client_version <= self.version {
            return Err(RecordRefused::VersionConflict {
                record: self.id,
                server_version: self.version,
                client_version,
                server_data: self.data.clone(),
            });
        }
        check_version(client_version)?;
        let mut data = self.data.clone();
        data.extend(changes);
        content::check(&data)?;
        self.written(data, client_version, pen)
    }

    /// What somebody chose, having seen version `seen` (contract #111); with it `settled` conflicts are over.
    pub fn resolved(&self, data: Data, seen: u64, settled: u32, pen: Pen) -> Result<Self, RecordRefused> {
        self.must_be_unsigned()?;
        if seen < self.version {
            return Err(RecordRefused::VersionConflict {
                record: self.id,
                server_version: self.version,
                client_version: seen,
                server_data: self.data.clone(),
            });
        }
        content::check(&data)?;
        Ok(Self {
            open_conflicts: self.open_conflicts.saturating_sub(settled),
            ..self.written(data, self.version + 1, pen)?
        })
    }
}

/// What a write did, whatever it was asked for, as the log says it.
pub fn noted(before: Option<&Record>, after: &Record) -> (Action, Versions) {
    let versions = Versions {
        from: before.map_or(0, |before| before.version),
        to: after.version,
    };
    let action = match before {
        None => Action::Create,
        Some(before) if before.is_live() && !after.is_live() => Action::Delete,
        // What was taken off the list is now wiped out.
        Some(before) if !before.is_erased && after.is_erased => Action::Delete,
        Some(_) => Action::Update,
    };
    (action, versions)
}

/// Whether a client may choose this version.
pub fn check_version(version: u64) -> Result<(), RecordRefused> {
    if (1..=HIGHEST_VERSION).contains(&version) {
        Ok(())
    } else {
        Err(RecordRefused::VersionOutOfRange)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pen(second: i64) -> Pen {
        let now = Timestamp::from_second(second).unwrap();
        Pen {
            person: UserId::new(Timestamp::UNIX_EPOCH, [1; 6]),
            now,
        }
    }

    fn data(value: Value) -> Data {
        value.as_object().unwrap().clone()
    }

    fn record() -> Record {
        let id = RecordId::new(Timestamp::UNIX_EPOCH, [2; 6]);
        let content = data(json!({ "title": "Asthma", "notes": "none" }));
        Record::new(id, pen(0).person, RecordType::MedicalHistory, content, 3, pen(0))
    }

    #[test]
    fn an_update_names_only_what_changes_and_must_be_above() {
        let after = record().merged(data(json!({ "notes": "better" })), 7, pen(9)).unwrap();
        assert_eq!(
            Value::from(after.data.clone()),
            json!({ "title": "Asthma", "notes": "better" })
        );
        assert_eq!((after.version, after.updated_at), (7, pen(9).now));
        for version in [1, 3] {
            let refused = record().merged(Data::new(), version, pen(9)).unwrap_err();
            assert!(matches!(
                refused,
                RecordRefused::VersionConflict { server_version: 3, .. }
            ));
        }
        let refused = record().merged(Data::new(), HIGHEST_VERSION + 1, pen(9));
        assert_eq!(refused, Err(RecordRefused::VersionOutOfRange));
    }

    #[test]
    fn a_choice_replaces_everything_unless_the_record_has_moved_on() {
        let after = record()
            .resolved(data(json!({ "title": "Both" })), 3, 0, pen(9))
            .unwrap();
        assert_eq!((after.version, after.data.len()), (4, 1));
        assert!(record().resolved(Data::new(), 2, 0, pen(9)).is_err());
    }

    #[test]
    fn the_log_is_told_what_was_done() {
        let (first, second) = (record(), record().written(Data::new(), 9, pen(1)).unwrap());
        let deleted = second.deleted(pen(2)).unwrap();
        let erased = deleted.erased(pen(3)).unwrap();
        let told = |before: Option<&Record>, after: &Record| {
            let (action, versions) = noted(before, after);
            (action, versions.from, versions.to)
        };
        assert_eq!(told(None, &first), (Action::Create, 0, 3));
        assert_eq!(told(Some(&first), &second), (Action::Update, 3, 9));
        assert_eq!(told(Some(&second), &second), (Action::Update, 9, 9));
        assert_eq!(told(Some(&second), &deleted), (Action::Delete, 9, 10));
        assert_eq!(told(Some(&deleted), &erased), (Action::Delete, 10, 11));
        assert_eq!(
            told(Some(&deleted), &deleted.written(Data::new(), 11, pen(3)).unwrap()),
            (Action::Update, 10, 11)
        );
    }

    #[test]
    fn what_is_deleted_says_what_it_said_and_what_is_erased_nothing() {
        let deleted = record().deleted(pen(9)).unwrap();
        assert!(!deleted.is_live() && deleted.data == record().data && deleted.version == 4);
        let erased = record().erased(pen(9)).unwrap();
        assert!(!erased.is_live() && erased.data.is_empty());
        let again = deleted.written(record().data, 5, pen(10)).unwrap();
        assert!(again.is_live());
    }
}
