//! `POST /appointments/{id}/reschedule`: give an appointment another time of the same doctor.

use domain::audit::Action;
use domain::refusal::FieldError;
use domain::scheduling::appointment::Appointment;
use domain::scheduling::view::AppointmentView;
use runtime::answer;
use runtime::callers::SignedIn;
use runtime::input::{Json, Path};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::scheduling;

use crate::access::{self, Parameters};
use crate::book_appointment::Time;
use crate::needs;

pub static FUNCTION: Function = Function::endpoint::<RescheduleAppointment>();

pub struct RescheduleAppointment;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "AppointmentMove")]
pub struct Body {
    #[serde(flatten)]
    time: Time,
    /// The version that was seen: 409 if somebody has changed it since.
    #[serde(default, deserialize_with = "runtime::lenient::number")]
    version: Option<u64>,
}

impl Endpoint for RescheduleAppointment {
    const NAME: &'static str = "reschedule-appointment";
    const SUMMARY: &'static str = "Give an appointment another time";
    const ROUTES: &'static [Route] = &[Route::post("/appointments/{id}/reschedule")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &needs::BOOK;
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = SignedIn;
    type Input = (Path<Parameters>, Json<Body>);
    type Output = answer::Json<AppointmentView>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Path(name), Json(body)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let when = body.time.when(context.now)?.ok_or_else(|| {
            Problem::invalid(vec![FieldError::new(
                "body",
                "start",
                "missing",
                "is required, or slot_id",
            )])
        })?;
        let found = access::find(context, &caller.session, &name, Action::Update).await?;
        let appointment = (found.appointment.patient, found.appointment.id);
        let entries = |before: &Appointment, after: &Appointment| {
            let mut entries = context.after_appointment(Some(before), after)?;
            entries.push(found.audit(context, &caller.session, Action::Update)?);
            Ok::<_, Problem>(entries)
        };
        let moved = scheduling::reschedule(&context.store, appointment, body.version, when, context.now, entries);
        Ok(answer::Json(AppointmentView::of(moved.await?, context.now)))
    }
}
