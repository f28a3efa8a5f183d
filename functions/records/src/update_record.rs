//! `PUT /api/records/{id}`: change some members of an own record (contract #109).

use domain::audit::{Action, Why};
use domain::record::{Data, Pen, Record, RecordRefused};
use domain::refusal::FieldError;
use domain::session::Product;
use runtime::answer;
use runtime::callers::SignedIn;
use runtime::input::{Json, Path, Query};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route, lenient};
use schemars::JsonSchema;
use serde::Deserialize;
use store::records;

use crate::access;
use crate::record_answer::{Parameters, RecordAnswer};

pub static FUNCTION: Function = Function::endpoint::<UpdateRecord>();

pub struct UpdateRecord;

const VERSION: &str = "client_version";

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "RecordVersionChoice")]
pub struct Choice {
    /// Above the version that is here. Also taken in the body.
    #[serde(default, deserialize_with = "lenient::number")]
    #[schemars(required)]
    client_version: Option<u64>,
}

impl Endpoint for UpdateRecord {
    const NAME: &'static str = "update-record";
    const SUMMARY: &'static str = "Change some members of an own health record";
    const ROUTES: &'static [Route] = &[Route::put("/api/records/{id}").of(Product::Telemedicine)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::WRITE;
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = SignedIn;
    type Input = (Path<Parameters>, (Query<Choice>, Json<Data>));
    type Output = answer::Json<RecordAnswer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Path(path), (Query(choice), Json(mut changes))): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let (id, patient) = (path.record()?, caller.user_id());
        let in_body = changes.remove(VERSION).and_then(|value| lenient::number(value).ok()?);
        let version = choice.client_version.or(in_body).filter(|version| *version >= 1);
        let version = version.ok_or_else(|| {
            let rule = "must be a whole number of at least 1";
            Problem::invalid(vec![FieldError::new("query", VERSION, "missing", rule)])
        })?;
        let pen = Pen {
            person: patient,
            now: context.now,
        };
        let merged = |seen: Option<&Record>| {
            let seen = seen.filter(|seen| !seen.is_erased).ok_or(RecordRefused::NotFound)?;
            seen.merged(changes.clone(), version, pen).map(Some)
        };
        let audit = context.audit(&caller.session, patient, Action::Update, access::one(id), Why::Own)?;
        let record = records::change(&context.store, patient, id, merged, &audit).await?;
        Ok(answer::Json(record.into()))
    }
}
