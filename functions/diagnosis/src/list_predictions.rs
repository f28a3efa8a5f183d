//! `GET /api/predictions`: the own predictions, newest first (contract #94).

use domain::audit::{Action, Resource, ResourceKind, Why};
use domain::id::{PredictionId, UserId};
use domain::prediction::{Prediction, ReportNumber};
use jiff::Timestamp;
use runtime::answer::PageOf;
use runtime::callers::SignedIn;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::Paging;
use runtime::secrets::Secret;
use runtime::{Context, Endpoint, Function, PictureLinks, Problem, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::table::{ItemAction, Table};
use store::{Page, PageRequest, predictions};

use crate::finding::Finding;

pub static FUNCTION: Function = Function::endpoint::<ListPredictions>();

pub struct ListPredictions;

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    id: PredictionId,
    user_id: UserId,
    result: Finding,
    /// A signed address, good for five minutes.
    image_url: String,
    report_id: ReportNumber,
    #[schemars(with = "String")]
    created_at: Timestamp,
}

impl Endpoint for ListPredictions {
    const NAME: &'static str = "list-predictions";
    const SUMMARY: &'static str = "The own predictions, newest first";
    const ROUTES: &'static [Route] = &[Route::get("/api/predictions")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Diagnosis, &[ItemAction::Query]),
        Need::Secret(Secret::LinkSigningKey),
    ];

    type Caller = SignedIn;
    type Input = Query<Paging>;
    type Output = PageOf<Item>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        Query(paging): Query<Paging>,
    ) -> Result<Self::Output, Problem> {
        let (patient, request) = (caller.user_id(), PageRequest::from(paging));
        let resource = Resource::all(ResourceKind::Prediction);
        let note = context.audit(&caller.session, patient, Action::List, resource, Why::Own)?;
        let reading = predictions::list(&context.store, patient, &request);
        let Page { items, next } = context.audited(&note, reading).await?;
        let links = context.picture_links().await?;
        Ok(PageOf {
            items: items.into_iter().map(|prediction| item(prediction, &links)).collect(),
            next: next.map(|cursor| format!("/api/predictions?limit={}&cursor={cursor}", request.limit)),
        })
    }
}

fn item(prediction: Prediction, links: &PictureLinks<'_>) -> Item {
    Item {
        id: prediction.id,
        user_id: prediction.patient,
        result: Finding::of(&prediction),
        image_url: links.address(&prediction.picture),
        report_id: prediction.report,
        created_at: prediction.created_at,
    }
}
