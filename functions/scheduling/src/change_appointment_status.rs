//! `POST /appointments/{id}/status`: confirm, check in, start, complete, cancel, or note that nobody came.

use domain::audit::Action;
use domain::scheduling::appointment::{Appointment, Side, Status, Step, checked_reason};
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
use crate::needs;

pub static FUNCTION: Function = Function::endpoint::<ChangeAppointmentStatus>();

pub struct ChangeAppointmentStatus;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "AppointmentStatusChange")]
pub struct Body {
    /// `scheduled` confirms what is held; what was held for too long, where it can still be booked.
    status: Status,
    /// The version that was seen: 409 if somebody has changed it since.
    #[serde(default, deserialize_with = "runtime::lenient::number")]
    version: Option<u64>,
    /// Of a cancellation; at most 1,000 characters.
    #[serde(default)]
    reason: Option<String>,
}

impl Endpoint for ChangeAppointmentStatus {
    const NAME: &'static str = "change-appointment-status";
    const SUMMARY: &'static str = "Confirm, check in, start, complete or cancel an appointment";
    const ROUTES: &'static [Route] = &[Route::post("/appointments/{id}/status")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &needs::BOOK;

    type Caller = SignedIn;
    type Input = (Path<Parameters>, Json<Body>);
    type Output = answer::Json<AppointmentView>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        (Path(name), Json(body)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let step_reason = checked_reason(body.reason)?;
        let found = access::find(context, &caller.session, &name, Action::Update).await?;
        let step = Step {
            to: body.status,
            by: found.side,
            reason: step_reason,
        };
        let appointment = (found.appointment.patient, found.appointment.id);
        let rule = |seen: &Appointment| seen.stepped(&step, context.now).map(Some);
        let entries = |before: &Appointment, after: &Appointment| {
            let mut entries = context.after_appointment(Some(before), after)?;
            entries.push(found.audit(context, &caller.session, Action::Update)?);
            Ok::<_, Problem>(entries)
        };
        let (store, now) = (&context.store, context.now);
        let is_late = step.to == Status::Scheduled && found.appointment.status_at(now) == Status::Expired;
        let changed = match is_late && found.side == Side::Patient {
            true => scheduling::confirm_late(store, appointment, body.version, now, entries).await,
            false => scheduling::change(store, appointment, body.version, now, rule, entries).await,
        };
        Ok(answer::Json(AppointmentView::of(changed?, now)))
    }
}
