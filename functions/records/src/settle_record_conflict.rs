//! `POST /api/records/{id}/conflicts/{conflict_id}`: decide which side of a conflict over an own record is kept.

use domain::audit::{Action, Why};
use domain::id::RecordConflictId;
use domain::record::conflict::{Decision, Kept};
use domain::record::{Data, Pen, RecordRefused};
use runtime::answer;
use runtime::callers::SignedIn;
use runtime::input::{Json, Path};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::records;

use crate::access;
use crate::record_answer::RecordAnswer;

pub static FUNCTION: Function = Function::endpoint::<SettleRecordConflict>();

pub struct SettleRecordConflict;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "RecordConflictName")]
pub struct Parameters {
    id: String,
    conflict_id: String,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "ConflictDecision")]
pub struct Body {
    keep: Kept,
    /// The version of the record that the choice was made with in view: 409 if it has moved past it.
    version: u64,
    /// What is made of both, to be kept as `merged`.
    #[serde(default)]
    data: Option<Data>,
}

impl Endpoint for SettleRecordConflict {
    const NAME: &'static str = "settle-record-conflict";
    const SUMMARY: &'static str = "Decide a conflict over an own health record";
    const ROUTES: &'static [Route] = &[Route::post("/api/records/{id}/conflicts/{conflict_id}")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::WRITE;
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = SignedIn;
    type Input = (Path<Parameters>, Json<Body>);
    type Output = answer::Json<RecordAnswer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Path(path), Json(body)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let patient = caller.user_id();
        let record = path.id.parse().map_err(|_| RecordRefused::NotFound)?;
        let id: RecordConflictId = path.conflict_id.parse().map_err(|_| RecordRefused::ConflictNotFound)?;
        let found = records::get_conflict(&context.store, patient, record, id).await?;
        let conflict = found.ok_or(RecordRefused::ConflictNotFound)?;
        let decision = Decision {
            seen: body.version,
            kept: body.keep,
            merged: body.data,
        };
        let pen = Pen {
            person: patient,
            now: context.now,
        };
        let audit = context.audit(&caller.session, patient, Action::Update, access::one(record), Why::Own)?;
        let record = records::settle(&context.store, &conflict, &decision, pen, &audit).await?;
        Ok(answer::Json(record.into()))
    }
}
