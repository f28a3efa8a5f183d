//! `POST /api/iot/devices/{device_id}/token`: a new token for a device; the old one is no good any more.

use domain::audit::{Action, Why};
use domain::vital::{VitalDevice, VitalDeviceToken};
use runtime::answer::Created;
use runtime::callers::SignedIn;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::vitals;

use crate::access;
use crate::device_answer::{Parameters, WithToken};

pub static FUNCTION: Function = Function::endpoint::<RenewVitalDeviceToken>();

pub struct RenewVitalDeviceToken;

impl Endpoint for RenewVitalDeviceToken {
    const NAME: &'static str = "renew-vital-device-token";
    const SUMMARY: &'static str = "A new token for a device that measures vital signs";
    const ROUTES: &'static [Route] = &[Route::post("/api/iot/devices/{device_id}/token")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::WRITE;

    type Caller = SignedIn;
    type Input = Path<Parameters>;
    type Output = Created<WithToken>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        Path(path): Path<Parameters>,
    ) -> Result<Self::Output, Problem> {
        let (owner, id) = (caller.user_id(), path.id()?);
        let token = VitalDeviceToken::new(owner, context.random()?);
        let note = context.audit(&caller.session, owner, Action::Update, access::one(id), Why::Own)?;
        let renewed = |device: &VitalDevice| device.renewed(&token, context.now).map(Some);
        let device = vitals::change_device(&context.store, (owner, id), renewed, &note).await?;
        Ok(Created(WithToken {
            device: device.into(),
            device_token: token.text(),
        }))
    }
}
