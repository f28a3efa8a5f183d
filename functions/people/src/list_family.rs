//! `GET /api/users/family`: the own family links, asked for and agreed.

use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::families;

use crate::{needs, views};

pub static FUNCTION: Function = Function::endpoint::<ListFamily>();

pub struct ListFamily;

#[derive(Serialize, JsonSchema)]
pub struct Family {
    family_members: Vec<views::FamilyMember>,
}

impl Endpoint for ListFamily {
    const NAME: &'static str = "list-family";
    const SUMMARY: &'static str = "The own family links";
    const ROUTES: &'static [Route] = &[Route::get("/api/users/family")];
    const NEEDS: &'static [Need] = &needs::READ;

    type Caller = SignedIn;
    type Input = ();
    type Output = Json<Family>;

    async fn handle(context: &Context, caller: SignedIn, (): ()) -> Result<Self::Output, Problem> {
        let links = families::list(&context.store, caller.user_id()).await?;
        let family_members = views::family_members(context, caller.user_id(), links).await?;
        Ok(Json(Family { family_members }))
    }
}
