//! `GET /api/records/sync/pending`: records that wait for files (contract #112).

use domain::audit::Action;
use domain::session::Product;
use runtime::answer::PageOf;
use runtime::callers::SignedIn;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::Paging;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use store::{Page, PageRequest, records};

use crate::access::{self, Whose};
use crate::record_answer::{self, RecordAnswer};

pub static FUNCTION: Function = Function::endpoint::<ListPendingRecords>();

pub struct ListPendingRecords;

impl Endpoint for ListPendingRecords {
    const NAME: &'static str = "list-pending-records";
    const SUMMARY: &'static str = "Health records that wait for files";
    const ROUTES: &'static [Route] = &[Route::get("/api/records/sync/pending").of(Product::Telemedicine)];
    const RATE: RateClass = RateClass::Polling;
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::READ;

    type Caller = SignedIn;
    type Input = (Query<Whose>, Query<Paging>);
    type Output = PageOf<RecordAnswer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Query(whose), Query(paging)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let request = PageRequest::from(paging);
        let leave = access::to_read(context, &caller.session, whose, Action::List, access::all()).await?;
        let reading = records::pending(&context.store, leave.patient, &request);
        let Page { items, next } = context.audited(&leave.note, reading).await?;
        let (limit, whose) = (request.limit, whose.in_link());
        Ok(PageOf {
            items: record_answer::many(context, items).await?,
            next: next.map(|cursor| format!("/api/records/sync/pending?limit={limit}&cursor={cursor}{whose}")),
        })
    }
}
