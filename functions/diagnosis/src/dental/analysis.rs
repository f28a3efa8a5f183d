//! One to three photos of teeth: where they come from, what the model says of each, and keeping it.

use bytes::Bytes;
use domain::audit::{Action, Resource, ResourceKind, Why};
use domain::dental::{self, DentalAnalysis, Detail, Detection};
use domain::id::{RecordNumber, UploadId, UserId};
use domain::picture_link::PictureName;
use domain::prediction::three_decimals;
use domain::refusal::FieldError;
use domain::upload;
use models::ModelError;
use models::dental::{DentalHeads, Spotted};
use models::picture::Picture;
use models::skin::SkinClassifier;
use runtime::callers::SignedIn;
use runtime::input::JsonOr;
use runtime::multipart::{Form, FormField, MultipartForm, Parts};
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Platform, Problem};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::bucket::{Bucket, ObjectAction};
use store::dental_analyses;
use store::table::{ItemAction, Table};

use crate::keeping;
use crate::photo::{self, KEPT_QUALITY, KEPT_SIDE, failed};

pub const NEEDS: &[Need] = &[
    Need::Items(Table::Diagnosis, &[ItemAction::Put]),
    Need::Items(Table::Platform, &[ItemAction::Get]),
    Need::Objects(Bucket::Images, &[ObjectAction::Put, ObjectAction::Delete]),
    Need::Objects(Bucket::Uploads, &[ObjectAction::Get]),
    Need::Secret(Secret::LinkSigningKey),
];

/// Photos in the request, or such as were uploaded past the API.
pub type TeethInput = JsonOr<UploadedTeeth, Form<InlineTeeth>>;

const FILES: [&str; 3] = ["file1", "file2", "file3"];
const THUMBNAIL_SIDE: u32 = 150;

pub struct InlineTeeth(Vec<SentPhoto>);

#[derive(Deserialize, JsonSchema)]
pub struct UploadedTeeth {
    /// One to three, from `POST /api/uploads`.
    upload_ids: Vec<UploadId>,
}

pub struct SentPhoto {
    file_name: String,
    bytes: Bytes,
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
            photos.extend(bytes.map(|bytes| SentPhoto { file_name, bytes }));
        }
        Ok(Self(photos))
    }
}

/// The photos' bytes, wherever they are.
pub async fn photos(context: &Context, owner: UserId, input: TeethInput) -> Result<Vec<SentPhoto>, Problem> {
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
                photos.push(SentPhoto { file_name, bytes });
            }
            Ok(photos)
        }
    }
}

/// The networks, loaded once per process.
pub struct DentalModels {
    classifier: SkinClassifier,
    heads: DentalHeads,
}

impl DentalModels {
    fn load() -> Result<Self, ModelError> {
        Ok(Self {
            classifier: SkinClassifier::load()?,
            heads: DentalHeads::load()?,
        })
    }

    pub fn shared(platform: &Platform) -> Result<std::sync::Arc<Self>, Problem> {
        platform.shared(Self::load).map_err(failed)
    }
}

/// What came of one photo.
struct Judged {
    /// Upright, without metadata.
    jpeg: Vec<u8>,
    thumbnail: Vec<u8>,
    has_teeth: bool,
    detections: Vec<Detection>,
}

fn judge(models: &DentalModels, bytes: &[u8]) -> Result<Judged, Problem> {
    let picture = Picture::decode(bytes)?;
    let seen = models.classifier.look_at_whole(&picture).map_err(failed)?;
    let reading = models.classifier.read(&seen);
    let has_teeth = reading.teeth >= models.classifier.card().teeth_threshold;
    let spotted = if has_teeth {
        models.heads.find(&seen).map_err(failed)?
    } else {
        Vec::new()
    };
    Ok(Judged {
        detections: spotted
            .into_iter()
            .map(|spotted| detection(&picture, spotted))
            .collect(),
        has_teeth,
        thumbnail: picture.to_jpeg(THUMBNAIL_SIDE, KEPT_QUALITY)?,
        jpeg: picture.to_jpeg(KEPT_SIDE, KEPT_QUALITY)?,
    })
}

fn detection(picture: &Picture, spotted: Spotted) -> Detection {
    let [left, top, right, bottom] = spotted.area;
    let pixels = |part: f32, side: u32| (part * side as f32).round() as u32;
    Detection {
        finding: spotted.finding,
        confidence: spotted.probability,
        area: [
            pixels(left, picture.width()),
            pixels(top, picture.height()),
            pixels(right, picture.width()),
            pixels(bottom, picture.height()),
        ],
    }
}

/// One analysis of the request, with the name of the client's file.
pub struct Analyzed {
    pub file_name: String,
    pub analysis: DentalAnalysis,
}

/// Judges all photos and keeps all analyses, or none.
pub async fn analyze(
    context: &Context,
    caller: &SignedIn,
    input: TeethInput,
    detail: Detail,
) -> Result<Vec<Analyzed>, Problem> {
    let patient = caller.user_id();
    let sent = photos(context, patient, input).await?;
    let models = DentalModels::shared(&context.platform)?;
    let model = models.heads.card().identity();
    let mut analyzed = Vec::new();
    let mut files = Vec::new();
    for SentPhoto { file_name, bytes } in sent {
        let models = models.clone();
        let judged = context.busy(move || judge(&models, &bytes)).await??;
        let [picture, thumbnail] = [PictureName::new(context.random()?), PictureName::new(context.random()?)];
        files.push((picture.clone(), judged.jpeg));
        files.push((thumbnail.clone(), judged.thumbnail));
        let analysis = DentalAnalysis {
            number: RecordNumber::new(context.now, context.random()?),
            patient,
            picture,
            thumbnail,
            text: dental::text(judged.has_teeth, &judged.detections, detail),
            has_teeth: judged.has_teeth,
            detections: judged.detections,
            model: model.clone(),
            created_at: context.now,
        };
        analyzed.push(Analyzed { file_name, analysis });
    }
    keep(context, caller, &analyzed, files).await?;
    Ok(analyzed)
}

async fn keep(
    context: &Context,
    caller: &SignedIn,
    analyzed: &[Analyzed],
    files: Vec<(PictureName, Vec<u8>)>,
) -> Result<(), Problem> {
    let patient = caller.user_id();
    let resource = Resource::all(ResourceKind::DentalAnalysis);
    let audit = context.audit(&caller.session, patient, Action::Create, resource, Why::Own)?;
    let analyses: Vec<DentalAnalysis> = analyzed.iter().map(|each| each.analysis.clone()).collect();
    let entries = dental_analyses::add(&context.store, &analyses, &audit);
    keeping::keep(context, patient, files, entries).await
}

/// A detection as the dental clients read it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DentalDetection")]
pub struct DetectionAnswer {
    class_name: &'static str,
    /// 0 to 1, three decimals.
    confidence: f64,
    /// Left, top, right, bottom in pixels of the photo that was sent: the area that spoke for it most, no outline.
    bbox: [u32; 4],
    class_id: u8,
}

impl DetectionAnswer {
    pub fn of(detection: &Detection) -> Self {
        let (class_name, class_id) = detection.finding.class();
        Self {
            class_name,
            confidence: three_decimals(detection.confidence),
            bbox: detection.area,
            class_id,
        }
    }
}
