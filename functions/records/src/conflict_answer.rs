//! A conflict as clients read it.

use domain::id::{RecordConflictId, RecordId, UserId};
use domain::record::conflict::{Kept, RecordConflict};
use domain::record::{Data, RecordType};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RecordConflict")]
pub struct ConflictAnswer {
    id: RecordConflictId,
    record_id: RecordId,
    record_type: RecordType,
    /// What the device had changed it from.
    base_version: u64,
    /// The version that it met, which `GET /api/records/{id}/versions` shows.
    met_version: u64,
    /// What the device wanted it to say; null if it wanted it deleted.
    client_data: Option<Data>,
    device_id: String,
    written_by: UserId,
    #[schemars(with = "String")]
    noticed_at: Timestamp,
    /// Null while it is open.
    kept: Option<Kept>,
}

impl From<RecordConflict> for ConflictAnswer {
    fn from(conflict: RecordConflict) -> Self {
        Self {
            id: conflict.id,
            record_id: conflict.record,
            record_type: conflict.record_type,
            base_version: conflict.base_version,
            met_version: conflict.met_version,
            client_data: conflict.theirs,
            device_id: conflict.device,
            written_by: conflict.written_by,
            noticed_at: conflict.noticed_at,
            kept: conflict.settled.map(|settled| settled.kept),
        }
    }
}
