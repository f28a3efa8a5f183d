//! `POST /doctors/me/slots`: offer one time apart from the hours (contract #64).

use domain::id::SlotBlock;
use domain::scheduling::SchedulingRefused;
use domain::scheduling::availability::{LONGEST, MOST_SEATS, is_near, minutes};
use domain::session::Product;
use jiff::Timestamp;
use runtime::answer;
use runtime::callers::Doctor;
use runtime::input::Json;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::scheduling::{self, NewSlots};

use crate::needs;
use crate::slot_answer::{SlotAnswer, doctor_number};

pub static FUNCTION: Function = Function::endpoint::<OfferSlot>();

pub struct OfferSlot;

/// A doctor offers their number with it.
pub const NEEDS: [Need; 3] = [needs::OFFER[0], needs::OFFER[1], Need::FieldKeys];

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "NewSlot")]
pub struct Body {
    #[serde(default, deserialize_with = "runtime::lenient::time")]
    #[schemars(with = "String", required)]
    start_datetime: Option<Timestamp>,
    #[serde(default, deserialize_with = "runtime::lenient::time")]
    #[schemars(with = "String", required)]
    end_datetime: Option<Timestamp>,
    /// Patients who may be there at once; 1 without it.
    #[serde(default, deserialize_with = "runtime::lenient::number")]
    seats: Option<u16>,
}

/// A time ahead that slots may lie in.
pub struct Span {
    pub from: Timestamp,
    pub until: Timestamp,
    pub seats: u16,
}

impl Body {
    pub fn span(&self, now: Timestamp) -> Result<Span, SchedulingRefused> {
        let invalid = |field, rule| SchedulingRefused::Invalid { field, rule };
        let whole = |at: Timestamp| Timestamp::from_second(at.as_second()).unwrap_or(at);
        let from = self.start_datetime.ok_or(invalid("start_datetime", "is required"))?;
        let until = self.end_datetime.ok_or(invalid("end_datetime", "is required"))?;
        let (from, until) = (whole(from), whole(until));
        if until <= from {
            return Err(invalid("end_datetime", "must be after start_datetime"));
        }
        if from <= now {
            return Err(invalid("start_datetime", "must lie in the future"));
        }
        if !is_near(until, now) {
            return Err(invalid("end_datetime", "must be within ten years"));
        }
        let seats = self.seats.unwrap_or(1);
        if !(1..=MOST_SEATS).contains(&seats) {
            return Err(invalid("seats", "must be from 1 to 100"));
        }
        Ok(Span { from, until, seats })
    }
}

impl Endpoint for OfferSlot {
    const NAME: &'static str = "offer-slot";
    const SUMMARY: &'static str = "Offer one time slot";
    const ROUTES: &'static [Route] = &[Route::post("/doctors/me/slots").of(Product::Derma)];
    const NEEDS: &'static [Need] = &NEEDS;

    type Caller = Doctor;
    type Input = Json<Body>;
    type Output = answer::Json<SlotAnswer>;

    async fn handle(context: &Context, caller: Doctor, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        let span = body.span(context.now)?;
        let length = span.until.duration_since(span.from);
        if length > minutes(LONGEST) {
            return Err(SchedulingRefused::Invalid {
                field: "end_datetime",
                rule: "must be at most a day after start_datetime",
            }
            .into());
        }
        let new = NewSlots {
            block: SlotBlock::from_random(context.random()?),
            from: span.from,
            length,
            count: 1,
            seats: span.seats,
        };
        let doctor = caller.user_id();
        let number = doctor_number(context, doctor).await?;
        let slots = scheduling::offer(&context.store, doctor, &new).await?;
        let slot = slots.first().ok_or_else(|| Problem::internal("no slot was made"))?;
        Ok(answer::Json(SlotAnswer::free(slot, number)))
    }
}
