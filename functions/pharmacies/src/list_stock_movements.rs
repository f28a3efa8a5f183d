//! `GET /api/pharmacy/{id}/movements`: what was done with a medicine, lot after lot, oldest first.

use domain::id::{ReservationId, StockMovementId, UserId};
use domain::pharmacy::lot::LotCode;
use domain::pharmacy::medicine::MedicineName;
use domain::pharmacy::movement::{Kind, LedgerLine};
use jiff::Timestamp;
use runtime::answer::Json;
use runtime::callers::DoctorOrAdmin;
use runtime::input::{Path, Query};
use runtime::need::Need;
use runtime::paging::Paging;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{Page, PageRequest, pharmacies};

use crate::access::Parameters;
use crate::needs;

pub static FUNCTION: Function = Function::endpoint::<ListStockMovements>();

pub struct ListStockMovements;

#[derive(Deserialize, JsonSchema)]
pub struct Which {
    medicine_name: String,
    /// All lots without it.
    #[serde(default)]
    lot: Option<LotCode>,
}

/// A line in the ledger of a lot; it does not say who was given what.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "LedgerLine")]
pub struct LineAnswer {
    movement_id: StockMovementId,
    kind: Kind,
    medicine_name: MedicineName,
    lot: LotCode,
    /// By how much more or less is free: the sum over all lines is what there is.
    change: i64,
    /// By how much more or less is reserved.
    reserved_change: i64,
    /// Of those who run the pharmacy; null where a patient or the time did it.
    by: Option<UserId>,
    reservation_id: Option<ReservationId>,
    reason: Option<String>,
    #[schemars(with = "String")]
    at: Timestamp,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "LedgerLines")]
pub struct Answer {
    movements: Vec<LineAnswer>,
    /// For the next page; null on the last.
    next_cursor: Option<String>,
}

impl Endpoint for ListStockMovements {
    const NAME: &'static str = "list-stock-movements";
    const SUMMARY: &'static str = "What was done with a medicine at a pharmacy";
    const ROUTES: &'static [Route] = &[Route::get("/api/pharmacy/{id}/movements")];
    const NEEDS: &'static [Need] = &needs::READ;

    type Caller = DoctorOrAdmin;
    type Input = (Path<Parameters>, (Query<Which>, Query<Paging>));
    type Output = Json<Answer>;

    async fn handle(
        context: &Context,
        caller: DoctorOrAdmin,
        (Path(path), (Query(which), Query(paging))): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let medicine = MedicineName::new("medicine_name", &which.medicine_name)?;
        let pharmacy = path.find_to_stock(context, &caller.session).await?;
        let (of, request) = ((&medicine, which.lot.as_ref()), PageRequest::from(paging));
        let Page { items, next } = pharmacies::ledger(&context.store, pharmacy.id, of, &request).await?;
        Ok(Json(Answer {
            movements: items.into_iter().map(LineAnswer::from).collect(),
            next_cursor: next.map(|cursor| cursor.to_string()),
        }))
    }
}

impl From<LedgerLine> for LineAnswer {
    fn from(line: LedgerLine) -> Self {
        Self {
            movement_id: line.movement,
            kind: line.kind,
            medicine_name: line.medicine,
            lot: line.lot,
            change: line.free,
            reserved_change: line.held,
            by: line.by,
            reservation_id: line.reservation,
            reason: line.reason,
            at: line.at,
        }
    }
}
