//! `GET /api/treatment/suggestions/{name}`: the treatment suggestion for one condition (contract #98).

use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::Anyone;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::table::{ItemAction, Table};
use store::treatments;

use crate::treatment_answer::{Parameters, TreatmentAnswer};

pub static FUNCTION: Function = Function::endpoint::<GetTreatment>();

pub struct GetTreatment;

impl Endpoint for GetTreatment {
    const NAME: &'static str = "get-treatment";
    const SUMMARY: &'static str = "The treatment suggestion for one condition";
    const ROUTES: &'static [Route] = &[Route::get("/api/treatment/suggestions/{name}").of(Product::FacialDerma)];
    const NEEDS: &'static [Need] = &[Need::Items(Table::Platform, &[ItemAction::Query])];

    type Caller = Anyone;
    type Input = Path<Parameters>;
    type Output = Json<TreatmentAnswer>;

    async fn handle(context: &Context, _: Anyone, Path(path): Path<Parameters>) -> Result<Self::Output, Problem> {
        let found = treatments::find(&context.store, &path.name).await;
        Ok(Json(found?.into()))
    }
}
