//! `POST /api/consultations/{id}/admit`: let the patient's side in from the waiting room.

use domain::audit::{Action, ResourceKind};
use domain::consultation::{Consultation, ConsultationRefused, Party};
use runtime::answer::Json;
use runtime::callers::VerifiedDoctor;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::consultations;

use crate::access::{self, Parameters};
use crate::consultation_answer::Done;
use crate::telling;

pub static FUNCTION: Function = Function::endpoint::<AdmitToConsultation>();

pub struct AdmitToConsultation;

impl Endpoint for AdmitToConsultation {
    const NAME: &'static str = "admit-to-consultation";
    const SUMMARY: &'static str = "Let the patient in from the waiting room";
    const ROUTES: &'static [Route] = &[Route::post("/api/consultations/{id}/admit")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::TELL;

    type Caller = VerifiedDoctor;
    type Input = Path<Parameters>;
    type Output = Json<Done>;

    async fn handle(
        context: &Context,
        caller: VerifiedDoctor,
        Path(path): Path<Parameters>,
    ) -> Result<Self::Output, Problem> {
        let present = access::must_be_in(context, &caller.session, &path).await?;
        // A doctor who is the patient here admits nobody.
        if present.party != Party::Doctor {
            return Err(ConsultationRefused::NotFound.into());
        }
        let (patient, id) = (present.patient(), present.id());
        let note = present.note(context, Action::Update, ResourceKind::Consultation)?;
        let open = |seen: &Consultation| seen.admitted(context.now);
        let call = consultations::change(&context.store, patient, id, open, &[note]).await?;
        telling::change(context, &call).await;
        Ok(Json(Done {
            message: "Patient admitted",
            status: call.status_at(context.now),
        }))
    }
}
