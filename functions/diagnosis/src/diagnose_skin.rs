//! `POST /infections/diagnose`: name the condition in a picture of skin (contract #92).

use bytes::Bytes;
use domain::audit::{Action, Resource, ResourceKind, Why};
use domain::id::RecordNumber;
use domain::picture_link::PictureName;
use domain::readings::{Reading, Readings};
use domain::session::Product;
use domain::skin_reading::SkinReading;
use domain::skin_record::{SkinRecord, checked_notes};
use domain::upload;
use futures_util::TryFutureExt;
use models::picture::Picture;
use models::skin::SkinClassifier;
use runtime::answer::Json;
use runtime::callers::Patient;
use runtime::input::JsonOr;
use runtime::multipart::{Form, FormField, MultipartForm, Parts};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Platform, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::bucket::{Bucket, ObjectAction};
use store::skin_records;
use store::table::{ItemAction, Table};

use crate::keeping::{Files, keep};
use crate::photo::{self, KEPT_QUALITY, KEPT_SIDE};
use crate::skin_record_answer::SkinRecordAnswer;

pub static FUNCTION: Function = Function::endpoint::<DiagnoseSkin>();

pub struct DiagnoseSkin;

pub struct SkinPhoto {
    image: Bytes,
    notes: Option<String>,
}

impl MultipartForm for SkinPhoto {
    const FIELDS: &'static [FormField] = &[FormField::file("image").required(), FormField::text("notes")];

    fn from_parts(mut parts: Parts) -> Result<Self, Problem> {
        Ok(Self {
            image: parts.require("image")?,
            notes: parts.text("notes")?,
        })
    }
}

#[derive(Deserialize, JsonSchema)]
pub struct UploadedSkinPhoto {
    /// From `POST /api/uploads`.
    upload_id: domain::id::UploadId,
    notes: Option<String>,
}

impl Endpoint for DiagnoseSkin {
    const NAME: &'static str = "diagnose-skin";
    const SUMMARY: &'static str = "Name the condition in a picture of skin";
    const ROUTES: &'static [Route] = &[Route::post("/infections/diagnose").of(Product::Derma)];
    const RATE: RateClass = RateClass::Diagnosis;
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Diagnosis, &[ItemAction::Get, ItemAction::Put]),
        Need::Items(Table::Platform, &[ItemAction::Get]),
        Need::Objects(Bucket::Images, &[ObjectAction::Put, ObjectAction::Delete]),
        Need::Objects(Bucket::Uploads, &[ObjectAction::Get, ObjectAction::Delete]),
        Need::FieldKeys,
    ];
    /// One core.
    const MEMORY_MB: u16 = 1769;
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = Patient;
    type Input = JsonOr<UploadedSkinPhoto, Form<SkinPhoto>>;
    type Output = Json<SkinRecordAnswer>;

    fn prepare(platform: &Platform) -> Result<(), Problem> {
        shared(platform).map(drop)
    }

    async fn handle(context: &Context, caller: Patient, input: Self::Input) -> Result<Self::Output, Problem> {
        let patient = caller.user_id();
        let (bytes, upload, notes) = match input {
            JsonOr::Json(UploadedSkinPhoto { upload_id, notes }) => {
                let notes = checked_notes(notes)?;
                let bytes = photo::uploaded(context, patient, upload_id).await?;
                (bytes, Some(upload_id), notes)
            }
            JsonOr::Other(Form(photo)) => {
                upload::check_inline(photo.image.len())?;
                (photo.image, None, checked_notes(photo.notes)?)
            }
        };
        let classifier = shared(&context.platform)?;
        let (thresholds, model) = (classifier.card().thresholds(), classifier.card().identity());
        let (jpeg, reading) = context.busy(move || look(&classifier, &bytes)).await??;

        let record = SkinRecord {
            number: RecordNumber::new(context.now, context.random()?),
            patient,
            picture: PictureName::new(context.random()?),
            readings: Readings::new(Reading::of_conditions(reading, thresholds, model, context.now)),
            notes,
            consultation_asked_at: None,
            appointment: None,
        };
        let resource = Resource::one(ResourceKind::SkinRecord, record.number);
        let audit = context.audit(&caller.session, patient, Action::Create, resource, Why::Own)?;
        let files = Files {
            pictures: vec![(record.picture.clone(), jpeg)],
            uploads: upload.into_iter().collect(),
        };
        let entry = skin_records::add(&context.store, &record, &audit);
        let is_kept = skin_records::get(&context.store, patient, record.number).map_ok(|found| found.is_some());
        keep(context, patient, files, entry, is_kept).await?;
        SkinRecordAnswer::of(&record).map(Json)
    }
}

/// Loaded once per process.
pub fn shared(platform: &Platform) -> Result<std::sync::Arc<SkinClassifier>, Problem> {
    platform.shared(SkinClassifier::load).map_err(photo::failed)
}

fn look(classifier: &SkinClassifier, bytes: &[u8]) -> Result<(Vec<u8>, SkinReading), Problem> {
    let picture = Picture::decode(bytes)?;
    let reading = read(classifier, &picture)?;
    Ok((picture.to_jpeg(KEPT_SIDE, KEPT_QUALITY)?, reading))
}

/// The whole picture, which has no face in it as a rule.
pub fn read(classifier: &SkinClassifier, picture: &Picture) -> Result<SkinReading, Problem> {
    classifier.classify(picture, None).map_err(photo::failed)
}
