//! Two changes of one version: both sides are kept until somebody has decided.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Data, Pen, Record, RecordRefused, RecordType, content};
use crate::id::{RecordConflictId, RecordId, UserId};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordConflict {
    pub id: RecordConflictId,
    pub record: RecordId,
    pub record_type: RecordType,
    pub patient: UserId,
    /// What the device had changed it from.
    pub base_version: u64,
    /// What it met. That version is kept among the record's versions.
    pub met_version: u64,
    /// What the device wanted it to say; none if it wanted it deleted.
    pub theirs: Option<Data>,
    pub device: String,
    pub written_by: UserId,
    pub noticed_at: Timestamp,
    pub settled: Option<Settled>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    pub by: UserId,
    pub at: Timestamp,
    pub kept: Kept,
}

/// Which side was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// The record as it is.
    Server,
    /// What the device wanted.
    Client,
    /// Something made of both.
    Merged,
}

/// How somebody decides.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The version of the record that they have seen.
    pub seen: u64,
    pub kept: Kept,
    /// What is made of both.
    pub merged: Option<Data>,
}

impl RecordConflict {
    pub fn is_open(&self) -> bool {
        self.settled.is_none()
    }

    pub fn settled(&self, kept: Kept, pen: Pen) -> Self {
        let settled = Settled {
            by: pen.person,
            at: pen.now,
            kept,
        };
        Self {
            settled: Some(settled),
            ..self.clone()
        }
    }

    /// The record with a decision, and the conflict settled. The record gets a new version unless it stays as it is.
    pub fn decide(&self, record: &Record, decision: Decision, pen: Pen) -> Result<(Record, Self), RecordRefused> {
        if !self.is_open() {
            return Err(RecordRefused::ConflictSettled);
        }
        // It goes with what was erased.
        if record.is_erased && self.met_version < record.version {
            return Err(RecordRefused::ConflictNotFound);
        }
        if decision.seen != record.version {
            return Err(RecordRefused::VersionConflict {
                record: record.id,
                server_version: record.version,
                client_version: decision.seen,
                server_data: record.data.clone(),
            });
        }
        let next = record.version + 1;
        let after = match (decision.kept, decision.merged, &self.theirs) {
            (Kept::Server, None, _) => record.clone(),
            (Kept::Client, None, Some(theirs)) => record.written(theirs.clone(), next, pen)?,
            (Kept::Client, None, None) => record.deleted(pen)?,
            (Kept::Merged, Some(merged), _) => {
                content::check(&merged)?;
                record.written(merged, next, pen)?
            }
            _ => return Err(RecordRefused::MergedDataMismatch),
        };
        let after = Record {
            open_conflicts: record.open_conflicts.saturating_sub(1),
            ..after
        };
        Ok((after, self.settled(decision.kept, pen)))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_version_met_that_was_erased_is_not_decided_any_more() {
        let pen = Pen {
            person: UserId::new(Timestamp::UNIX_EPOCH, [1; 6]),
            now: Timestamp::UNIX_EPOCH,
        };
        let data = || json!({ "text": "a" }).as_object().cloned().unwrap_or_default();
        let id = RecordId::new(Timestamp::UNIX_EPOCH, [2; 6]);
        let record = Record::new(id, pen.person, RecordType::Treatment, data(), 3, pen);
        let erased = record.erased(pen).unwrap();
        let decided = |met_version| {
            let conflict = RecordConflict {
                id: RecordConflictId::new(Timestamp::UNIX_EPOCH, [3; 6]),
                record: id,
                record_type: RecordType::Treatment,
                patient: pen.person,
                base_version: 1,
                met_version,
                theirs: Some(data()),
                device: "a".to_owned(),
                written_by: pen.person,
                noticed_at: pen.now,
                settled: None,
            };
            let decision = Decision {
                seen: erased.version,
                kept: Kept::Client,
                merged: None,
            };
            conflict
                .decide(&erased, decision, pen)
                .map(|(after, _)| after.is_live())
        };
        assert_eq!(decided(3), Err(RecordRefused::ConflictNotFound));
        assert_eq!(decided(erased.version), Ok(true));
    }
}
