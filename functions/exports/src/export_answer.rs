//! An export as its patient reads it.

use domain::audit::{Resource, ResourceKind};
use domain::export::{Export, ExportRefused, ExportStatus};
use domain::id::ExportId;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "ExportName")]
pub struct Parameters {
    id: String,
}

impl Parameters {
    /// What is no id names no export.
    pub fn export(&self) -> Result<ExportId, ExportRefused> {
        self.id.parse().map_err(|_| ExportRefused::NotFound)
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Export")]
pub struct ExportAnswer {
    id: ExportId,
    status: ExportStatus,
    #[schemars(with = "String")]
    created_at: Timestamp,
    /// When its archive was finished.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    ready_at: Option<Timestamp>,
    /// Until when its archive can be fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    expires_at: Option<Timestamp>,
}

impl ExportAnswer {
    pub fn of(export: &Export, now: Timestamp) -> Self {
        let archive = export.archive.as_ref();
        Self {
            id: export.id,
            status: export.status(now),
            created_at: export.created_at,
            ready_at: archive.map(|archive| archive.made_at),
            expires_at: archive.map(|archive| archive.until),
        }
    }
}

pub fn resource(id: ExportId) -> Resource {
    Resource::one(ResourceKind::Export, id)
}
