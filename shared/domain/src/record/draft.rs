//! What a doctor writes for a patient before they sign it. Nobody else sees it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Data, RecordRefused, RecordType, content};
use crate::id::{RecordId, UserId};

/// It holds health data, so it is not printed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// Of the record that it becomes.
    pub id: RecordId,
    pub author: UserId,
    pub patient: UserId,
    pub record_type: RecordType,
    pub data: Data,
    pub version: u64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Draft {
    /// It need not be complete yet.
    pub fn new(
        id: RecordId,
        author: UserId,
        patient: UserId,
        (record_type, data): (RecordType, Data),
        now: Timestamp,
    ) -> Result<Self, RecordRefused> {
        // Measurements come from devices and patients.
        if record_type == RecordType::VitalSign {
            return Err(RecordRefused::NotForDoctors);
        }
        content::check(&data)?;
        Ok(Self {
            id,
            author,
            patient,
            record_type,
            data,
            version: 1,
            created_at: now,
            updated_at: now,
        })
    }

    /// Whether this one, sent again by a client that heard no answer, is the one that is there.
    pub fn must_be(&self, there: &Self) -> Result<(), RecordRefused> {
        let is_same = self.patient == there.patient && self.record_type == there.record_type && self.data == there.data;
        if is_same { Ok(()) } else { Err(RecordRefused::IdTaken) }
    }

    /// The next version, made from this one.
    pub fn changed(&self, base: u64, data: Data, now: Timestamp) -> Result<Self, RecordRefused> {
        if base != self.version {
            return Err(RecordRefused::VersionConflict {
                record: self.id,
                server_version: self.version,
                client_version: base,
                server_data: self.data.clone(),
            });
        }
        content::check(&data)?;
        Ok(Self {
            data,
            version: self.version + 1,
            updated_at: now,
            ..self.clone()
        })
    }
}
