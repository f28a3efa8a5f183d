//! `GET /api/firmware/devices/{device_id}`: what a registered device runs, and how far its update is.

use domain::firmware::FirmwareRefused;
use runtime::answer::Json;
use runtime::callers::Operator;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::fleet;
use store::table::{ItemAction, Table};

use crate::device_answer::{DeviceAnswer, Parameters};

pub static FUNCTION: Function = Function::endpoint::<GetEnrolledDevice>();

pub struct GetEnrolledDevice;

impl Endpoint for GetEnrolledDevice {
    const NAME: &'static str = "get-enrolled-device";
    const SUMMARY: &'static str = "A registered device";
    const ROUTES: &'static [Route] = &[Route::get("/api/firmware/devices/{device_id}")];
    const NEEDS: &'static [Need] = &[Need::Items(Table::Firmware, &[ItemAction::Get])];

    type Caller = Operator;
    type Input = Path<Parameters>;
    type Output = Json<DeviceAnswer>;

    async fn handle(context: &Context, _: Operator, Path(path): Path<Parameters>) -> Result<Self::Output, Problem> {
        let device = fleet::get(&context.store, &path.device_id).await?;
        Ok(Json(device.ok_or(FirmwareRefused::DeviceNotFound)?.into()))
    }
}
