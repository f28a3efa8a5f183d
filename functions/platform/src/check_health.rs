//! `GET /health`: whether the service answers; no database, since probes come every second (contract #144, clash C5).

use jiff::Timestamp;
use runtime::answer::Json;
use runtime::callers::Anyone;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::Serialize;

pub static FUNCTION: Function = Function::endpoint::<CheckHealth>();

pub struct CheckHealth;

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    status: &'static str,
    version: &'static str,
    environment: String,
    #[schemars(with = "String")]
    timestamp: Timestamp,
    app_name: &'static str,
    service: &'static str,
}

impl Endpoint for CheckHealth {
    const NAME: &'static str = "check-health";
    const SUMMARY: &'static str = "Whether the service answers";
    const ROUTES: &'static [Route] = &[Route::get("/health")];
    const RATE: RateClass = RateClass::Free;

    type Caller = Anyone;
    type Input = ();
    type Output = Json<Answer>;

    async fn handle(context: &Context, _: Anyone, (): ()) -> Result<Self::Output, Problem> {
        Ok(Json(Answer {
            status: "healthy",
            version: env!("CARGO_PKG_VERSION"),
            environment: context.platform.settings.web.environment.clone(),
            timestamp: context.now,
            app_name: "Polyclinic",
            service: "Polyclinic",
        }))
    }
}
