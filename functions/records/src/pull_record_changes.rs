//! `GET /api/records/sync/changes`: what has changed since a device last asked, in the order of the changes.

use domain::audit::Action;
use domain::record::sync_health::{Pulled, is_device_id};
use domain::refusal::FieldError;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::Limit;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::table::{ItemAction, Table};
use store::{records, sync_devices};

use crate::access::{self, Whose};
use crate::device_report::{Device, Said};
use crate::record_answer::{self, RecordAnswer};

pub static FUNCTION: Function = Function::endpoint::<PullRecordChanges>();

pub struct PullRecordChanges;

const USUAL: Limit = Limit(100);

#[derive(Deserialize, JsonSchema)]
pub struct Place {
    /// From the last answer; 0 or nothing for all there is. A number of changes, never a time.
    #[serde(default)]
    after: u64,
    /// 1 to 100; 100 without it. Large records make a page shorter.
    #[serde(default)]
    limit: Option<Limit>,
    /// What the device calls itself, 1 to 100 characters, so that those who look after it see how it gets on. Of the own
    /// records only.
    #[serde(default)]
    device_id: Option<String>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RecordChanges")]
pub struct Answer {
    /// Each as it is now, once, at its latest change. Deleted and erased ones stand here too.
    records: Vec<RecordAnswer>,
    /// For the next call, once these are kept.
    after: u64,
    has_more: bool,
    /// At most so many changes come after these; a record that has changed more than once counts each time.
    remaining: u64,
}

impl Endpoint for PullRecordChanges {
    const NAME: &'static str = "pull-record-changes";
    const SUMMARY: &'static str = "What has changed among health records";
    const ROUTES: &'static [Route] = &[Route::get("/api/records/sync/changes")];
    const RATE: RateClass = RateClass::Polling;
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &[
        access::READ[0],
        access::READ[1],
        access::READ[2],
        // How its device gets on.
        Need::Items(Table::Records, &[ItemAction::Put, ItemAction::Delete]),
    ];

    type Caller = SignedIn;
    type Input = (Query<Place>, (Query<Whose>, Query<Said>));
    type Output = Json<Answer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Query(place), (Query(whose), Query(said))): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let device_id = place.device_id.as_deref();
        if device_id.is_some_and(|id| !is_device_id(id)) {
            let rule = "must have 1 to 100 characters";
            return Err(Problem::invalid(vec![FieldError::new(
                "query",
                "device_id",
                "invalid",
                rule,
            )]));
        }
        let leave = access::to_read(context, &caller.session, whose, Action::List, access::all()).await?;
        let Limit(limit) = place.limit.unwrap_or(USUAL);
        let is_own = leave.patient == caller.user_id();
        let device = device_id.filter(|_| is_own).map(|id| Device {
            patient: leave.patient,
            id,
            report: said.into(),
        });
        let reading = records::changes_after(&context.store, leave.patient, place.after, limit);
        let changes = match device {
            None => context.audited(&leave.note, reading).await?,
            Some(device) => {
                let seen = sync_devices::get(&context.store, leave.patient, device.id);
                let reading = async { futures_util::try_join!(reading, seen) };
                let (changes, seen) = context.audited(&leave.note, reading).await?;
                let pulled = Pulled {
                    cursor: changes.upto,
                    behind_by: changes.remaining,
                };
                device.pulled(context, seen, pulled).await?;
                changes
            }
        };
        Ok(Json(Answer {
            records: record_answer::many(context, changes.records).await?,
            after: changes.upto,
            has_more: changes.has_more,
            remaining: changes.remaining,
        }))
    }
}
