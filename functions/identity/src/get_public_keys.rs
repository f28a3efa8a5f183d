//! `GET /.well-known/jwks.json`: the keys that access tokens are checked with (RFC 7517).

use runtime::answer::Json;
use runtime::callers::Anyone;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::Serialize;

pub static FUNCTION: Function = Function::endpoint::<GetPublicKeys>();

pub struct GetPublicKeys;

#[derive(Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Keys(#[schemars(with = "serde_json::Value")] jsonwebtoken::jwk::JwkSet);

impl Endpoint for GetPublicKeys {
    const NAME: &'static str = "get-public-keys";
    const SUMMARY: &'static str = "The public keys that access tokens are checked with";
    const ROUTES: &'static [Route] = &[Route::get("/.well-known/jwks.json")];
    const RATE: RateClass = RateClass::Free;

    type Caller = Anyone;
    type Input = ();
    type Output = Json<Keys>;

    async fn handle(context: &Context, _: Anyone, (): ()) -> Result<Self::Output, Problem> {
        Ok(Json(Keys(context.platform.settings.tokens.public_keys.clone())))
    }
}
