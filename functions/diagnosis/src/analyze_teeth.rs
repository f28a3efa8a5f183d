//! `POST /analysis/analyze-images`: look at one to three photos of teeth (contract #84 to #87).

use domain::dental::{DentalThresholds, Detail, Engine, Issue, JudgingModel};
use domain::id::RecordNumber;
use domain::session::Product;
use jiff::Timestamp;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::MethodAndPath;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, PictureLinks, Platform, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::Serialize;

use crate::dental::analysis::{self, Analyzed, DetectionAnswer};
use crate::dental::photos::TeethInput;

pub static FUNCTION: Function = Function::endpoint::<AnalyzeTeeth>();

pub struct AnalyzeTeeth;

const SHORT: &str = "/api/analysis/analysis/quick-assessment";
const LONG: &str = "/api/analysis/analysis/detailed-analysis";
/// The name that the old product's clients show.
pub const AUTHOR: &str = "Dr. AI Assistant";

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TeethAnalyzed")]
pub struct Answer {
    success: bool,
    data: Data,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TeethAnalyses")]
struct Data {
    message: &'static str,
    /// One per photo, in the order of the fields.
    results: Vec<Entry>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TeethAnalysis")]
struct Entry {
    filename: String,
    /// The same as `image_url`.
    saved_path: String,
    /// A signed address, good for an hour unless the operator says less.
    image_url: String,
    thumbnail_url: String,
    /// Always null: the local model knows areas, not outlines.
    annotated_image_url: Option<String>,
    /// Of the local model; none where another engine judged, which marks no areas.
    ml_detections: Vec<DetectionAnswer>,
    /// Of whichever engine judged.
    detected_issues: Vec<Issue>,
    analysis: String,
    history_id: RecordNumber,
    doctor_name: &'static str,
    status: &'static str,
    /// Whoever judged: a dentist must look.
    experimental: bool,
    /// `local` also where a photo shows no teeth: such photos are sent to nobody.
    engine: Engine,
    /// The engine that should have judged failed, and the local one stands in for it.
    fallback: bool,
    model: JudgingModel,
    /// By which the local model judged; null where another engine did.
    thresholds: Option<DentalThresholds>,
    #[schemars(with = "String")]
    created_at: Timestamp,
}

impl Endpoint for AnalyzeTeeth {
    const NAME: &'static str = "analyze-teeth";
    const SUMMARY: &'static str = "Look at one to three photos of teeth";
    const ROUTES: &'static [Route] = &[
        Route::post("/analysis/analyze-images").of(Product::Dental),
        Route::post("/api/analysis/analysis/analyze-images").of(Product::Dental),
        Route::post(SHORT).of(Product::Dental),
        Route::post(LONG).of(Product::Dental),
    ];
    const RATE: RateClass = RateClass::Diagnosis;
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = analysis::NEEDS;
    /// One core.
    const MEMORY_MB: u16 = 1769;
    const TIMEOUT_SECONDS: u16 = analysis::TIMEOUT_SECONDS;

    type Caller = SignedIn;
    type Input = (TeethInput, MethodAndPath);
    type Output = Json<Answer>;

    fn prepare(platform: &Platform) -> Result<(), Problem> {
        analysis::prepare(platform)
    }

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (input, target): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let (detail, message) = match target.path.trim_end_matches('/') {
            SHORT => (Detail::Short, "Quick assessment completed"),
            LONG => (Detail::Long, "Detailed analysis completed"),
            _ => (Detail::Usual, "Analysis completed"),
        };
        let analyzed = analysis::analyze(context, &caller, input, detail).await?;
        let links = context.picture_links().await?;
        let results = analyzed.into_iter().map(|each| result(each, &links)).collect();
        Ok(Json(Answer {
            success: true,
            data: Data { message, results },
        }))
    }
}

fn result(Analyzed { file_name, analysis }: Analyzed, links: &PictureLinks<'_>) -> Entry {
    let image_url = links.address(&analysis.picture);
    let judgement = analysis.judgement;
    Entry {
        filename: file_name,
        saved_path: image_url.clone(),
        image_url,
        thumbnail_url: links.address(&analysis.thumbnail),
        annotated_image_url: None,
        ml_detections: judgement.detections.iter().map(DetectionAnswer::of).collect(),
        detected_issues: judgement.issues(),
        analysis: analysis.text,
        history_id: analysis.number,
        doctor_name: AUTHOR,
        status: "completed",
        experimental: true,
        engine: judgement.model.engine(),
        fallback: judgement.is_fallback,
        thresholds: judgement.thresholds,
        model: judgement.model,
        created_at: analysis.created_at,
    }
}
