//! `DELETE /api/records/drafts/{id}`: throw an own draft away.

use domain::audit::{Action, Why};
use runtime::answer::NoContent;
use runtime::callers::VerifiedDoctor;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::records;
use store::table::{ItemAction, Table};

use crate::access;
use crate::draft_answer::Parameters;

pub static FUNCTION: Function = Function::endpoint::<DeleteRecordDraft>();

pub struct DeleteRecordDraft;

impl Endpoint for DeleteRecordDraft {
    const NAME: &'static str = "delete-record-draft";
    const SUMMARY: &'static str = "Throw an own draft of a patient's health record away";
    const ROUTES: &'static [Route] = &[Route::delete("/api/records/drafts/{id}")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Records, &[ItemAction::Get, ItemAction::Delete]),
        Need::FieldKeys,
    ];

    type Caller = VerifiedDoctor;
    type Input = Path<Parameters>;
    type Output = NoContent;

    async fn handle(
        context: &Context,
        doctor: VerifiedDoctor,
        Path(path): Path<Parameters>,
    ) -> Result<Self::Output, Problem> {
        let draft = path.find(context, doctor.session.user_id).await?;
        let (patient, resource) = (draft.patient, access::draft(draft.id));
        let audit = context.audit(&doctor.session, patient, Action::Delete, resource, Why::Care)?;
        records::remove_draft(&context.store, &draft, &audit).await?;
        Ok(NoContent)
    }
}
