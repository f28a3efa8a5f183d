//! A draft as its author reads it, and finding it.

use domain::id::{RecordId, UserId};
use domain::record::draft::Draft;
use domain::record::{Data, RecordRefused, RecordType};
use jiff::Timestamp;
use runtime::{Context, Problem};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::records;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "RecordDraftName")]
pub struct Parameters {
    id: String,
}

impl Parameters {
    /// The doctor's own; for all others there is no such draft.
    pub async fn find(&self, context: &Context, author: UserId) -> Result<Draft, Problem> {
        let id = self.id.parse().map_err(|_| RecordRefused::DraftNotFound)?;
        let draft = records::get_draft(&context.store, author, id).await?;
        Ok(draft.ok_or(RecordRefused::DraftNotFound)?)
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RecordDraft")]
pub struct DraftAnswer {
    /// Of the record that it becomes.
    id: RecordId,
    patient_id: UserId,
    record_type: RecordType,
    data: Data,
    version: u64,
    #[schemars(with = "String")]
    created_at: Timestamp,
    #[schemars(with = "String")]
    updated_at: Timestamp,
}

impl From<Draft> for DraftAnswer {
    fn from(draft: Draft) -> Self {
        Self {
            id: draft.id,
            patient_id: draft.patient,
            record_type: draft.record_type,
            data: draft.data,
            version: draft.version,
            created_at: draft.created_at,
            updated_at: draft.updated_at,
        }
    }
}
