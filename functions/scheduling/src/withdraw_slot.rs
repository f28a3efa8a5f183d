//! `DELETE /doctors/me/slots/{id}`: take back an own slot that nobody has booked.

use domain::scheduling::SchedulingRefused;
use runtime::answer::NoContent;
use runtime::callers::Doctor;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::scheduling;

use crate::needs;

pub static FUNCTION: Function = Function::endpoint::<WithdrawSlot>();

pub struct WithdrawSlot;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "SlotName")]
pub struct Parameters {
    id: String,
}

impl Endpoint for WithdrawSlot {
    const NAME: &'static str = "withdraw-slot";
    const SUMMARY: &'static str = "Take back an own slot that nobody has booked";
    const ROUTES: &'static [Route] = &[Route::delete("/doctors/me/slots/{id}")];
    const NEEDS: &'static [Need] = &[needs::OFFER[0]];

    type Caller = Doctor;
    type Input = Path<Parameters>;
    type Output = NoContent;

    async fn handle(context: &Context, caller: Doctor, Path(path): Path<Parameters>) -> Result<Self::Output, Problem> {
        let slot = path.id.parse().map_err(|_| SchedulingRefused::NoSlot)?;
        scheduling::withdraw(&context.store, caller.user_id(), slot, context.now).await?;
        Ok(NoContent)
    }
}
