//! A photo of a face: where it comes from, whether it can be judged, what the model says.

use bytes::Bytes;
use domain::id::{UploadId, UserId};
use domain::photo_quality::PhotoMeasures;
use domain::skin_reading::SkinReading;
use domain::upload::{self, UploadRefused};
use models::ModelError;
use models::face::{Face, FaceDetector};
use models::picture::Picture;
use models::skin::SkinClassifier;
use runtime::input::JsonOr;
use runtime::multipart::{Form, FormField, MultipartForm, Parts};
use runtime::{Context, Platform, Problem};
use schemars::JsonSchema;
use serde::Deserialize;
use store::uploads;

/// A photo in the request, or one that was uploaded past the API.
pub type PhotoInput = JsonOr<UploadedPhoto, Form<InlinePhoto>>;

pub struct InlinePhoto {
    image: Bytes,
}

#[derive(Deserialize, JsonSchema)]
pub struct UploadedPhoto {
    /// From `POST /api/uploads`.
    upload_id: UploadId,
}

impl MultipartForm for InlinePhoto {
    const FIELDS: &'static [FormField] = &[FormField::file("image").required()];

    fn from_parts(mut parts: Parts) -> Result<Self, Problem> {
        Ok(Self {
            image: parts.require("image")?,
        })
    }
}

/// The bytes of the photo, wherever they are, and the upload that they come from.
pub async fn bytes(context: &Context, owner: UserId, input: PhotoInput) -> Result<(Bytes, Option<UploadId>), Problem> {
    match input {
        JsonOr::Other(Form(InlinePhoto { image })) => {
            upload::check_inline(image.len())?;
            Ok((image, None))
        }
        JsonOr::Json(UploadedPhoto { upload_id }) => {
            let bytes = uploaded(context, owner, upload_id).await?;
            Ok((bytes, Some(upload_id)))
        }
    }
}

/// What was uploaded past the API.
pub async fn uploaded(context: &Context, owner: UserId, id: UploadId) -> Result<Bytes, Problem> {
    let file = uploads::received(&context.store, owner, id, context.now).await?;
    Ok(file.ok_or(UploadRefused::NotFound)?)
}

/// The networks, loaded once per process.
pub struct FaceModels {
    detector: FaceDetector,
    pub classifier: SkinClassifier,
}

impl FaceModels {
    pub fn load() -> Result<Self, ModelError> {
        Ok(Self {
            detector: FaceDetector::load()?,
            classifier: SkinClassifier::load()?,
        })
    }

    pub fn shared(platform: &Platform) -> Result<std::sync::Arc<Self>, Problem> {
        platform.shared(Self::load).map_err(failed)
    }
}

/// A network that fails is our fault, whatever the picture.
pub fn failed(error: ModelError) -> Problem {
    Problem::internal(error.to_string())
}

/// What came of a photo.
pub struct Judged {
    /// Upright, without metadata, in the size that is kept.
    pub jpeg: Vec<u8>,
    pub reading: SkinReading,
}

/// Longest side, in pixels, and quality of the pictures that are kept.
pub const KEPT_SIDE: u32 = 1600;
pub const KEPT_QUALITY: u8 = 88;

/// Decodes, checks and classifies: a few hundred milliseconds of a core.
pub fn judge(models: &FaceModels, bytes: &[u8]) -> Result<Judged, Problem> {
    let picture = Picture::decode(bytes)?;
    let faces = models.detector.detect(&picture).map_err(failed)?;
    let largest = largest(&faces);
    let measures = PhotoMeasures {
        width: picture.width(),
        height: picture.height(),
        sharpness: picture.sharpness(largest.map(|face| face.bounds)),
        face_count: faces.len(),
        max_face_ratio: largest.map_or(0.0, |face| face.bounds.ratio()),
    };
    measures.check()?;
    let reading = models
        .classifier
        .classify(&picture, largest.map(|face| face.bounds))
        .map_err(failed)?;
    let jpeg = picture.to_jpeg(KEPT_SIDE, KEPT_QUALITY)?;
    Ok(Judged { jpeg, reading })
}

/// A picture that is kept, once more: it was good enough once, so it is not measured again.
pub fn judge_again(models: &FaceModels, jpeg: &[u8]) -> Result<SkinReading, Problem> {
    let picture = Picture::decode(jpeg)?;
    let faces = models.detector.detect(&picture).map_err(failed)?;
    let bounds = largest(&faces).map(|face| face.bounds);
    models.classifier.classify(&picture, bounds).map_err(failed)
}

fn largest(faces: &[Face]) -> Option<&Face> {
    faces
        .iter()
        .max_by(|a, b| a.bounds.ratio().total_cmp(&b.bounds.ratio()))
}
