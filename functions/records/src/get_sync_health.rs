//! `GET /api/records/sync/health`: how the devices of a patient are getting on with syncing.

use domain::audit::{Action, Resource, ResourceKind};
use domain::record::sync_health::{SyncDevice, Trouble};
use jiff::Timestamp;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::Paging;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::{Page, PageRequest, sync_devices};

use crate::access::{self, Whose};

pub static FUNCTION: Function = Function::endpoint::<GetSyncHealth>();

pub struct GetSyncHealth;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SyncHealth")]
pub struct Answer {
    devices: Vec<OwnDevice>,
    /// To go on from; null on the last page.
    next_cursor: Option<String>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OwnSyncDevice")]
pub struct OwnDevice {
    /// What the device calls itself.
    device_id: String,
    #[serde(flatten)]
    state: DeviceState,
}

/// Of a device, as far as it does not say whose it is.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SyncDeviceState")]
pub struct DeviceState {
    /// By which all who see it name it.
    device: String,
    app_version: Option<String>,
    /// Changes that waited on it when it last said so.
    queue_length: u32,
    /// What it needs attention for; null where all is well.
    trouble: Option<Trouble>,
    #[schemars(with = "String")]
    first_seen_at: Timestamp,
    /// While nothing is new of a device, exact to five minutes; so is `last_pull_at`.
    #[schemars(with = "String")]
    last_seen_at: Timestamp,
    #[schemars(with = "Option<String>")]
    last_pull_at: Option<Timestamp>,
    #[schemars(with = "Option<String>")]
    last_push_at: Option<Timestamp>,
    /// Where its next pull goes on.
    cursor: u64,
    /// At most so many changes were left for it at its last pull.
    behind_by: u64,
    /// Of all changes that it ever pushed.
    accepted: u64,
    conflicts: u64,
    rejected: u64,
}

impl From<SyncDevice> for DeviceState {
    fn from(device: SyncDevice) -> Self {
        Self {
            trouble: device.trouble(),
            device: device.handle,
            app_version: device.app_version,
            queue_length: device.queue_length,
            first_seen_at: device.first_seen_at,
            last_seen_at: device.last_seen_at,
            last_pull_at: device.last_pull_at,
            last_push_at: device.last_push_at,
            cursor: device.cursor,
            behind_by: device.behind_by,
            accepted: device.accepted,
            conflicts: device.conflicts,
            rejected: device.rejected,
        }
    }
}

impl Endpoint for GetSyncHealth {
    const NAME: &'static str = "get-sync-health";
    const SUMMARY: &'static str = "How devices are getting on with syncing";
    const ROUTES: &'static [Route] = &[Route::get("/api/records/sync/health")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::READ;

    type Caller = SignedIn;
    type Input = (Query<Whose>, Query<Paging>);
    type Output = Json<Answer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Query(whose), Query(paging)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let request = PageRequest::from(paging);
        let resource = Resource::all(ResourceKind::SyncHealth);
        let leave = access::to_read(context, &caller.session, whose, Action::List, resource).await?;
        let reading = sync_devices::list(&context.store, leave.patient, &request);
        let Page { items, next } = context.audited(&leave.note, reading).await?;
        let is_remembered = |device: &SyncDevice| context.now < device.expires_at;
        let shown = |device: SyncDevice| OwnDevice {
            device_id: device.device_id.clone(),
            state: device.into(),
        };
        Ok(Json(Answer {
            devices: items.into_iter().filter(is_remembered).map(shown).collect(),
            next_cursor: next.map(|cursor| cursor.to_string()),
        }))
    }
}
