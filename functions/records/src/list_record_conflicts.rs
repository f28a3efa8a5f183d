//! `GET /api/records/conflicts`: conflicts that wait for somebody to decide.

use domain::audit::Action;
use runtime::answer::PageOf;
use runtime::callers::SignedIn;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::Paging;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::{Page, PageRequest, records};

use crate::access::{self, Whose};
use crate::conflict_answer::ConflictAnswer;

pub static FUNCTION: Function = Function::endpoint::<ListRecordConflicts>();

pub struct ListRecordConflicts;

impl Endpoint for ListRecordConflicts {
    const NAME: &'static str = "list-record-conflicts";
    const SUMMARY: &'static str = "Conflicts over health records that are open";
    const ROUTES: &'static [Route] = &[Route::get("/api/records/conflicts")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::READ;

    type Caller = SignedIn;
    type Input = (Query<Whose>, Query<Paging>);
    type Output = PageOf<ConflictAnswer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Query(whose), Query(paging)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let request = PageRequest::from(paging);
        let leave = access::to_read(context, &caller.session, whose, Action::List, access::all()).await?;
        let reading = records::list_conflicts(&context.store, leave.patient, &request);
        let Page { items, next } = context.audited(&leave.note, reading).await?;
        Ok(PageOf {
            items: items.into_iter().map(ConflictAnswer::from).collect(),
            next: next.map(|cursor| {
                let (limit, whose) = (request.limit, whose.in_link());
                format!("/api/records/conflicts?limit={limit}&cursor={cursor}{whose}")
            }),
        })
    }
}
