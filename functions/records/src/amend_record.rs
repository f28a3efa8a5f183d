//! `POST /api/records/{id}/amend`: change what a doctor has signed, or withdraw it, by a further signed version.

use domain::audit::{Action, Why};
use domain::notice::Notice;
use domain::record::signature::Amendment;
use domain::record::{Data, RecordRefused};
use runtime::answer;
use runtime::callers::VerifiedDoctor;
use runtime::input::{Json, Path, Query};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::records::{self, Along};

use crate::access::{self, Whose};
use crate::record_answer::{self, Parameters, RecordAnswer};

pub static FUNCTION: Function = Function::endpoint::<AmendRecord>();

pub struct AmendRecord;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "RecordAmendment")]
pub struct Body {
    /// The version that it was made from: 409 if the record has moved past it.
    base_version: u64,
    /// 1 to 1,000 characters.
    reason: String,
    /// What the record is to say as a whole; or
    #[serde(default)]
    data: Option<Data>,
    /// that it was entered in error. It still says what it said, and is not amended any more.
    #[serde(default)]
    withdraw: bool,
}

impl Endpoint for AmendRecord {
    const NAME: &'static str = "amend-record";
    const SUMMARY: &'static str = "Amend or withdraw a health record that a doctor has signed";
    const ROUTES: &'static [Route] = &[Route::post("/api/records/{id}/amend")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::SIGN;
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = VerifiedDoctor;
    type Input = ((Path<Parameters>, Query<Whose>), Json<Body>);
    type Output = answer::Json<RecordAnswer>;

    async fn handle(
        context: &Context,
        doctor: VerifiedDoctor,
        ((Path(path), Query(whose)), Json(body)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let (session, id) = (&doctor.session, path.record()?);
        let patient = whose.patient_id.ok_or(RecordRefused::NotFound)?;
        let amendment = Amendment::new(body.base_version, body.data, body.withdraw, &body.reason)?;
        let (action, resource) = (Action::Update, access::one(id));
        let along = Along {
            audit: &context.audit(session, patient, action, resource.clone(), Why::Care)?,
            told: &context.tell(patient, Notice::RecordAmended)?,
        };
        let place = (patient, id);
        let amended = records::amend(&context.store, place, &amendment, session.user_id, along, context.now).await;
        let record = access::written(context, session, (patient, action, resource), amended).await?;
        Ok(answer::Json(record_answer::one(context, record).await?))
    }
}
