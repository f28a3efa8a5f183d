//! `GET /api/pharmacy/alerts/low-stock`: medicines of which little is left (contract #117).

use domain::id::PharmacyId;
use domain::pharmacy::PharmacyRefused;
use domain::pharmacy::shelf::{LOW, alert_level};
use domain::session::Product;
use jiff::Timestamp;
use runtime::answer::PageOf;
use runtime::callers::DoctorOrAdmin;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::Paging;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::pharmacies::{self, Low};
use store::{Page, PageRequest};

use crate::needs;

pub static FUNCTION: Function = Function::endpoint::<ListLowStock>();

pub struct ListLowStock;

#[derive(Deserialize, JsonSchema)]
pub struct Which {
    /// All without it.
    #[serde(default)]
    pharmacy_id: Option<String>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "LowStock")]
pub struct AlertAnswer {
    pharmacy_id: PharmacyId,
    medicine_name: String,
    /// What can be given out now.
    current_quantity: u64,
    threshold: u64,
    /// `critical` at 5 or fewer, `warning` at 10 or fewer.
    alert_level: &'static str,
    #[schemars(with = "Option<String>")]
    since: Option<Timestamp>,
}

impl Endpoint for ListLowStock {
    const NAME: &'static str = "list-low-stock";
    const SUMMARY: &'static str = "Medicines of which little is left";
    const ROUTES: &'static [Route] = &[Route::get("/api/pharmacy/alerts/low-stock").of(Product::Telemedicine)];
    const NEEDS: &'static [Need] = &needs::READ;

    type Caller = DoctorOrAdmin;
    type Input = (Query<Which>, Query<Paging>);
    type Output = PageOf<AlertAnswer>;

    async fn handle(
        context: &Context,
        _: DoctorOrAdmin,
        (Query(which), Query(paging)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let id = which.pharmacy_id.filter(|id| !id.is_empty());
        let id: Option<PharmacyId> = id
            .map(|id| id.parse())
            .transpose()
            .map_err(|_| PharmacyRefused::NotFound)?;
        if let Some(id) = id {
            let found = pharmacies::get(&context.store, id).await?;
            found.ok_or(PharmacyRefused::NotFound)?;
        }
        let request = PageRequest::from(paging);
        let Page { items, next } = pharmacies::list_low(&context.store, id, &request, context.now).await?;
        let of = id.map_or_else(String::new, |id| format!("&pharmacy_id={id}"));
        Ok(PageOf {
            items: items.into_iter().filter_map(alert).collect(),
            next: next.map(|cursor| {
                let limit = request.limit;
                format!("/api/pharmacy/alerts/low-stock?limit={limit}&cursor={cursor}{of}")
            }),
        })
    }
}

/// None where there is enough again by now.
fn alert(low: Low) -> Option<AlertAnswer> {
    Some(AlertAnswer {
        pharmacy_id: low.pharmacy,
        current_quantity: low.left,
        threshold: LOW,
        alert_level: alert_level(low.left)?,
        medicine_name: low.name,
        since: low.since,
    })
}
