//! `POST /api/firmware/devices/{device_id}/token`: a new token for a device; the old one is no good any more.

use domain::firmware::EnrolledDevice;
use domain::firmware::enrolled::DeviceToken;
use runtime::answer::Created;
use runtime::callers::Operator;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::fleet::{self, With};
use store::table::{ItemAction, Table};

use crate::device_answer::{Parameters, WithToken};

pub static FUNCTION: Function = Function::endpoint::<RenewDeviceToken>();

pub struct RenewDeviceToken;

impl Endpoint for RenewDeviceToken {
    const NAME: &'static str = "renew-device-token";
    const SUMMARY: &'static str = "A new token for a device";
    const ROUTES: &'static [Route] = &[Route::post("/api/firmware/devices/{device_id}/token")];
    const NEEDS: &'static [Need] = &[Need::Items(Table::Firmware, &[ItemAction::Get, ItemAction::Put])];

    type Caller = Operator;
    type Input = Path<Parameters>;
    type Output = Created<WithToken>;

    async fn handle(context: &Context, _: Operator, Path(path): Path<Parameters>) -> Result<Self::Output, Problem> {
        let token = DeviceToken::new(path.device_id.clone(), context.random()?);
        let renewed = |device: &EnrolledDevice| Some(device.with_token(token.digest(), context.now));
        let (_, device) = fleet::change(&context.store, &path.device_id, renewed, With::default()).await?;
        Ok(Created(WithToken {
            device: device.into(),
            token: token.text(),
        }))
    }
}
