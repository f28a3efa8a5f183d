//! `GET /api/pharmacy/{id}`: what everybody may know of a pharmacy (contract #114).

use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::Anyone;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};

use crate::access::Parameters;
use crate::needs;
use crate::pharmacy_answer::PharmacyAnswer;

pub static FUNCTION: Function = Function::endpoint::<GetPharmacy>();

pub struct GetPharmacy;

impl Endpoint for GetPharmacy {
    const NAME: &'static str = "get-pharmacy";
    const SUMMARY: &'static str = "One pharmacy";
    const ROUTES: &'static [Route] = &[Route::get("/api/pharmacy/{id}").of(Product::Telemedicine)];
    const NEEDS: &'static [Need] = &needs::READ;

    type Caller = Anyone;
    type Input = Path<Parameters>;
    type Output = Json<PharmacyAnswer>;

    async fn handle(context: &Context, _: Anyone, Path(path): Path<Parameters>) -> Result<Self::Output, Problem> {
        Ok(Json(PharmacyAnswer::new(path.find(context).await?, context.now)))
    }
}
