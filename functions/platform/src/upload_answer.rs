//! How an upload stands, and what is still to be sent.

use domain::id::UploadId;
use domain::upload::{Upload, UploadState};
use jiff::Timestamp;
use runtime::{Context, Problem};
use schemars::JsonSchema;
use serde::Serialize;
use store::uploads::parts::{self, Part};

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "UploadStanding")]
pub struct UploadAnswer {
    upload_id: UploadId,
    state: UploadState,
    #[schemars(with = "String")]
    expires_at: Timestamp,
    /// Of an upload in parts, until all have come.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<PartAnswer>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "UploadPart")]
pub struct PartAnswer {
    /// From 1.
    number: u32,
    size_bytes: u64,
    is_received: bool,
    /// Takes the part by `PUT`, with its exact `Content-Length`, for a quarter of an hour; ask again for a new one.
    /// With `Content-MD5`, a part that was changed on its way is refused there. Only of parts that have not come.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

impl UploadAnswer {
    pub async fn of(context: &Context, upload: &Upload) -> Result<Self, Problem> {
        let listed = match (upload.state, upload.parts) {
            (UploadState::Expected, Some(parts)) => parts::list(&context.store, upload, parts).await?,
            _ => Vec::new(),
        };
        Ok(Self {
            upload_id: upload.id,
            state: upload.state,
            expires_at: upload.expires_at,
            parts: part_answers(context, upload, &listed).await?,
        })
    }
}

async fn part_answers(context: &Context, upload: &Upload, parts: &[Part]) -> Result<Vec<PartAnswer>, Problem> {
    let mut answers = Vec::with_capacity(parts.len());
    for part in parts {
        let url = match part.is_received {
            true => None,
            false => Some(parts::address(&context.store, upload, part).await?),
        };
        answers.push(PartAnswer {
            number: part.number,
            size_bytes: part.size_bytes,
            is_received: part.is_received,
            url,
        });
    }
    Ok(answers)
}
