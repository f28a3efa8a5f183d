//! `DELETE /api/iot/devices/{device_id}`: a device may send nothing any more. What it has measured stays.

use domain::audit::{Action, Why};
use domain::vital::VitalDevice;
use runtime::answer::NoContent;
use runtime::callers::SignedIn;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::vitals;

use crate::access;
use crate::device_answer::Parameters;

pub static FUNCTION: Function = Function::endpoint::<RevokeVitalDevice>();

pub struct RevokeVitalDevice;

impl Endpoint for RevokeVitalDevice {
    const NAME: &'static str = "revoke-vital-device";
    const SUMMARY: &'static str = "Revoke a device that measures vital signs";
    const ROUTES: &'static [Route] = &[Route::delete("/api/iot/devices/{device_id}")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::WRITE;

    type Caller = SignedIn;
    type Input = Path<Parameters>;
    type Output = NoContent;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        Path(path): Path<Parameters>,
    ) -> Result<Self::Output, Problem> {
        let (owner, id) = (caller.user_id(), path.id()?);
        let note = context.audit(&caller.session, owner, Action::Delete, access::one(id), Why::Own)?;
        let revoked = |device: &VitalDevice| Ok(device.revoked(context.now));
        vitals::change_device(&context.store, (owner, id), revoked, &note).await?;
        Ok(NoContent)
    }
}
