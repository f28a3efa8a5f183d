//! `POST /api/analysis/analysis/dental-health-report`: one report over one to three photos of teeth (contract #88).

use domain::dental::{DentalAnalysis, DentalReport, Detail};
use domain::id::RecordNumber;
use domain::session::Product;
use jiff::Timestamp;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Platform, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::Serialize;

use crate::dental::analysis::{self, DetectionAnswer};
use crate::dental::photos::TeethInput;

pub static FUNCTION: Function = Function::endpoint::<ReportTeeth>();

pub struct ReportTeeth;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TeethReported")]
pub struct Answer {
    success: bool,
    /// Of the first photo's entry in the history.
    analysis_id: Option<RecordNumber>,
    #[schemars(with = "String")]
    timestamp: Timestamp,
    data: Data,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TeethReport")]
struct Data {
    #[serde(flatten)]
    report: DentalReport,
    /// Of the local model; none where another engine judged, which marks no areas.
    ml_detections: Vec<DetectionAnswer>,
    /// Always null: the local model knows areas, not outlines.
    annotated_image_url: Option<String>,
    /// Signed addresses, good for an hour unless the operator says less.
    images: Vec<String>,
    /// Whoever judged: a dentist must look.
    experimental: bool,
}

impl Endpoint for ReportTeeth {
    const NAME: &'static str = "report-teeth";
    const SUMMARY: &'static str = "One report over one to three photos of teeth";
    const ROUTES: &'static [Route] = &[Route::post("/api/analysis/analysis/dental-health-report").of(Product::Dental)];
    const RATE: RateClass = RateClass::Diagnosis;
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = analysis::NEEDS;
    /// One core.
    const MEMORY_MB: u16 = 1769;
    const TIMEOUT_SECONDS: u16 = analysis::TIMEOUT_SECONDS;

    type Caller = SignedIn;
    type Input = TeethInput;
    type Output = Json<Answer>;

    fn prepare(platform: &Platform) -> Result<(), Problem> {
        analysis::prepare(platform)
    }

    async fn handle(context: &Context, caller: SignedIn, input: TeethInput) -> Result<Self::Output, Problem> {
        let analyzed = analysis::analyze(context, &caller, input, Detail::Usual).await?;
        let analyses: Vec<DentalAnalysis> = analyzed.into_iter().map(|each| each.analysis).collect();
        let links = context.picture_links().await?;
        let detections = analyses.iter().flat_map(|analysis| &analysis.judgement.detections);
        Ok(Json(Answer {
            success: true,
            analysis_id: analyses.first().map(|analysis| analysis.number),
            timestamp: context.now,
            data: Data {
                ml_detections: detections.map(DetectionAnswer::of).collect(),
                annotated_image_url: None,
                images: analyses
                    .iter()
                    .map(|analysis| links.address(&analysis.picture))
                    .collect(),
                experimental: true,
                report: DentalReport::of(&analyses),
            },
        }))
    }
}
