//! One to three photos of teeth, wherever they come from.

use bytes::Bytes;
use domain::id::{UploadId, UserId};
use domain::refusal::FieldError;
use domain::upload;
use runtime::input::JsonOr;
use runtime::multipart::{Form, FormField, MultipartForm, Parts};
use runtime::{Context, Problem};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::photo;

/// Photos in the request, or such as were uploaded past the API.
pub type TeethInput = JsonOr<UploadedTeeth, Form<InlineTeeth>>;

const FILES: [&str; 3] = ["file1", "file2", "file3"];

pub struct InlineTeeth(Vec<SentPhoto>);

#[derive(Deserialize, JsonSchema)]
pub struct UploadedTeeth {
    /// One to three, from `POST /api/uploads`.
    upload_ids: Vec<UploadId>,
}

pub struct SentPhoto {
    /// Of the client's file.
    pub file_name: String,
    pub bytes: Bytes,
    /// That it comes from.
    pub upload: Option<UploadId>,
}

impl MultipartForm for InlineTeeth {
    const FIELDS: &'static [FormField] = &[
        FormField::file(FILES[0]).required(),
        FormField::file(FILES[1]),
        FormField::file(FILES[2]),
    ];

    fn from_parts(mut parts: Parts) -> Result<Self, Problem> {
        let mut photos = Vec::new();
        for field in FILES {
            let file_name = parts.file_name(field).unwrap_or(field).to_owned();
            let bytes = if photos.is_empty() {
                Some(parts.require(field)?)
            } else {
                parts.take(field)
            };
            photos.extend(bytes.map(|bytes| SentPhoto {
                file_name,
                bytes,
                upload: None,
            }));
        }
        Ok(Self(photos))
    }
}

/// The photos' bytes, wherever they are.
pub async fn read(context: &Context, owner: UserId, input: TeethInput) -> Result<Vec<SentPhoto>, Problem> {
    match input {
        JsonOr::Other(Form(InlineTeeth(photos))) => {
            upload::check_inline(photos.iter().map(|photo| photo.bytes.len()).sum())?;
            Ok(photos)
        }
        JsonOr::Json(UploadedTeeth { upload_ids }) => {
            if upload_ids.is_empty() || upload_ids.len() > FILES.len() {
                let rule = "must name one to three uploads";
                return Err(Problem::invalid(vec![FieldError::new(
                    "body",
                    "upload_ids",
                    "invalid",
                    rule,
                )]));
            }
            let mut photos = Vec::new();
            for id in upload_ids {
                let bytes = photo::uploaded(context, owner, id).await?;
                let file_name = id.to_string();
                photos.push(SentPhoto {
                    file_name,
                    bytes,
                    upload: Some(id),
                });
            }
            Ok(photos)
        }
    }
}
