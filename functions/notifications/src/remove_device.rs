//! `DELETE /api/notifications/devices/{id}`: end pushes to an own device.

use domain::id::DeviceId;
use domain::notification::DeviceUnknown;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::devices;
use store::table::{ItemAction, Table};

pub static FUNCTION: Function = Function::endpoint::<RemoveDevice>();

pub struct RemoveDevice;

#[derive(Deserialize, JsonSchema)]
pub struct Parameters {
    /// 24 hexadecimal digits.
    id: String,
}

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    message: &'static str,
}

impl Endpoint for RemoveDevice {
    const NAME: &'static str = "remove-device";
    const SUMMARY: &'static str = "End pushes to an own device";
    const ROUTES: &'static [Route] = &[Route::delete("/api/notifications/devices/{id}")];
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Notifications, &[ItemAction::Get, ItemAction::Delete]),
        Need::FieldKeys,
    ];

    type Caller = SignedIn;
    type Input = Path<Parameters>;
    type Output = Json<Answer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        Path(parameters): Path<Parameters>,
    ) -> Result<Self::Output, Problem> {
        let id: DeviceId = parameters.id.parse().map_err(|_| DeviceUnknown::MalformedId)?;
        let removed = devices::remove(&context.store, caller.user_id(), id).await;
        removed.map_err(|error| error.or_if_condition_failed(|_| Problem::from(DeviceUnknown::NotFound)))?;
        Ok(Json(Answer {
            message: "Device removed",
        }))
    }
}
