//! `PUT /doctors/me/availability`: say when patients may book. Appointments stay as they are.

use runtime::answer;
use runtime::callers::Doctor;
use runtime::input::Json;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::scheduling;

use crate::availability_answer::{AvailabilityAnswer, Body};
use crate::needs;

pub static FUNCTION: Function = Function::endpoint::<SetOwnAvailability>();

pub struct SetOwnAvailability;

impl Endpoint for SetOwnAvailability {
    const NAME: &'static str = "set-own-availability";
    const SUMMARY: &'static str = "Say the own hours, dates that differ, and time off";
    const ROUTES: &'static [Route] = &[Route::put("/doctors/me/availability")];
    const NEEDS: &'static [Need] = &needs::OFFER;

    type Caller = Doctor;
    type Input = Json<Body>;
    type Output = answer::Json<AvailabilityAnswer>;

    async fn handle(context: &Context, caller: Doctor, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        let new = body.availability(context.now);
        new.check()?;
        let availability = scheduling::set_availability(&context.store, caller.user_id(), new).await?;
        Ok(answer::Json(availability.into()))
    }
}
