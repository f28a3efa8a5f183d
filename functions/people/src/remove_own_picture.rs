//! `DELETE /api/auth/profile/delete-image`: remove the own picture (contract #34).

use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Serialize;

use crate::needs;
use crate::own_change::OwnChange;
use crate::picture_change::PictureChange;

pub static FUNCTION: Function = Function::endpoint::<RemoveOwnPicture>();

pub struct RemoveOwnPicture;

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    success: bool,
    message: &'static str,
}

impl Endpoint for RemoveOwnPicture {
    const NAME: &'static str = "remove-own-picture";
    const SUMMARY: &'static str = "Remove the own picture";
    const ROUTES: &'static [Route] = &[Route::delete("/api/auth/profile/delete-image").of(Product::Dental)];
    const NEEDS: &'static [Need] = &needs::WRITE_WITH_PICTURES;

    type Caller = SignedIn;
    type Input = ();
    type Output = Json<Answer>;

    async fn handle(context: &Context, caller: SignedIn, (): ()) -> Result<Self::Output, Problem> {
        let change = OwnChange {
            picture: PictureChange::Remove,
            ..OwnChange::default()
        };
        change.apply(context, &caller.session).await?;
        Ok(Json(Answer {
            success: true,
            message: "Profile image deleted successfully",
        }))
    }
}
