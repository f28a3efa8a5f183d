//! `GET /api/auth/profile/image/{user_id}`: the own picture as a file (contract #35). Another's does not exist.

use domain::refusal::{Kind, Refusal};
use domain::session::Product;
use runtime::answer::Jpeg;
use runtime::callers::SignedIn;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::bucket::{Bucket, ObjectAction};
use store::{accounts, pictures};

use crate::needs;

pub static FUNCTION: Function = Function::endpoint::<GetOwnPicture>();

pub struct GetOwnPicture;

#[derive(Deserialize, JsonSchema)]
pub struct Target {
    /// What is no id of ours is nobody's.
    user_id: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Profile image not found")]
struct NoPicture;

impl Refusal for NoPicture {
    fn kind(&self) -> Kind {
        Kind::NotFound
    }

    fn code(&self) -> &'static str {
        "picture_not_found"
    }
}

impl Endpoint for GetOwnPicture {
    const NAME: &'static str = "get-own-picture";
    const SUMMARY: &'static str = "The own picture as a file";
    const ROUTES: &'static [Route] = &[
        Route::get("/api/auth/profile/image/{user_id}").of(Product::Dental),
        Route::head("/api/auth/profile/image/{user_id}").of(Product::Dental),
    ];
    const RATE: RateClass = RateClass::Pictures;
    const NEEDS: &'static [Need] = &[
        needs::READ[0],
        needs::READ[1],
        Need::Objects(Bucket::Images, &[ObjectAction::Get]),
    ];

    type Caller = SignedIn;
    type Input = Path<Target>;
    type Output = Jpeg;

    async fn handle(context: &Context, caller: SignedIn, Path(target): Path<Target>) -> Result<Self::Output, Problem> {
        let user = caller.user_id();
        if target.user_id != user.to_string() {
            return Err(NoPicture.into());
        }
        let account = accounts::get(&context.store, user).await?.ok_or(NoPicture)?;
        let picture = account.personal.picture.ok_or(NoPicture)?;
        let bytes = pictures::get_own(&context.store, user, &picture).await?;
        Ok(Jpeg(bytes.ok_or(NoPicture)?))
    }
}
