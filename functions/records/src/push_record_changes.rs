//! `POST /api/records/sync/changes`: what a device has changed of the own records, perhaps long ago, each judged for itself.

use domain::audit::{Action, Why};
use domain::id::{RecordConflictId, RecordId};
use domain::record::sync::Edit;
use domain::record::sync_health::Tally;
use domain::record::{Data, Pen, RecordType};
use domain::refusal::{FieldError, Refusal};
use runtime::answer;
use runtime::callers::SignedIn;
use runtime::input::{self, Json};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Retry, Route, lenient};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::RefusedOr;
use store::records::{self, Outcome, Push};

use crate::access;
use crate::device_report::{Device, report};

pub static FUNCTION: Function = Function::endpoint::<PushRecordChanges>();

pub struct PushRecordChanges;

const MOST_CHANGES: usize = 100;
const LONGEST_NAME: usize = 100;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "PushedRecordChanges")]
pub struct Body {
    /// What the device calls itself.
    device_id: String,
    /// At most 100, in the order that they were made in. Each is judged for itself.
    #[schemars(with = "Vec<Change>")]
    changes: Vec<Value>,
    /// The version of the app, such as `2.4.1`.
    #[serde(default)]
    app_version: Option<String>,
    /// Changes that wait on the device, without these.
    #[serde(default, deserialize_with = "lenient::number")]
    queue_length: Option<i64>,
    /// Why its last try failed: a word of `SyncTrouble`; any other counts as `other`, and its text is not kept.
    #[serde(default)]
    last_error: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "PushedRecordChange")]
struct Change {
    /// The device's own name for this change: sent again under it, it is entered once; another under it is refused
    /// (`change_id_taken`).
    change_id: String,
    /// Drawn by the device for a record that it made.
    record_id: RecordId,
    record_type: RecordType,
    /// The version that it was made from; 0 for a new record.
    base_version: u64,
    /// What the record is to say as a whole; null to delete it. `files` in it names files that are to be attached, each
    /// `{id, name, content_type?, size_bytes?, sha256?}`.
    // Whoever leaves it out has not said that it is to go.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schemars(required)]
    data: Option<Data>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PushedRecordResults")]
pub struct Answer {
    /// One for each change, in their order.
    results: Vec<Judged>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PushedRecordResult")]
struct Judged {
    /// None where what was sent has none.
    change_id: Option<String>,
    /// None where it is refused: then `code` says why, and nothing of it is kept here.
    outcome: Option<Outcome>,
    /// The version that it became, or met.
    version: Option<u64>,
    conflict_id: Option<RecordConflictId>,
    /// It had been entered before: this is what became of it then.
    is_repeated: bool,
    code: Option<&'static str>,
    detail: Option<String>,
}

impl Endpoint for PushRecordChanges {
    const NAME: &'static str = "push-record-changes";
    const SUMMARY: &'static str = "Enter what a device has changed of health records";
    const ROUTES: &'static [Route] = &[Route::post("/api/records/sync/changes")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::WRITE;
    const RETRY: Retry = Retry::HandledAgain("each change has a name of its own, under which it is entered once");
    const MEMORY_MB: u16 = 512;
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = SignedIn;
    type Input = Json<Body>;
    type Output = answer::Json<Answer>;

    async fn handle(context: &Context, caller: SignedIn, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        must_be_name("body", "device_id", &body.device_id)?;
        if body.changes.len() > MOST_CHANGES {
            let rule = format!("must be at most {MOST_CHANGES}");
            return Err(Problem::invalid(vec![FieldError::new(
                "body", "changes", "invalid", rule,
            )]));
        }
        let mut results = Vec::with_capacity(body.changes.len());
        for change in body.changes {
            let change_id = change
                .get("change_id")
                .and_then(Value::as_str)
                .filter(|name| is_name(name))
                .map(str::to_owned);
            results.push(match read(change) {
                Ok(change) => enter(context, &caller, &body.device_id, change).await?,
                Err(problem) => refused(change_id, problem.code, problem.detail),
            });
        }
        let device = Device {
            patient: caller.user_id(),
            id: &body.device_id,
            report: report(
                body.app_version.as_deref(),
                body.queue_length,
                body.last_error.as_deref(),
            ),
        };
        device.pushed(context, tally(&results)).await?;
        Ok(answer::Json(Answer { results }))
    }
}

fn is_name(text: &str) -> bool {
    (1..=LONGEST_NAME).contains(&text.chars().count())
}

fn must_be_name(place: &str, field: &str, text: &str) -> Result<(), Problem> {
    let rule = format!("must have 1 to {LONGEST_NAME} characters");
    let invalid = || Problem::invalid(vec![FieldError::new(place, field, "invalid", rule)]);
    is_name(text).then_some(()).ok_or_else(invalid)
}

fn read(change: Value) -> Result<Change, Problem> {
    let change: Change = input::one_of("change", change)?;
    must_be_name("change", "change_id", &change.change_id)?;
    Ok(change)
}

async fn enter(context: &Context, caller: &SignedIn, device: &str, change: Change) -> Result<Judged, Problem> {
    let patient = caller.user_id();
    let edit = Edit {
        record: change.record_id,
        record_type: change.record_type,
        base_version: change.base_version,
        data: change.data,
    };
    let digest = Sha256::new()
        .chain_update(device)
        .chain_update([0])
        .chain_update(&change.change_id)
        .finalize();
    let push = Push {
        patient,
        edit: &edit,
        digest: &data_encoding::HEXLOWER.encode(&digest[..16]),
        device,
        pen: Pen {
            person: patient,
            now: context.now,
        },
        conflict: context.new_id(RecordConflictId::new)?,
    };
    let resource = access::one(edit.record);
    let audit = context.audit(&caller.session, patient, Action::Update, resource, Why::Own)?;
    match records::push(&context.store, &push, &audit).await {
        Ok(pushed) => Ok(Judged {
            change_id: Some(change.change_id),
            outcome: Some(pushed.outcome),
            version: Some(pushed.version),
            conflict_id: pushed.conflict,
            is_repeated: pushed.is_repeated,
            code: None,
            detail: None,
        }),
        Err(RefusedOr::Refused(why)) => Ok(refused(Some(change.change_id), why.code(), why.to_string())),
        Err(RefusedOr::Store(error)) => Err(error.into()),
    }
}

fn tally(results: &[Judged]) -> Tally {
    let mut tally = Tally::default();
    for result in results {
        let counted = match result.outcome {
            _ if result.is_repeated => &mut tally.repeated,
            Some(Outcome::Applied | Outcome::AlreadySo) => &mut tally.accepted,
            Some(Outcome::Conflict) => &mut tally.conflicts,
            None => &mut tally.rejected,
        };
        *counted += 1;
    }
    tally
}

fn refused(change_id: Option<String>, code: &'static str, detail: String) -> Judged {
    Judged {
        change_id,
        outcome: None,
        version: None,
        conflict_id: None,
        is_repeated: false,
        code: Some(code),
        detail: Some(detail),
    }
}
