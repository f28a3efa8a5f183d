//! `POST /api/records/drafts`: begin to write a record for a patient, which nobody else sees until it is signed.

use domain::audit::{Action, Why};
use domain::id::{RecordId, UserId};
use domain::record::draft::Draft;
use domain::record::{Data, RecordType};
use runtime::answer::Created;
use runtime::callers::VerifiedDoctor;
use runtime::input::Json;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::records;

use crate::access;
use crate::draft_answer::DraftAnswer;

pub static FUNCTION: Function = Function::endpoint::<CreateRecordDraft>();

pub struct CreateRecordDraft;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "NewRecordDraft")]
pub struct Body {
    /// Drawn by the client, so that it may send again what it has heard no answer to. The record will have it too.
    #[serde(default)]
    id: Option<RecordId>,
    /// Somebody whom the doctor treats, or who lets them see `records`.
    patient_id: UserId,
    /// Any but `vital_sign`.
    record_type: RecordType,
    /// It need not be complete before it is signed.
    data: Data,
}

impl Endpoint for CreateRecordDraft {
    const NAME: &'static str = "create-record-draft";
    const SUMMARY: &'static str = "Begin to write a health record for a patient";
    const ROUTES: &'static [Route] = &[Route::post("/api/records/drafts")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::SIGN;
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = VerifiedDoctor;
    type Input = Json<Body>;
    type Output = Created<DraftAnswer>;

    async fn handle(
        context: &Context,
        doctor: VerifiedDoctor,
        Json(body): Json<Body>,
    ) -> Result<Self::Output, Problem> {
        let (session, patient) = (&doctor.session, body.patient_id);
        let id = match body.id {
            Some(id) => id,
            None => context.new_id(RecordId::new)?,
        };
        let said = (body.record_type, body.data);
        let draft = Draft::new(id, session.user_id, patient, said, context.now)?;
        let (action, resource) = (Action::Create, access::draft(id));
        let audit = context.audit(session, patient, action, resource.clone(), Why::Care)?;
        let made = records::create_draft(&context.store, &draft, &audit).await;
        let made = access::written(context, session, (patient, action, resource), made).await?;
        Ok(Created(made.into()))
    }
}
