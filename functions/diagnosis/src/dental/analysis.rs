//! One to three photos of teeth: who judges them, and keeping what was said.
//!
//! The model in this product looks at each photo first, whoever the operator chose. It alone says whether there are teeth
//! to judge, so that a photo of anything else, sent by mistake, never leaves the product; and its answer is there already
//! when an outer engine fails.

use std::time::{Duration, Instant};

use domain::audit::{Action, Resource, ResourceKind, Why};
use domain::dental::{DentalAnalysis, Detail, Detection, NoEngine};
use domain::id::{RecordNumber, UserId};
use domain::picture_link::PictureName;
use domain::prediction::three_decimals;
use runtime::callers::SignedIn;
use runtime::engines::DentalEngine;
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Platform, Problem};
use schemars::JsonSchema;
use serde::Serialize;
use store::bucket::{Bucket, ObjectAction};
use store::dental_analyses;
use store::table::{ItemAction, Table};

use super::gemini;
use super::local::{self, DentalModels, Looked};
use super::photos::{self, SentPhoto, TeethInput};
use crate::keeping::{self, Files};

pub const NEEDS: &[Need] = &[
    Need::Items(
        Table::Diagnosis,
        &[ItemAction::Get, ItemAction::Put, ItemAction::Update],
    ),
    Need::Items(Table::Platform, &[ItemAction::Get]),
    Need::Objects(Bucket::Images, &[ObjectAction::Put, ObjectAction::Delete]),
    Need::Objects(Bucket::Uploads, &[ObjectAction::Get, ObjectAction::Delete]),
    Need::Secret(Secret::LinkSigningKey),
    Need::Secret(Secret::GeminiApiKey),
];
pub const TIMEOUT_SECONDS: u16 = 29;
/// Of that time, what keeping and answering may take at the end.
const KEEPING: Duration = Duration::from_secs(5);

/// Who is to judge.
fn engine(platform: &Platform) -> Result<DentalEngine, NoEngine> {
    platform.settings.engines.dental.ok_or(NoEngine)
}

/// Where nobody judges, nothing is loaded.
pub fn prepare(platform: &Platform) -> Result<(), Problem> {
    match engine(platform) {
        Ok(_) => DentalModels::shared(platform).map(drop),
        Err(NoEngine) => Ok(()),
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
    let until = Instant::now() + Duration::from_secs(TIMEOUT_SECONDS.into()) - KEEPING;
    let engine = engine(&context.platform)?;
    let patient = caller.user_id();
    let sent = photos::read(context, patient, input).await?;
    let models = DentalModels::shared(&context.platform)?;
    let (mut file_names, mut looked) = (Vec::new(), Vec::new());
    let mut files = Files::default();
    for SentPhoto {
        file_name,
        bytes,
        upload,
    } in sent
    {
        files.uploads.extend(upload);
        let models = models.clone();
        looked.push(context.busy(move || local::look(&models, &bytes)).await??);
        file_names.push(file_name);
    }
    if engine == DentalEngine::Gemini {
        gemini::judge(context, &mut looked, until).await;
    }
    let mut analyzed = Vec::new();
    for (file_name, looked) in file_names.into_iter().zip(looked) {
        let analysis = analysis(context, patient, looked, detail, &mut files.pictures)?;
        analyzed.push(Analyzed { file_name, analysis });
    }
    keep(context, caller, &analyzed, files).await?;
    Ok(analyzed)
}

/// Adds the photo's own and its thumbnail to `pictures`.
fn analysis(
    context: &Context,
    patient: UserId,
    looked: Looked,
    detail: Detail,
    pictures: &mut Vec<(PictureName, Vec<u8>)>,
) -> Result<DentalAnalysis, Problem> {
    let [picture, thumbnail] = [PictureName::new(context.random()?), PictureName::new(context.random()?)];
    pictures.push((picture.clone(), looked.jpeg.into()));
    pictures.push((thumbnail.clone(), looked.thumbnail.into()));
    Ok(DentalAnalysis {
        number: RecordNumber::new(context.now, context.random()?),
        patient,
        picture,
        thumbnail,
        text: looked.judgement.text(detail),
        judgement: looked.judgement,
        created_at: context.now,
    })
}

async fn keep(context: &Context, caller: &SignedIn, analyzed: &[Analyzed], files: Files) -> Result<(), Problem> {
    let patient = caller.user_id();
    let (mut analyses, mut notes) = (Vec::new(), Vec::new());
    for Analyzed { analysis, .. } in analyzed {
        let resource = Resource::one(ResourceKind::DentalAnalysis, analysis.number);
        notes.push(context.audit(&caller.session, patient, Action::Create, resource, Why::Own)?);
        analyses.push(analysis.clone());
    }
    let entries = dental_analyses::add(&context.store, &analyses, &notes);
    let is_kept = dental_analyses::are_kept(&context.store, &analyses);
    keeping::keep(context, patient, files, entries, is_kept).await
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
