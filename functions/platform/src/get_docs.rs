//! `GET /docs`: the documentation as a page that needs nothing from elsewhere.

use runtime::answer::Html;
use runtime::callers::Anyone;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};

pub static FUNCTION: Function = Function::endpoint::<GetDocs>();

pub struct GetDocs;

impl Endpoint for GetDocs {
    const NAME: &'static str = "get-docs";
    const SUMMARY: &'static str = "The documentation as a page";
    const ROUTES: &'static [Route] = &[Route::get("/docs")];
    const RATE: RateClass = RateClass::Free;

    type Caller = Anyone;
    type Input = ();
    type Output = Html;

    async fn handle(_: &Context, _: Anyone, (): ()) -> Result<Html, Problem> {
        Ok(Html(include_str!("docs.html")))
    }
}
