//! `GET /appointments/{id}`: one appointment, for the two people in it and whoever the patient lets in.

use domain::audit::Action;
use domain::scheduling::view::AppointmentView;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::outbox;

use crate::access::{self, Parameters};
use crate::needs;

pub static FUNCTION: Function = Function::endpoint::<GetAppointment>();

pub struct GetAppointment;

impl Endpoint for GetAppointment {
    const NAME: &'static str = "get-appointment";
    const SUMMARY: &'static str = "One appointment";
    const ROUTES: &'static [Route] = &[Route::get("/appointments/{id}")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &needs::READ;

    type Caller = SignedIn;
    type Input = Path<Parameters>;
    type Output = Json<AppointmentView>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        Path(name): Path<Parameters>,
    ) -> Result<Self::Output, Problem> {
        let found = access::find(context, &caller.session, &name, Action::Read).await?;
        let note = found.audit(context, &caller.session, Action::Read)?;
        outbox::add(&context.store, &note).await?;
        Ok(Json(AppointmentView::of(found.appointment, context.now)))
    }
}
