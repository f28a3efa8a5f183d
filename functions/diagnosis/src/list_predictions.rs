//! `GET /api/predictions`: the own predictions, newest first (contract #94).

use domain::audit::{Action, Resource, ResourceKind, Why};
use runtime::answer::PageOf;
use runtime::callers::SignedIn;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::Paging;
use runtime::secrets::Secret;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::table::{ItemAction, Table};
use store::{Page, PageRequest, predictions};

use crate::prediction_answer::PredictionAnswer;

pub static FUNCTION: Function = Function::endpoint::<ListPredictions>();

pub struct ListPredictions;

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
    type Output = PageOf<PredictionAnswer>;

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
            items: items
                .into_iter()
                .map(|prediction| PredictionAnswer::of(prediction, &links))
                .collect(),
            next: next.map(|cursor| format!("/api/predictions?limit={}&cursor={cursor}", request.limit)),
        })
    }
}
