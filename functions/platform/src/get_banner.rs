//! `GET /`: the service banner, as text or JSON (contract #143, clash C6).

use runtime::answer::TextOrJson;
use runtime::callers::Anyone;
use runtime::input::Accept;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::Serialize;

pub static FUNCTION: Function = Function::endpoint::<GetBanner>();

pub struct GetBanner;

/// What the facial-derma clients look for.
const BANNER: &str = "FacialDerma AI Backend Running!";

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    message: &'static str,
    version: &'static str,
    docs: &'static str,
    health: &'static str,
    banner: &'static str,
}

impl Endpoint for GetBanner {
    const NAME: &'static str = "get-banner";
    const SUMMARY: &'static str = "What this service is";
    const ROUTES: &'static [Route] = &[Route::get("/")];
    const RATE: RateClass = RateClass::Free;

    type Caller = Anyone;
    type Input = Accept;
    type Output = TextOrJson<Answer>;

    async fn handle(_: &Context, _: Anyone, Accept(accept): Accept) -> Result<Self::Output, Problem> {
        if accept.starts_with("text/plain") {
            return Ok(TextOrJson::Text(BANNER));
        }
        Ok(TextOrJson::Json(Answer {
            message: "Polyclinic API",
            version: env!("CARGO_PKG_VERSION"),
            docs: "/docs",
            health: "/health",
            banner: BANNER,
        }))
    }
}
