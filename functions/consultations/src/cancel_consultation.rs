//! `POST /api/consultations/{id}/cancel`: call a consultation off before it begins; twice changes nothing.

use domain::audit::{Action, ResourceKind};
use domain::consultation::Consultation;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::consultations;

use crate::access::{self, Parameters};
use crate::consultation_answer::Done;
use crate::telling;

pub static FUNCTION: Function = Function::endpoint::<CancelConsultation>();

pub struct CancelConsultation;

impl Endpoint for CancelConsultation {
    const NAME: &'static str = "cancel-consultation";
    const SUMMARY: &'static str = "Call a consultation off before it begins";
    const ROUTES: &'static [Route] = &[Route::post("/api/consultations/{id}/cancel")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::TELL;

    type Caller = SignedIn;
    type Input = Path<Parameters>;
    type Output = Json<Done>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        Path(path): Path<Parameters>,
    ) -> Result<Self::Output, Problem> {
        let present = access::must_be_in(context, &caller.session, &path).await?;
        let (patient, id) = (present.patient(), present.id());
        let note = present.note(context, Action::Update, ResourceKind::Consultation)?;
        let off = |seen: &Consultation| seen.cancelled(context.now);
        let call = consultations::change(&context.store, patient, id, off, &[note]).await?;
        telling::end(context, &call).await;
        Ok(Json(Done {
            message: "Consultation cancelled",
            status: call.status_at(context.now),
        }))
    }
}
