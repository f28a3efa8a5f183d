//! `POST /api/consultations/{id}/end`: end a consultation; ending it twice changes nothing (contract #75).

use domain::audit::{Action, ResourceKind};
use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::consultations;
use store::outbox::Errand;

use crate::access::{self, Parameters};
use crate::consultation_answer::Done;
use crate::telling;

pub static FUNCTION: Function = Function::endpoint::<EndConsultation>();

pub struct EndConsultation;

impl Endpoint for EndConsultation {
    const NAME: &'static str = "end-consultation";
    const SUMMARY: &'static str = "End a consultation";
    const ROUTES: &'static [Route] = &[Route::post("/api/consultations/{id}/end").of(Product::Telemedicine)];
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
        let removal = context.entry(Errand::RemoveSignals {
            patient,
            consultation: id,
        })?;
        let ended = |seen: &_| Ok(domain::consultation::Consultation::ended(seen, context.now));
        let call = consultations::change(&context.store, patient, id, ended, &[note, removal]).await?;
        telling::end(context, &call).await;
        Ok(Json(Done {
            message: "Consultation ended successfully",
            status: call.status_at(context.now),
        }))
    }
}
