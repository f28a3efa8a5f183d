//! `GET /api/exports`: what one has asked for in the last 90 days, newest first.

use runtime::answer::PageOf;
use runtime::callers::Patient;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::Paging;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::table::{ItemAction, Table};
use store::{Page, PageRequest, exports};

use crate::export_answer::ExportAnswer;

pub static FUNCTION: Function = Function::endpoint::<ListExports>();

pub struct ListExports;

impl Endpoint for ListExports {
    const NAME: &'static str = "list-exports";
    const SUMMARY: &'static str = "The own exports of the last 90 days, newest first";
    const ROUTES: &'static [Route] = &[Route::get("/api/exports")];
    const NEEDS: &'static [Need] = &[Need::Items(Table::Platform, &[ItemAction::Query])];

    type Caller = Patient;
    type Input = Query<Paging>;
    type Output = PageOf<ExportAnswer>;

    async fn handle(context: &Context, caller: Patient, Query(paging): Query<Paging>) -> Result<Self::Output, Problem> {
        let request = PageRequest::from(paging);
        let Page { items, next } = exports::list(&context.store, caller.user_id(), &request).await?;
        Ok(PageOf {
            items: items
                .iter()
                .map(|export| ExportAnswer::of(export, context.now))
                .collect(),
            next: next.map(|cursor| format!("/api/exports?limit={}&cursor={cursor}", request.limit)),
        })
    }
}
