//! `POST /api/admin/users/{id}/unsuspend`: lift a suspension (contract #59).

use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::Admin;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};

use crate::target::Target;
use crate::views::Message;
use crate::{needs, suspension};

pub static FUNCTION: Function = Function::endpoint::<UnsuspendUser>();

pub struct UnsuspendUser;

impl Endpoint for UnsuspendUser {
    const NAME: &'static str = "unsuspend-user";
    const SUMMARY: &'static str = "Lift a suspension";
    const ROUTES: &'static [Route] = &[Route::post("/api/admin/users/{id}/unsuspend").of(Product::FacialDerma)];
    const NEEDS: &'static [Need] = &needs::LIST;

    type Caller = Admin;
    type Input = Path<Target>;
    type Output = Json<Message>;

    async fn handle(context: &Context, caller: Admin, Path(target): Path<Target>) -> Result<Self::Output, Problem> {
        suspension::set(context, &caller, &target, false).await?;
        let message = "User unsuspended successfully".to_owned();
        Ok(Json(Message { message }))
    }
}
