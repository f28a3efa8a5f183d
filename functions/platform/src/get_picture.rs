//! `GET /uploads/{filename}`: a picture, by a signed link or for its owner (contract #147, clash C7).

use domain::picture_link::{PictureName, PictureNotFound};
use runtime::answer::Jpeg;
use runtime::callers::MaybeSignedIn;
use runtime::input::{Path, Query};
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::bucket::{Bucket, ObjectAction};
use store::pictures;

pub static FUNCTION: Function = Function::endpoint::<GetPicture>();

pub struct GetPicture;

#[derive(Deserialize, JsonSchema)]
pub struct Parameters {
    filename: String,
}

/// As signed by us; absent where the owner asks with a bearer.
#[derive(Deserialize, JsonSchema)]
pub struct Signature {
    /// Seconds since 1970.
    expires: Option<String>,
    signature: Option<String>,
}

impl Endpoint for GetPicture {
    const NAME: &'static str = "get-picture";
    const SUMMARY: &'static str = "A picture, by a signed link or for its owner";
    const ROUTES: &'static [Route] = &[Route::get("/uploads/{filename}")];
    const RATE: RateClass = RateClass::Pictures;
    const NEEDS: &'static [Need] = &[
        Need::Objects(Bucket::Images, &[ObjectAction::Get]),
        Need::Secret(Secret::LinkSigningKey),
    ];
    const MEMORY_MB: u16 = 512;

    type Caller = MaybeSignedIn;
    type Input = (Path<Parameters>, Query<Signature>);
    type Output = Jpeg;

    async fn handle(
        context: &Context,
        MaybeSignedIn(caller): MaybeSignedIn,
        (Path(path), Query(query)): Self::Input,
    ) -> Result<Jpeg, Problem> {
        let name = PictureName::try_from(path.filename).map_err(|_| PictureNotFound)?;
        let bytes = if is_signed(context, &name, &query).await? {
            pictures::get_linked(&context.store, &name).await?
        } else if let Some(caller) = caller {
            pictures::get_own(&context.store, caller.user_id(), &name).await?
        } else {
            None
        };
        Ok(Jpeg(bytes.ok_or(PictureNotFound)?))
    }
}

async fn is_signed(context: &Context, name: &PictureName, query: &Signature) -> Result<bool, Problem> {
    let (Some(expires), Some(signature)) = (&query.expires, &query.signature) else {
        return Ok(false);
    };
    let Ok(expires) = expires.parse() else {
        return Ok(false);
    };
    Ok(context.picture_links().await?.opens(name, expires, signature))
}
