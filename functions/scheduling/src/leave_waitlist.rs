//! `DELETE /waitlist/{id}`: wait no longer. What has been offered stays held until it is confirmed, cancelled or over.

use domain::audit::Action;
use domain::scheduling::SchedulingRefused;
use runtime::answer::NoContent;
use runtime::callers::SignedIn;
use runtime::input::{Path, Query};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::scheduling::waitlist;

use crate::access::{self, Whose};
use crate::needs;

pub static FUNCTION: Function = Function::endpoint::<LeaveWaitlist>();

pub struct LeaveWaitlist;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "WaitingName")]
pub struct Parameters {
    id: String,
}

impl Endpoint for LeaveWaitlist {
    const NAME: &'static str = "leave-waitlist";
    const SUMMARY: &'static str = "Leave a doctor's waiting list";
    const ROUTES: &'static [Route] = &[Route::delete("/waitlist/{id}")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &needs::BOOK;

    type Caller = SignedIn;
    type Input = (Path<Parameters>, Query<Whose>);
    type Output = NoContent;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Path(path), Query(whose)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let session = &caller.session;
        let id = path.id.parse().map_err(|_| SchedulingRefused::NotWaiting)?;
        let patient = access::patient(context, session, whose.patient_id, Action::Delete, access::all()).await?;
        let audit = context.audit(session, patient.id, Action::Delete, access::all(), patient.why)?;
        waitlist::leave(&context.store, patient.id, id, &audit).await?;
        Ok(NoContent)
    }
}
