//! `POST /api/records/drafts/{id}/sign`: sign an own draft, which makes it a record of its patient that nobody changes.

use domain::audit::{Action, Why};
use domain::notice::Notice;
use runtime::answer::Created;
use runtime::callers::VerifiedDoctor;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::records::{self, Along};

use crate::access;
use crate::draft_answer::Parameters;
use crate::record_answer::{self, RecordAnswer};

pub static FUNCTION: Function = Function::endpoint::<SignRecordDraft>();

pub struct SignRecordDraft;

impl Endpoint for SignRecordDraft {
    const NAME: &'static str = "sign-record-draft";
    const SUMMARY: &'static str = "Sign an own draft, which makes it the patient's record";
    const ROUTES: &'static [Route] = &[Route::post("/api/records/drafts/{id}/sign")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::SIGN;
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = VerifiedDoctor;
    type Input = Path<Parameters>;
    type Output = Created<RecordAnswer>;

    async fn handle(
        context: &Context,
        doctor: VerifiedDoctor,
        Path(path): Path<Parameters>,
    ) -> Result<Self::Output, Problem> {
        let session = &doctor.session;
        let draft = path.find(context, session.user_id).await?;
        let (patient, action, resource) = (draft.patient, Action::Create, access::one(draft.id));
        let along = Along {
            audit: &context.audit(session, patient, action, resource.clone(), Why::Care)?,
            told: &context.tell(patient, Notice::RecordSigned)?,
        };
        let signed = records::sign(&context.store, &draft, along, context.now).await;
        let record = access::written(context, session, (patient, action, resource), signed).await?;
        Ok(Created(record_answer::one(context, record).await?))
    }
}
