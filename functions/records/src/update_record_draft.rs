//! `PUT /api/records/drafts/{id}`: change what an own draft says, as a whole.

use domain::audit::{Action, Why};
use domain::record::Data;
use runtime::answer;
use runtime::callers::VerifiedDoctor;
use runtime::input::{Json, Path};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::records;

use crate::access;
use crate::draft_answer::{DraftAnswer, Parameters};

pub static FUNCTION: Function = Function::endpoint::<UpdateRecordDraft>();

pub struct UpdateRecordDraft;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "RecordDraftChange")]
pub struct Body {
    /// The version that it was made from: 409 if the draft has moved past it.
    base_version: u64,
    data: Data,
}

impl Endpoint for UpdateRecordDraft {
    const NAME: &'static str = "update-record-draft";
    const SUMMARY: &'static str = "Change an own draft of a patient's health record";
    const ROUTES: &'static [Route] = &[Route::put("/api/records/drafts/{id}")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::SIGN;
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = VerifiedDoctor;
    type Input = (Path<Parameters>, Json<Body>);
    type Output = answer::Json<DraftAnswer>;

    async fn handle(
        context: &Context,
        doctor: VerifiedDoctor,
        (Path(path), Json(body)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let session = &doctor.session;
        let found = path.find(context, session.user_id).await?;
        let (patient, action, resource) = (found.patient, Action::Update, access::draft(found.id));
        let audit = context.audit(session, patient, action, resource.clone(), Why::Care)?;
        let change = (body.base_version, body.data);
        let changed = records::change_draft(&context.store, &found, change, &audit, context.now).await;
        let changed = access::written(context, session, (patient, action, resource), changed).await?;
        Ok(answer::Json(changed.into()))
    }
}
