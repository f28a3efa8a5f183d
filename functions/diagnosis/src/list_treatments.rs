//! `GET /api/treatment/suggestions`: all treatment suggestions, by name (contract #97).

use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::Anyone;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::table::{ItemAction, Table};
use store::treatments;

use crate::treatment_answer::TreatmentAnswer;

pub static FUNCTION: Function = Function::endpoint::<ListTreatments>();

pub struct ListTreatments;

impl Endpoint for ListTreatments {
    const NAME: &'static str = "list-treatments";
    const SUMMARY: &'static str = "All treatment suggestions";
    const ROUTES: &'static [Route] = &[Route::get("/api/treatment/suggestions").of(Product::FacialDerma)];
    const NEEDS: &'static [Need] = &[Need::Items(Table::Platform, &[ItemAction::Query])];

    type Caller = Anyone;
    type Input = ();
    type Output = Json<Vec<TreatmentAnswer>>;

    async fn handle(context: &Context, _: Anyone, (): ()) -> Result<Self::Output, Problem> {
        let all = treatments::all(&context.store).await?;
        Ok(Json(all.into_iter().map(TreatmentAnswer::from).collect()))
    }
}
