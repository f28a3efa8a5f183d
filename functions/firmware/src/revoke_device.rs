//! `DELETE /api/firmware/devices/{device_id}`: a device's token is no good any more. What it has said is kept.

use domain::firmware::EnrolledDevice;
use runtime::answer::NoContent;
use runtime::callers::Operator;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::fleet::{self, With};
use store::table::{ItemAction, Table};

use crate::device_answer::Parameters;

pub static FUNCTION: Function = Function::endpoint::<RevokeDevice>();

pub struct RevokeDevice;

impl Endpoint for RevokeDevice {
    const NAME: &'static str = "revoke-device";
    const SUMMARY: &'static str = "Revoke a device's token";
    const ROUTES: &'static [Route] = &[Route::delete("/api/firmware/devices/{device_id}")];
    const NEEDS: &'static [Need] = &[Need::Items(
        Table::Firmware,
        &[ItemAction::Get, ItemAction::Put, ItemAction::Update, ItemAction::Delete],
    )];

    type Caller = Operator;
    type Input = Path<Parameters>;
    type Output = NoContent;

    async fn handle(context: &Context, _: Operator, Path(path): Path<Parameters>) -> Result<Self::Output, Problem> {
        let revoked = |device: &EnrolledDevice| (!device.is_revoked).then(|| device.revoked(context.now));
        fleet::change(&context.store, &path.device_id, revoked, With::default()).await?;
        Ok(NoContent)
    }
}
