//! `GET /api/pharmacy/{id}/stock`: what a pharmacy has, by medicine and lot.

use domain::pharmacy::medicine::MedicineName;
use runtime::answer::PageOf;
use runtime::callers::DoctorOrAdmin;
use runtime::input::{Path, Query};
use runtime::need::Need;
use runtime::paging::Paging;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::{Page, PageRequest, pharmacies};

use crate::access::Parameters;
use crate::needs;
use crate::stock_answer::StockAnswer;

pub static FUNCTION: Function = Function::endpoint::<ListPharmacyStock>();

pub struct ListPharmacyStock;

#[derive(Deserialize, JsonSchema)]
pub struct Which {
    /// One medicine, by the name that it is stocked under; all without it.
    #[serde(default)]
    medicine_name: Option<String>,
}

impl Endpoint for ListPharmacyStock {
    const NAME: &'static str = "list-pharmacy-stock";
    const SUMMARY: &'static str = "What a pharmacy has, by medicine and lot";
    const ROUTES: &'static [Route] = &[Route::get("/api/pharmacy/{id}/stock")];
    const NEEDS: &'static [Need] = &needs::READ;

    type Caller = DoctorOrAdmin;
    type Input = (Path<Parameters>, (Query<Which>, Query<Paging>));
    type Output = PageOf<StockAnswer>;

    async fn handle(
        context: &Context,
        caller: DoctorOrAdmin,
        (Path(path), (Query(which), Query(paging))): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let pharmacy = path.find_to_stock(context, &caller.session).await?;
        let (id, request) = (pharmacy.id, PageRequest::from(paging));
        let now = pharmacy.details.moment(context.now);
        let Page { items, next } = match &which.medicine_name {
            Some(name) => Page {
                items: vec![
                    pharmacies::shelf_of(&context.store, id, &MedicineName::new("medicine_name", name)?).await?,
                ],
                next: None,
            },
            None => pharmacies::shelves(&context.store, id, &request).await?,
        };
        Ok(PageOf {
            items: items.into_iter().map(|shelf| StockAnswer::new(shelf, now)).collect(),
            next: next.map(|cursor| format!("/api/pharmacy/{id}/stock?limit={}&cursor={cursor}", request.limit)),
        })
    }
}
