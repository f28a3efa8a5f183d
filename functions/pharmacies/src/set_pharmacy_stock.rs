//! `PUT /api/pharmacy/{id}/stock`: say how much there is of a medicine (contract #115).

use domain::id::{OutboxId, ShelfId, StockMovementId};
use domain::pharmacy::PharmacyRefused;
use domain::pharmacy::lot;
use domain::pharmacy::medicine::MedicineName;
use domain::session::Product;
use runtime::answer;
use runtime::callers::DoctorOrAdmin;
use runtime::input::{Json, Path};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::pharmacies::{self, Setting};

use crate::access::Parameters;
use crate::needs;
use crate::stock_answer::{LabelBody, StockAnswer};

pub static FUNCTION: Function = Function::endpoint::<SetPharmacyStock>();

pub struct SetPharmacyStock;

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "StockToSet")]
pub struct Body {
    medicine_name: String,
    /// All that can be given out and is not reserved: this sets, and does not add. Lots that have expired or were recalled are
    /// none of it.
    #[serde(default, deserialize_with = "runtime::lenient::number")]
    #[schemars(with = "u64", required)]
    quantity: Option<u64>,
    #[serde(flatten)]
    label: LabelBody,
    /// Of packs whose lot nobody knows: the last day on which they are given out, or the month.
    #[serde(default)]
    expiry_date: Option<String>,
    /// The version of the stock that it was counted over: 409 if it has changed since.
    #[serde(default, deserialize_with = "runtime::lenient::number")]
    expected_version: Option<u64>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "StockSet")]
pub struct Answer {
    message: &'static str,
    stock: StockAnswer,
}

impl Endpoint for SetPharmacyStock {
    const NAME: &'static str = "set-pharmacy-stock";
    const SUMMARY: &'static str = "Say how much there is of a medicine";
    const ROUTES: &'static [Route] = &[Route::put("/api/pharmacy/{id}/stock").of(Product::Telemedicine)];
    const NEEDS: &'static [Need] = &needs::MOVE;
    const TIMEOUT_SECONDS: u16 = 29;

    type Caller = DoctorOrAdmin;
    type Input = (Path<Parameters>, Json<Body>);
    type Output = answer::Json<Answer>;

    async fn handle(
        context: &Context,
        caller: DoctorOrAdmin,
        (Path(path), Json(body)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let medicine = MedicineName::new("medicine_name", &body.medicine_name)?;
        let quantity = body
            .quantity
            .ok_or(PharmacyRefused::Invalid("quantity", "is required"))?;
        let expiry = body.expiry_date.as_deref().filter(|text| !text.trim().is_empty());
        let (expiry, label) = (expiry.map(lot::expiry).transpose()?, body.label.label()?);
        let pharmacy = path.find_to_stock(context, &caller.session).await?;
        let setting = Setting {
            pharmacy: &pharmacy,
            medicine: &medicine,
            name: &body.medicine_name,
            quantity,
            expiry,
            label: &label,
            seen: body.expected_version,
            by: caller.user_id(),
            movement: context.new_id(StockMovementId::new)?,
            shelf: context.new_id(ShelfId::new)?,
            low: context.new_id(OutboxId::new)?,
            now: context.now,
        };
        let shelf = pharmacies::set_stock(&context.store, &setting).await?;
        Ok(answer::Json(Answer {
            message: "Stock updated successfully",
            stock: StockAnswer::new(shelf, pharmacy.details.moment(context.now)),
        }))
    }
}
