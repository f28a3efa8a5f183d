//! `POST /api/predictions/predict`: name the skin condition of a face (contract #95).

use domain::audit::{Action, Resource, ResourceKind, Why};
use domain::id::PredictionId;
use domain::picture_link::PictureName;
use domain::prediction::{Prediction, ReportDay, ReportNumber};
use domain::readings::{Reading, Readings};
use domain::skin::{self, SkinCondition};
use domain::skin_reading::Outcome;
use futures_util::TryFutureExt;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Endpoint, Function, Platform, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::bucket::{Bucket, ObjectAction};
use store::table::{ItemAction, Table};
use store::{predictions, report_numbers};

use crate::finding::Finding;
use crate::keeping::{Files, keep};
use crate::photo::{self, FaceModels, Judged, PhotoInput};

pub static FUNCTION: Function = Function::endpoint::<PredictSkinCondition>();

pub struct PredictSkinCondition;

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    #[serde(flatten)]
    finding: Finding,
    /// What to tell the patient.
    advice: String,
    /// A signed address, good for an hour unless the operator says less.
    image_url: String,
    report_id: ReportNumber,
    prediction_id: PredictionId,
}

impl Endpoint for PredictSkinCondition {
    const NAME: &'static str = "predict-skin-condition";
    const SUMMARY: &'static str = "Name the skin condition of a face in a photo";
    const ROUTES: &'static [Route] = &[Route::post("/api/predictions/predict")];
    const RATE: RateClass = RateClass::Diagnosis;
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Identity, &[ItemAction::Update]),
        Need::Items(
            Table::Diagnosis,
            &[ItemAction::Get, ItemAction::Put, ItemAction::Update],
        ),
        Need::Items(Table::Platform, &[ItemAction::Get]),
        Need::Objects(Bucket::Images, &[ObjectAction::Put, ObjectAction::Delete]),
        Need::Objects(Bucket::Uploads, &[ObjectAction::Get, ObjectAction::Delete]),
        Need::Secret(Secret::LinkSigningKey),
    ];
    /// One core.
    const MEMORY_MB: u16 = 1769;
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = SignedIn;
    type Input = PhotoInput;
    type Output = Json<Answer>;

    fn prepare(platform: &Platform) -> Result<(), Problem> {
        FaceModels::shared(platform).map(drop)
    }

    async fn handle(context: &Context, caller: SignedIn, input: PhotoInput) -> Result<Self::Output, Problem> {
        let patient = caller.user_id();
        let (bytes, upload) = photo::bytes(context, patient, input).await?;
        let models = FaceModels::shared(&context.platform)?;
        let card = models.classifier.card();
        let (thresholds, model) = (card.thresholds(), card.identity());
        let Judged { jpeg, reading } = context.busy(move || photo::judge(&models, &bytes)).await??;

        let prediction = Prediction {
            id: context.new_id(PredictionId::new)?,
            patient,
            report: report_numbers::next(&context.store, ReportDay::of(context.now)).await?,
            picture: PictureName::new(context.random()?),
            readings: Readings::new(Reading::of_classes(reading, thresholds, model, context.now)),
        };
        let resource = Resource::one(ResourceKind::Prediction, prediction.id);
        let audit = context.audit(&caller.session, patient, Action::Create, resource, Why::Own)?;
        let files = Files {
            pictures: vec![(prediction.picture.clone(), jpeg)],
            uploads: upload.into_iter().collect(),
        };
        let entry = predictions::add(&context.store, &prediction, &audit);
        let is_kept = predictions::get(&context.store, patient, prediction.id).map_ok(|found| found.is_some());
        keep(context, patient, files, entry, is_kept).await?;
        let image_url = context.picture_links().await?.address(&prediction.picture);
        Ok(Json(answer(prediction, image_url)))
    }
}

fn advice(reading: &Reading<SkinCondition>) -> String {
    let said = match reading.outcome {
        Outcome::Named => skin::advice(reading.condition, reading.certainty()),
        outcome => skin::advice_without_answer(outcome),
    };
    // The advice on a melanoma says so itself.
    let says_so = reading.outcome == Outcome::Named && reading.condition == SkinCondition::Melanoma;
    match reading.is_referred && !says_so {
        true => format!("{} {said}", skin::REFERRAL),
        false => said,
    }
}

fn answer(prediction: Prediction, image_url: String) -> Answer {
    Answer {
        finding: Finding::of(&prediction),
        advice: advice(&prediction.readings.first),
        image_url,
        report_id: prediction.report,
        prediction_id: prediction.id,
    }
}
