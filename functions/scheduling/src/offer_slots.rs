//! `POST /doctors/me/slots-range`: offer slots of half an hour over a range, all or none (contract #66).

use domain::id::SlotBlock;
use domain::scheduling::SchedulingRefused;
use domain::session::Product;
use jiff::SignedDuration;
use runtime::answer;
use runtime::callers::Doctor;
use runtime::input::Json;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::scheduling::{self, NewSlots};

use crate::offer_slot::{self, Body};
use crate::slot_answer::{SlotAnswer, doctor_number};

pub static FUNCTION: Function = Function::endpoint::<OfferSlots>();

pub struct OfferSlots;

const LENGTH: SignedDuration = SignedDuration::from_mins(30);
const LONGEST_RANGE: SignedDuration = SignedDuration::from_hours(31 * 24);

impl Endpoint for OfferSlots {
    const NAME: &'static str = "offer-slots";
    const SUMMARY: &'static str = "Offer slots of half an hour over a range";
    const ROUTES: &'static [Route] = &[Route::post("/doctors/me/slots-range").of(Product::Derma)];
    const NEEDS: &'static [Need] = &offer_slot::NEEDS;

    type Caller = Doctor;
    type Input = Json<Body>;
    type Output = answer::Json<Vec<SlotAnswer>>;

    async fn handle(context: &Context, caller: Doctor, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        let span = body.span(context.now)?;
        let length = span.until.duration_since(span.from);
        let invalid = |rule| SchedulingRefused::Invalid {
            field: "end_datetime",
            rule,
        };
        if length > LONGEST_RANGE {
            return Err(invalid("must be at most 31 days after start_datetime").into());
        }
        // Whole ones only.
        let count = u16::try_from(length.as_secs() / LENGTH.as_secs()).unwrap_or(0);
        if count == 0 {
            return Err(invalid("must be at least 30 minutes after start_datetime").into());
        }
        let new = NewSlots {
            block: SlotBlock::from_random(context.random()?),
            from: span.from,
            length: LENGTH,
            count,
            seats: span.seats,
        };
        let doctor = caller.user_id();
        let number = doctor_number(context, doctor).await?;
        let slots = scheduling::offer(&context.store, doctor, &new).await?;
        let answers = slots.iter().map(|slot| SlotAnswer::free(slot, number));
        Ok(answer::Json(answers.collect()))
    }
}
