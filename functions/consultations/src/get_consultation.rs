//! `GET /api/consultations/{id}`: one consultation, for the two people in it (contract #73).

use domain::audit::{Action, ResourceKind};
use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};

use crate::access::{self, Parameters};
use crate::consultation_answer::{self, ConsultationAnswer};

pub static FUNCTION: Function = Function::endpoint::<GetConsultation>();

pub struct GetConsultation;

impl Endpoint for GetConsultation {
    const NAME: &'static str = "get-consultation";
    const SUMMARY: &'static str = "A consultation";
    const ROUTES: &'static [Route] = &[Route::get("/api/consultations/{id}").of(Product::Telemedicine)];
    /// Whoever waits asks again and again.
    const RATE: RateClass = RateClass::Polling;
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &access::READ;

    type Caller = SignedIn;
    type Input = Path<Parameters>;
    type Output = Json<ConsultationAnswer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        Path(path): Path<Parameters>,
    ) -> Result<Self::Output, Problem> {
        let present = access::must_be_in(context, &caller.session, &path).await?;
        let note = present.note(context, Action::Read, ResourceKind::Consultation)?;
        let answer = consultation_answer::of(context, present.consultation, present.party);
        Ok(Json(context.audited(&note, answer).await?))
    }
}
