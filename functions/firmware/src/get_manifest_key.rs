//! `GET /api/firmware/manifest-key`: the public key that manifests of firmware are checked with.

use runtime::answer::Json;
use runtime::callers::Anyone;
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Serialize;

use crate::signing;

pub static FUNCTION: Function = Function::endpoint::<GetManifestKey>();

pub struct GetManifestKey;

/// A JWK (RFC 8037), and the same key as devices' libraries take it.
#[derive(Serialize, JsonSchema)]
pub struct Answer {
    kty: &'static str,
    crv: &'static str,
    alg: &'static str,
    #[serde(rename = "use")]
    usage: &'static str,
    kid: String,
    x: String,
    /// The 32 bytes in base64.
    public_key: String,
}

impl Endpoint for GetManifestKey {
    const NAME: &'static str = "get-manifest-key";
    const SUMMARY: &'static str = "The public key that firmware manifests are checked with";
    const ROUTES: &'static [Route] = &[Route::get("/api/firmware/manifest-key")];
    const NEEDS: &'static [Need] = &[Need::Secret(Secret::FirmwareSigningKey)];

    type Caller = Anyone;
    type Input = ();
    type Output = Json<Answer>;

    async fn handle(context: &Context, _: Anyone, _: ()) -> Result<Self::Output, Problem> {
        let key = signing::signer(context).await?.public_key();
        Ok(Json(Answer {
            kty: "OKP",
            crv: "Ed25519",
            alg: "EdDSA",
            usage: "sig",
            kid: key.id(),
            x: key.base64url(),
            public_key: key.base64(),
        }))
    }
}
