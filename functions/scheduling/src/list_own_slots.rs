//! `GET /doctors/me/slots`: the own slots that are free and begin later, by their beginning (contract #65).

use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::Doctor;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::scheduling;
use store::table::{ItemAction, Table};

use crate::slot_answer::{SlotAnswer, doctor_number};

pub static FUNCTION: Function = Function::endpoint::<ListOwnSlots>();

pub struct ListOwnSlots;

/// As many as can be offered at once.
const MOST: usize = 1_500;

impl Endpoint for ListOwnSlots {
    const NAME: &'static str = "list-own-slots";
    const SUMMARY: &'static str = "The own slots that are free, the next first";
    const ROUTES: &'static [Route] = &[Route::get("/doctors/me/slots").of(Product::Derma)];
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Scheduling, &[ItemAction::Query]),
        Need::Items(Table::Identity, &[ItemAction::Get]),
        Need::FieldKeys,
    ];

    type Caller = Doctor;
    type Input = ();
    type Output = Json<Vec<SlotAnswer>>;

    async fn handle(context: &Context, caller: Doctor, (): ()) -> Result<Self::Output, Problem> {
        let doctor = caller.user_id();
        let number = doctor_number(context, doctor).await?;
        let slots = scheduling::own_free_slots(&context.store, doctor, context.now, MOST).await?;
        Ok(Json(slots.iter().map(|slot| SlotAnswer::free(slot, number)).collect()))
    }
}
