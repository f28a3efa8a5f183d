//! `GET /waitlist`: the waiting lists that one is on.

use domain::audit::Action;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Query;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::scheduling::waitlist;

use crate::access::{self, Whose};
use crate::needs;
use crate::waiting_answer::WaitingAnswer;

pub static FUNCTION: Function = Function::endpoint::<ListWaitlist>();

pub struct ListWaitlist;

impl Endpoint for ListWaitlist {
    const NAME: &'static str = "list-waitlist";
    const SUMMARY: &'static str = "The waiting lists that one is on";
    const ROUTES: &'static [Route] = &[Route::get("/waitlist")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &needs::READ;

    type Caller = SignedIn;
    type Input = Query<Whose>;
    type Output = Json<Vec<WaitingAnswer>>;

    async fn handle(context: &Context, caller: SignedIn, Query(whose): Query<Whose>) -> Result<Self::Output, Problem> {
        let session = &caller.session;
        let patient = access::patient(context, session, whose.patient_id, Action::List, access::all()).await?;
        let note = context.audit(session, patient.id, Action::List, access::all(), patient.why)?;
        let reading = waitlist::list(&context.store, patient.id);
        let waiting = context.audited(&note, reading).await?;
        Ok(Json(waiting.into_iter().map(WaitingAnswer::from).collect()))
    }
}
