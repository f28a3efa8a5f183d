//! `POST /api/admin/users/{id}/suspend`: suspend a user (contract #58). Their calls are refused from the next on.

use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::Admin;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};

use crate::target::Target;
use crate::views::Message;
use crate::{needs, suspension};

pub static FUNCTION: Function = Function::endpoint::<SuspendUser>();

pub struct SuspendUser;

impl Endpoint for SuspendUser {
    const NAME: &'static str = "suspend-user";
    const SUMMARY: &'static str = "Suspend a user";
    const ROUTES: &'static [Route] = &[Route::post("/api/admin/users/{id}/suspend").of(Product::FacialDerma)];
    const NEEDS: &'static [Need] = &needs::WRITE;

    type Caller = Admin;
    type Input = Path<Target>;
    type Output = Json<Message>;

    async fn handle(context: &Context, caller: Admin, Path(target): Path<Target>) -> Result<Self::Output, Problem> {
        suspension::set(context, &caller, &target, true).await?;
        let message = "User suspended successfully".to_owned();
        Ok(Json(Message { message }))
    }
}
