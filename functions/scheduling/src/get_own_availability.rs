//! `GET /doctors/me/availability`: when the own patients may book, as it was said.

use runtime::answer::Json;
use runtime::callers::Doctor;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::scheduling;
use store::table::{ItemAction, Table};

use crate::availability_answer::AvailabilityAnswer;

pub static FUNCTION: Function = Function::endpoint::<GetOwnAvailability>();

pub struct GetOwnAvailability;

impl Endpoint for GetOwnAvailability {
    const NAME: &'static str = "get-own-availability";
    const SUMMARY: &'static str = "The own hours, dates that differ, and time off";
    const ROUTES: &'static [Route] = &[Route::get("/doctors/me/availability")];
    const NEEDS: &'static [Need] = &[Need::Items(Table::Scheduling, &[ItemAction::Get])];

    type Caller = Doctor;
    type Input = ();
    type Output = Json<AvailabilityAnswer>;

    async fn handle(context: &Context, caller: Doctor, (): ()) -> Result<Self::Output, Problem> {
        let availability = scheduling::get_availability(&context.store, caller.user_id()).await?;
        Ok(Json(availability.into()))
    }
}
