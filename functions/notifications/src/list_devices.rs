//! `GET /api/notifications/devices`: the own devices that are pushed to, without their tokens.

use domain::id::DeviceId;
use domain::notification::DevicePlatform;
use jiff::Timestamp;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::devices::{self, StoredDevice};
use store::table::{ItemAction, Table};

pub static FUNCTION: Function = Function::endpoint::<ListDevices>();

pub struct ListDevices;

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    devices: Vec<Item>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RegisteredDevice")]
struct Item {
    id: DeviceId,
    platform: DevicePlatform,
    app: Option<String>,
    /// Whether this very sign-in registered it.
    is_current: bool,
    #[schemars(with = "String")]
    last_seen_at: Timestamp,
}

impl Endpoint for ListDevices {
    const NAME: &'static str = "list-devices";
    const SUMMARY: &'static str = "The own devices that are pushed to";
    const ROUTES: &'static [Route] = &[Route::get("/api/notifications/devices")];
    const NEEDS: &'static [Need] = &[Need::Items(Table::Notifications, &[ItemAction::Query]), Need::FieldKeys];

    type Caller = SignedIn;
    type Input = ();
    type Output = Json<Answer>;

    async fn handle(context: &Context, caller: SignedIn, (): ()) -> Result<Self::Output, Problem> {
        let devices = devices::list(&context.store, caller.user_id(), context.now).await?;
        let item = |StoredDevice { device, .. }: StoredDevice| Item {
            id: device.id,
            platform: device.platform,
            app: device.app,
            is_current: device.session == caller.session.id,
            last_seen_at: device.last_seen_at,
        };
        Ok(Json(Answer {
            devices: devices.into_iter().map(item).collect(),
        }))
    }
}
