//! `POST /appointments`: book a doctor at a chosen time, in a slot, or as soon as may be; or hold that time for five minutes.

use domain::id::{SlotNumber, UserId};
use domain::refusal::FieldError;
use domain::scheduling::appointment::{HELD, checked_reason};
use domain::scheduling::availability::{LONGEST_VISIT, SHORTEST_VISIT, is_near};
use domain::scheduling::view::AppointmentView;
use jiff::Timestamp;
use runtime::answer::Created;
use runtime::callers::SignedIn;
use runtime::input::Json;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::scheduling::{self, When};

use crate::booking::Desk;
use crate::needs;

pub static FUNCTION: Function = Function::endpoint::<BookAppointment>();

pub struct BookAppointment;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "NewAppointment")]
pub struct Body {
    /// Not needed with a slot, and with none it is the first who is free.
    #[serde(default)]
    doctor_id: Option<UserId>,
    #[serde(flatten)]
    time: Time,
    /// Among doctors of this specialization, where none is named.
    #[serde(default)]
    specialization: Option<String>,
    /// Whoever was let in names the patient.
    #[serde(default)]
    patient_id: Option<UserId>,
    /// Not booked yet, but kept free for five minutes.
    #[serde(default, deserialize_with = "runtime::lenient::boolean")]
    hold: Option<bool>,
    /// What it is about, for the doctor; at most 1,000 characters.
    #[serde(default)]
    reason: Option<String>,
}

/// A moment, a slot, or the first that is free.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "ChosenTime")]
pub struct Time {
    #[serde(default, deserialize_with = "runtime::lenient::time")]
    #[schemars(with = "Option<String>")]
    start: Option<Timestamp>,
    #[serde(default, deserialize_with = "runtime::lenient::number")]
    #[schemars(with = "Option<SlotNumber>")]
    slot_id: Option<SlotNumber>,
    /// Minutes; the doctor's usual length without it.
    #[serde(default, deserialize_with = "runtime::lenient::number")]
    #[schemars(range(min = 5, max = 240))]
    duration: Option<u16>,
}

impl Time {
    /// None: the first that is free.
    pub fn when(&self, now: Timestamp) -> Result<Option<When>, Problem> {
        let invalid = |field, rule| Problem::invalid(vec![FieldError::new("body", field, "invalid", rule)]);
        let is_length = |minutes: u16| (SHORTEST_VISIT..=LONGEST_VISIT).contains(&minutes);
        if !self.duration.is_none_or(is_length) {
            return Err(invalid("duration", "must be from 5 to 240"));
        }
        if !self.start.is_none_or(|start| is_near(start, now)) {
            return Err(invalid("start", "must be within ten years"));
        }
        match (self.slot_id, self.start) {
            (Some(slot), _) => Ok(Some(When::Slot(slot))),
            (None, Some(from)) => Ok(Some(When::At {
                from: Timestamp::from_second(from.as_second()).unwrap_or(from),
                minutes: self.duration,
            })),
            (None, None) if self.duration.is_some() => Err(invalid("start", "is required with a duration")),
            (None, None) => Ok(None),
        }
    }
}

impl Endpoint for BookAppointment {
    const NAME: &'static str = "book-appointment";
    const SUMMARY: &'static str = "Book or hold a time of a doctor";
    const ROUTES: &'static [Route] = &[Route::post("/appointments")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &needs::BOOK;
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = SignedIn;
    type Input = Json<Body>;
    type Output = Created<AppointmentView>;

    async fn handle(context: &Context, caller: SignedIn, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        let when = body.time.when(context.now)?;
        let reason = checked_reason(body.reason)?;
        let desk = Desk::open(context, &caller.session, body.patient_id).await?;
        let hold = body.hold.unwrap_or(false).then_some(HELD);
        let booking = desk.booking(hold, reason);
        let entries = |appointment: &_| desk.entries(appointment);
        let (store, doctor) = (&context.store, body.doctor_id);
        let appointment = match when {
            Some(when) => scheduling::book::<Problem>(store, &booking, doctor, when, entries).await?,
            None => {
                let wanted = body.specialization.as_deref();
                scheduling::book_first::<Problem>(store, &booking, doctor, wanted, entries).await?
            }
        };
        Ok(Created(desk.answer(appointment)))
    }
}
