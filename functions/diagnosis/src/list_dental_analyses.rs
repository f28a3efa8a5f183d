//! `GET /analysis/history`: the own dental analyses, newest first (contract #89, #90).

use domain::audit::{Action, Resource, ResourceKind, Why};
use domain::dental::{DentalAnalysis, DentalThresholds, Engine, JudgingModel};
use domain::id::RecordNumber;
use domain::session::Product;
use jiff::Timestamp;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::Paging;
use runtime::secrets::Secret;
use runtime::{Context, Endpoint, Function, PictureLinks, Problem, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::table::{ItemAction, Table};
use store::{Page, PageRequest, dental_analyses};

use crate::analyze_teeth::AUTHOR;

pub static FUNCTION: Function = Function::endpoint::<ListDentalAnalyses>();

pub struct ListDentalAnalyses;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DentalHistory")]
pub struct Answer {
    success: bool,
    data: Vec<Item>,
    /// The address of the page after this one, if there is more.
    next: Option<String>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DentalHistoryItem")]
struct Item {
    id: RecordNumber,
    analysis: String,
    /// A signed address, good for an hour unless the operator says less.
    image_url: String,
    thumbnail_url: String,
    doctor_name: &'static str,
    status: &'static str,
    #[schemars(with = "String")]
    timestamp: Timestamp,
    #[schemars(with = "String")]
    date: Timestamp,
    detected_issues: Vec<&'static str>,
    images: Vec<String>,
    /// Who judged.
    engine: Engine,
    /// The engine that should have judged failed, and the local one stood in for it.
    fallback: bool,
    model: JudgingModel,
    /// By which the local model judged; null where another engine did.
    thresholds: Option<DentalThresholds>,
}

impl Endpoint for ListDentalAnalyses {
    const NAME: &'static str = "list-dental-analyses";
    const SUMMARY: &'static str = "The own dental analyses, newest first";
    const ROUTES: &'static [Route] = &[
        Route::get("/analysis/history").of(Product::Dental),
        Route::get("/api/analysis/analysis/history").of(Product::Dental),
    ];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Diagnosis, &[ItemAction::Query]),
        Need::Secret(Secret::LinkSigningKey),
    ];

    type Caller = SignedIn;
    type Input = Query<Paging>;
    type Output = Json<Answer>;

    async fn handle(context: &Context, caller: SignedIn, Query(paging): Self::Input) -> Result<Self::Output, Problem> {
        let (patient, request) = (caller.user_id(), PageRequest::from(paging));
        let resource = Resource::all(ResourceKind::DentalAnalysis);
        let note = context.audit(&caller.session, patient, Action::List, resource, Why::Own)?;
        let reading = dental_analyses::list(&context.store, patient, &request);
        let Page { items, next } = context.audited(&note, reading).await?;
        let links = context.picture_links().await?;
        Ok(Json(Answer {
            success: true,
            data: items.into_iter().map(|analysis| item(analysis, &links)).collect(),
            next: next.map(|cursor| format!("/analysis/history?limit={}&cursor={cursor}", request.limit)),
        }))
    }
}

fn item(analysis: DentalAnalysis, links: &PictureLinks<'_>) -> Item {
    let image_url = links.address(&analysis.picture);
    let judgement = analysis.judgement;
    Item {
        id: analysis.number,
        detected_issues: judgement.kinds().into_iter().map(|kind| kind.class().0).collect(),
        analysis: analysis.text,
        images: vec![image_url.clone()],
        image_url,
        thumbnail_url: links.address(&analysis.thumbnail),
        doctor_name: AUTHOR,
        status: "completed",
        timestamp: analysis.created_at,
        date: analysis.created_at,
        engine: judgement.model.engine(),
        fallback: judgement.is_fallback,
        thresholds: judgement.thresholds,
        model: judgement.model,
    }
}
