//! `POST /analysis/analyze-images`: look at one to three photos of teeth (contract #84 to #87).

use domain::dental::Detail;
use domain::id::RecordNumber;
use domain::prediction::ModelIdentity;
use domain::session::Product;
use jiff::Timestamp;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::MethodAndPath;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, PictureLinks, Platform, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::Serialize;

use crate::dental::analysis::{self, Analyzed, DentalModels, DetectionAnswer, TeethInput};

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
    /// A signed address, good for five minutes.
    image_url: String,
    thumbnail_url: String,
    /// Always null: the local model knows areas, not outlines.
    annotated_image_url: Option<String>,
    ml_detections: Vec<DetectionAnswer>,
    analysis: String,
    history_id: RecordNumber,
    doctor_name: &'static str,
    status: &'static str,
    /// The model is experimental: a dentist must look.
    experimental: bool,
    model: ModelIdentity,
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
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = SignedIn;
    type Input = (TeethInput, MethodAndPath);
    type Output = Json<Answer>;

    fn prepare(platform: &Platform) -> Result<(), Problem> {
        DentalModels::shared(platform).map(drop)
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
    Entry {
        filename: file_name,
        saved_path: image_url.clone(),
        image_url,
        thumbnail_url: links.address(&analysis.thumbnail),
        annotated_image_url: None,
        ml_detections: analysis.detections.iter().map(DetectionAnswer::of).collect(),
        analysis: analysis.text,
        history_id: analysis.number,
        doctor_name: AUTHOR,
        status: "completed",
        experimental: true,
        model: analysis.model,
        created_at: analysis.created_at,
    }
}
