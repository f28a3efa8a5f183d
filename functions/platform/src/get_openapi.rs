//! `GET /openapi.json`: the OpenAPI 3.1 document. Made from the endpoints by `cargo regenerate`, so that this function
//! links none of them.

use runtime::answer::JsonDocument;
use runtime::callers::Anyone;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};

pub static FUNCTION: Function = Function::endpoint::<GetOpenapi>();

pub struct GetOpenapi;

/// The document as served.
pub const DOCUMENT: &str = include_str!("../openapi.json");

impl Endpoint for GetOpenapi {
    const NAME: &'static str = "get-openapi";
    const SUMMARY: &'static str = "This document";
    const ROUTES: &'static [Route] = &[Route::get("/openapi.json")];
    const RATE: RateClass = RateClass::Free;

    type Caller = Anyone;
    type Input = ();
    type Output = JsonDocument;

    async fn handle(_: &Context, _: Anyone, (): ()) -> Result<JsonDocument, Problem> {
        Ok(JsonDocument(DOCUMENT))
    }
}
