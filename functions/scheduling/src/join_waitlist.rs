//! `POST /waitlist`: wait for a time of a doctor that becomes free. It is offered to one after the other, held for a quarter of an
//! hour each, as an appointment to confirm.

use domain::audit::Action;
use domain::id::{UserId, WaitingId};
use domain::refusal::FieldError;
use domain::scheduling::availability::is_near;
use domain::scheduling::waiting::Waiting;
use jiff::{SignedDuration, Timestamp};
use runtime::answer::Created;
use runtime::callers::SignedIn;
use runtime::input::Json;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::scheduling::waitlist;

use crate::access;
use crate::needs;
use crate::waiting_answer::WaitingAnswer;

pub static FUNCTION: Function = Function::endpoint::<JoinWaitlist>();

pub struct JoinWaitlist;

const USUAL: SignedDuration = SignedDuration::from_hours(30 * 24);

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "NewWaiting")]
pub struct Body {
    doctor_id: UserId,
    /// Whoever was let in names the patient.
    #[serde(default)]
    patient_id: Option<UserId>,
    /// When the visit may begin at the earliest; now without it.
    #[serde(default, deserialize_with = "runtime::lenient::time")]
    #[schemars(with = "Option<String>")]
    from: Option<Timestamp>,
    /// And before when; within thirty days without it.
    #[serde(default, deserialize_with = "runtime::lenient::time")]
    #[schemars(with = "Option<String>")]
    to: Option<Timestamp>,
}

impl Body {
    fn time(&self, now: Timestamp) -> Result<(Timestamp, Timestamp), Problem> {
        let invalid = |field, rule| Problem::invalid(vec![FieldError::new("body", field, "invalid", rule)]);
        for (field, moment) in [("from", self.from), ("to", self.to)] {
            if !moment.is_none_or(|moment| is_near(moment, now)) {
                return Err(invalid(field, "must be within ten years"));
            }
        }
        let from = self.from.unwrap_or(now).max(now);
        let until = self.to.unwrap_or(from + USUAL);
        match from < until {
            true => Ok((from, until)),
            false => Err(invalid("to", "must be after from, and in the future")),
        }
    }
}

impl Endpoint for JoinWaitlist {
    const NAME: &'static str = "join-waitlist";
    const SUMMARY: &'static str = "Wait for a time of a doctor that becomes free";
    const ROUTES: &'static [Route] = &[Route::post("/waitlist")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &needs::BOOK;

    type Caller = SignedIn;
    type Input = Json<Body>;
    type Output = Created<WaitingAnswer>;

    async fn handle(context: &Context, caller: SignedIn, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        let session = &caller.session;
        let patient = access::patient(context, session, body.patient_id, Action::Create, access::all()).await?;
        let (from, until) = body.time(context.now)?;
        let waiting = Waiting {
            id: context.new_id(WaitingId::new)?,
            patient: patient.id,
            doctor: body.doctor_id,
            from,
            until,
            joined_at: context.now,
            joined_by: session.user_id,
            offered_until: None,
        };
        let audit = context.audit(session, patient.id, Action::Create, access::all(), patient.why)?;
        waitlist::join(&context.store, &waiting, &audit).await?;
        Ok(Created(waiting.into()))
    }
}
