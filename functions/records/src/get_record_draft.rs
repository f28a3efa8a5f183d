//! `GET /api/records/drafts/{id}`: one of a doctor's own drafts.

use domain::audit::{Action, Why};
use runtime::answer::Json;
use runtime::callers::VerifiedDoctor;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::outbox;
use store::table::{ItemAction, Table};

use crate::access;
use crate::draft_answer::{DraftAnswer, Parameters};

pub static FUNCTION: Function = Function::endpoint::<GetRecordDraft>();

pub struct GetRecordDraft;

impl Endpoint for GetRecordDraft {
    const NAME: &'static str = "get-record-draft";
    const SUMMARY: &'static str = "An own draft of a patient's health record";
    const ROUTES: &'static [Route] = &[Route::get("/api/records/drafts/{id}")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &[Need::Items(Table::Records, &[ItemAction::Get]), Need::FieldKeys];

    type Caller = VerifiedDoctor;
    type Input = Path<Parameters>;
    type Output = Json<DraftAnswer>;

    async fn handle(
        context: &Context,
        doctor: VerifiedDoctor,
        Path(path): Path<Parameters>,
    ) -> Result<Self::Output, Problem> {
        // The author's own words, also when the patient has gone to somebody else.
        let draft = path.find(context, doctor.session.user_id).await?;
        let (patient, resource) = (draft.patient, access::draft(draft.id));
        let note = context.audit(&doctor.session, patient, Action::Read, resource, Why::Care)?;
        outbox::add(&context.store, &note).await?;
        Ok(Json(draft.into()))
    }
}
