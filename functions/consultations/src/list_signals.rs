//! `GET /api/consultations/{id}/signals`: what the others have signalled to the caller (contract #77).

use domain::consultation::signal::Place;
use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::InCall;
use runtime::input::{Path, Query};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::{self, Parameters};
use crate::signalling::{self, Signals};

pub static FUNCTION: Function = Function::endpoint::<ListSignals>();

pub struct ListSignals;

#[derive(Deserialize, JsonSchema)]
pub struct From {
    /// The id or sequence of the last signal that the caller has; 0 for none. What comes after it is given, again each
    /// time, and what came before it is never given again. Without it each signal is handed out once, and lost where the
    /// answer is.
    #[serde(default)]
    after: Option<Place>,
}

impl Endpoint for ListSignals {
    const NAME: &'static str = "list-signals";
    const SUMMARY: &'static str = "What the others have signalled to the caller";
    const ROUTES: &'static [Route] = &[Route::get("/api/consultations/{id}/signals").of(Product::Telemedicine)];
    const RATE: RateClass = RateClass::Signals;
    const NEEDS: &'static [Need] = &access::WRITE;

    type Caller = InCall;
    type Input = (Path<Parameters>, Query<From>);
    type Output = Json<Signals>;

    async fn handle(
        context: &Context,
        caller: InCall,
        (Path(path), Query(from)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let present = access::must_be_in_call(context, &caller, &path).await?;
        signalling::waiting(context, &present, from.after).await.map(Json)
    }
}
