//! `GET /api/health/health/summary`: score and advice over the own dental analyses (contract #91).

use domain::audit::{Action, Resource, ResourceKind, Why};
use domain::dental::{CHECK_UP, DentalReport};
use domain::session::Product;
use jiff::Timestamp;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::table::{ItemAction, Table};
use store::{PageRequest, dental_analyses};

pub static FUNCTION: Function = Function::endpoint::<SummarizeDentalHealth>();

pub struct SummarizeDentalHealth;

/// Further back no photo of teeth is looked for: what a read costs must not grow with the years.
const MOST: u16 = 100;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DentalHealth")]
pub struct Answer {
    success: bool,
    data: Data,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DentalHealthSummary")]
struct Data {
    total_analyses: u64,
    #[schemars(with = "Option<String>")]
    last_analysis_date: Option<Timestamp>,
    /// 0 to 100, by the newest photo that shows teeth; 0 where there is none, which says nothing of the teeth.
    health_score: u8,
    /// Whether there is such a photo.
    assessed: bool,
    recommendations: Vec<String>,
    /// 180 days after the last analysis.
    #[schemars(with = "Option<String>")]
    next_checkup_date: Option<Timestamp>,
}

impl Endpoint for SummarizeDentalHealth {
    const NAME: &'static str = "summarize-dental-health";
    const SUMMARY: &'static str = "Score and advice over the own dental analyses";
    const ROUTES: &'static [Route] = &[Route::get("/api/health/health/summary").of(Product::Dental)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &[Need::Items(Table::Diagnosis, &[ItemAction::Get, ItemAction::Query])];

    type Caller = SignedIn;
    type Input = ();
    type Output = Json<Answer>;

    async fn handle(context: &Context, caller: SignedIn, (): ()) -> Result<Self::Output, Problem> {
        let patient = caller.user_id();
        let resource = Resource::all(ResourceKind::DentalAnalysis);
        let note = context.audit(&caller.session, patient, Action::List, resource, Why::Own)?;
        let page = PageRequest {
            limit: MOST,
            after: None,
        };
        let list = dental_analyses::list(&context.store, patient, &page);
        let reading = futures_util::future::try_join(list, dental_analyses::count(&context.store, patient));
        let (page, total) = context.audited(&note, reading).await?;
        let analyses = page.items;
        // Those from before they were counted.
        let total = total.max(analyses.len() as u64);
        let last = analyses.first().map(|analysis| analysis.created_at);
        let newest = analyses.iter().find(|analysis| analysis.judgement.has_teeth);
        let report = DentalReport::of(newest.or(analyses.first()).map_or(&[], std::slice::from_ref));
        let health_score = report.health_of_100();
        let recommendations = report.recommendations.into_iter().map(|each| each.recommendation);
        Ok(Json(Answer {
            success: true,
            data: Data {
                total_analyses: total,
                last_analysis_date: last,
                health_score,
                assessed: report.assessed,
                recommendations: recommendations.collect(),
                next_checkup_date: last.map(|last| last + CHECK_UP),
            },
        }))
    }
}
