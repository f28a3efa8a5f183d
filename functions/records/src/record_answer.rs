//! A record as clients read it.

use domain::id::{RecordFileId, RecordId, UserId};
use domain::record::{Data, Record, RecordType, SyncStatus};
use jiff::Timestamp;
use runtime::Context;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{Error, records};

use crate::signature_answer::SignatureAnswer;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "RecordName")]
pub struct Parameters {
    pub id: String,
}

impl Parameters {
    /// What is no id names no record.
    pub fn record(&self) -> Result<RecordId, domain::record::RecordRefused> {
        self.id.parse().map_err(|_| domain::record::RecordRefused::NotFound)
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Record")]
pub struct RecordAnswer {
    id: RecordId,
    /// Whose it is.
    user_id: UserId,
    record_type: RecordType,
    data: Data,
    version: u64,
    #[schemars(with = "String")]
    created_at: Timestamp,
    #[schemars(with = "String")]
    updated_at: Timestamp,
    created_by: UserId,
    updated_by: UserId,
    is_deleted: bool,
    /// Nothing of it is kept: devices that still have it must remove it.
    is_erased: bool,
    /// `pending` while files are missing, unless a conflict waits for a decision.
    sync_status: SyncStatus,
    /// Of a doctor's record, which only doctors change; null on all others.
    signature: Option<SignatureAnswer>,
    /// Files that `data.files` names and that have not been attached yet.
    missing_files: Vec<RecordFileId>,
}

/// Signed or not.
pub async fn one(context: &Context, record: Record) -> Result<RecordAnswer, Error> {
    let signature = match record.signature.clone() {
        Some(signature) => {
            let is_valid = records::is_authentic(&context.store, &record).await?;
            Some(SignatureAnswer::new(signature, is_valid))
        }
        None => None,
    };
    Ok(RecordAnswer {
        signature,
        ..RecordAnswer::from(record)
    })
}

pub async fn many(context: &Context, records: Vec<Record>) -> Result<Vec<RecordAnswer>, Error> {
    let mut answers = Vec::with_capacity(records.len());
    for record in records {
        answers.push(one(context, record).await?);
    }
    Ok(answers)
}

/// One that is not signed, since a patient has just written it.
impl From<Record> for RecordAnswer {
    fn from(record: Record) -> Self {
        Self {
            sync_status: record.sync_status(),
            missing_files: record.missing_files(),
            id: record.id,
            user_id: record.patient,
            record_type: record.record_type,
            data: record.data,
            version: record.version,
            created_at: record.created_at,
            updated_at: record.updated_at,
            created_by: record.created_by,
            updated_by: record.updated_by,
            is_deleted: record.is_deleted,
            is_erased: record.is_erased,
            signature: None,
        }
    }
}
