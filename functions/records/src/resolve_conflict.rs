//! `POST /api/records/resolve-conflict`: say what an own record is to be, in place of all that was written (contract #111).

use domain::audit::{Action, Why};
use domain::id::RecordId;
use domain::record::{Data, Pen};
use domain::session::Product;
use runtime::answer;
use runtime::callers::SignedIn;
use runtime::input::Json;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::records::{self, Resolution};

use crate::access;
use crate::record_answer::RecordAnswer;

pub static FUNCTION: Function = Function::endpoint::<ResolveConflict>();

pub struct ResolveConflict;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "ConflictResolution")]
pub struct Body {
    record_id: RecordId,
    /// The version that the choice was made with in view: 409 if the record has moved past it.
    #[serde(deserialize_with = "runtime::lenient::number")]
    #[schemars(required, range(min = 1))]
    chosen_version: Option<u64>,
    resolved_data: Data,
}

impl Endpoint for ResolveConflict {
    const NAME: &'static str = "resolve-conflict";
    const SUMMARY: &'static str = "Say what a health record is to be";
    const ROUTES: &'static [Route] = &[Route::post("/api/records/resolve-conflict").of(Product::Telemedicine)];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::WRITE;
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = SignedIn;
    type Input = Json<Body>;
    type Output = answer::Json<RecordAnswer>;

    async fn handle(context: &Context, caller: SignedIn, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        let seen = body.chosen_version.unwrap_or_default();
        domain::record::check_version(seen)?;
        let (id, patient) = (body.record_id, caller.user_id());
        let pen = Pen {
            person: patient,
            now: context.now,
        };
        let resolution = Resolution {
            seen,
            data: body.resolved_data,
        };
        let audit = context.audit(&caller.session, patient, Action::Update, access::one(id), Why::Own)?;
        let record = records::resolve(&context.store, (patient, id), &resolution, pen, &audit).await?;
        Ok(answer::Json(record.into()))
    }
}
