//! An image on its way past the API, for those that do not fit in a request.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::firmware::release::Draft;
use crate::id::FirmwareUploadId;

/// How long the given address takes the file.
pub const LIFE: SignedDuration = SignedDuration::from_mins(15);
/// How long one can ask what became of it.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Where an upload stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FirmwareUploadState {
    /// The address was given; nothing has come.
    Expected,
    Published,
    /// What came was not published; the reason is given.
    Refused,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FirmwareUpload {
    pub id: FirmwareUploadId,
    pub draft: Draft,
    pub size_bytes: u64,
    /// Who asked for it, and so publishes it.
    pub operator: String,
    pub state: FirmwareUploadState,
    pub reason: Option<UploadReason>,
    #[serde(default)]
    pub warnings: Vec<String>,
    pub created_at: Timestamp,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
}

/// Why it was not published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct UploadReason {
    pub code: String,
    pub detail: String,
}

impl FirmwareUpload {
    pub fn expected(id: FirmwareUploadId, draft: Draft, size_bytes: u64, operator: String, now: Timestamp) -> Self {
        Self {
            id,
            draft,
            size_bytes,
            operator,
            state: FirmwareUploadState::Expected,
            reason: None,
            warnings: Vec::new(),
            created_at: now,
            expires_at: now + KEPT,
        }
    }
}
