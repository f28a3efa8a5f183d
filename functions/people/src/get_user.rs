//! `GET /users/{username}`: one user, for themselves or an admin (contract #37).

use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};

use crate::target::Target;
use crate::{needs, views};

pub static FUNCTION: Function = Function::endpoint::<GetUser>();

pub struct GetUser;

impl Endpoint for GetUser {
    const NAME: &'static str = "get-user";
    const SUMMARY: &'static str = "One user, for themselves or an admin";
    const ROUTES: &'static [Route] = &[Route::get("/users/{username}").of(Product::Derma)];
    const NEEDS: &'static [Need] = &needs::READ;

    type Caller = SignedIn;
    type Input = Path<Target>;
    type Output = Json<views::DermaUser>;

    async fn handle(context: &Context, caller: SignedIn, Path(target): Path<Target>) -> Result<Self::Output, Problem> {
        let account = target.find_for(context, &caller.session).await?;
        Ok(Json(views::derma_user(account)))
    }
}
