//! `GET /api/admin/sync-health`: devices of all patients whose syncing needs attention, or that are silent.

use domain::id::UserId;
use domain::record::sync_health::{SyncDevice, Trouble, app_version};
use domain::refusal::FieldError;
use jiff::{SignedDuration, Timestamp};
use runtime::answer::Json;
use runtime::callers::Admin;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::{Limit, ListCursor};
use runtime::{Context, Endpoint, Function, Problem, Route, lenient};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::table::{ItemAction, Table};
use store::{Page, PageRequest, sync_devices};

use crate::get_sync_health::DeviceState;

pub static FUNCTION: Function = Function::endpoint::<ListSyncHealth>();

pub struct ListSyncHealth;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "SyncHealthFilter")]
pub struct Filter {
    /// What they need attention for.
    #[serde(default)]
    trouble: Option<Trouble>,
    #[serde(default)]
    app_version: Option<String>,
    /// 1 to 365: those that were not heard of for so many days, whether they need attention or not.
    #[serde(default, deserialize_with = "lenient::number")]
    #[schemars(range(min = 1, max = 365))]
    silent_days: Option<i64>,
    /// 1 to 100; 50 without it. Pages may be short.
    #[serde(default)]
    limit: Limit,
    /// From an earlier page.
    #[serde(default)]
    cursor: Option<ListCursor>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TroubledSyncDevices")]
pub struct Answer {
    /// Silent for longest first: those with changes that wait on them, or failing, to the hour; with `silent_days` all, to
    /// the day.
    devices: Vec<DeviceOfAnybody>,
    /// To go on from; null on the last page.
    next_cursor: Option<String>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SyncDeviceOfAnybody")]
struct DeviceOfAnybody {
    patient_id: UserId,
    #[serde(flatten)]
    state: DeviceState,
}

impl Endpoint for ListSyncHealth {
    const NAME: &'static str = "list-sync-health";
    const SUMMARY: &'static str = "Devices whose syncing needs attention, or that are silent";
    const ROUTES: &'static [Route] = &[Route::get("/api/admin/sync-health")];
    const NEEDS: &'static [Need] = &[Need::Items(Table::Records, &[ItemAction::BatchGet, ItemAction::Query])];

    type Caller = Admin;
    type Input = Query<Filter>;
    type Output = Json<Answer>;

    async fn handle(context: &Context, _: Admin, Query(filter): Query<Filter>) -> Result<Self::Output, Problem> {
        let request = PageRequest {
            limit: filter.limit.0,
            after: filter.cursor.map(|cursor| cursor.0),
        };
        let version = match &filter.app_version {
            None => None,
            Some(text) => match app_version(text) {
                Some(version) => Some(version),
                // No device is of what is no version.
                None => {
                    return Ok(Json(Answer {
                        devices: Vec::new(),
                        next_cursor: None,
                    }));
                }
            },
        };
        let wanted = sync_devices::Filter {
            trouble: filter.trouble,
            app_version: version.as_deref(),
            silent_since: filter.silent_days.map(|days| silent_since(context, days)).transpose()?,
        };
        let Page { items, next } = sync_devices::list_all(&context.store, &wanted, &request).await?;
        let is_remembered = |device: &SyncDevice| context.now < device.expires_at;
        let shown = |device: SyncDevice| DeviceOfAnybody {
            patient_id: device.patient,
            state: device.into(),
        };
        Ok(Json(Answer {
            devices: items.into_iter().filter(is_remembered).map(shown).collect(),
            next_cursor: next.map(|cursor| cursor.to_string()),
        }))
    }
}

fn silent_since(context: &Context, days: i64) -> Result<Timestamp, Problem> {
    if !(1..=365).contains(&days) {
        let rule = "must be from 1 to 365";
        return Err(Problem::invalid(vec![FieldError::new(
            "query",
            "silent_days",
            "invalid",
            rule,
        )]));
    }
    Ok(context.now - SignedDuration::from_hours(24 * days))
}
