//! `POST /api/admin/change-password`: change the admin's own password (contract #62).

use domain::session::Product;
use runtime::answer::Json as JsonAnswer;
use runtime::callers::Admin;
use runtime::input::Json;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Retry, Route};

use crate::new_password::{self, Change, Changed};
use crate::registration;

pub static FUNCTION: Function = Function::endpoint::<ChangeAdminPassword>();

pub struct ChangeAdminPassword;

impl Endpoint for ChangeAdminPassword {
    const NAME: &'static str = "change-admin-password";
    const SUMMARY: &'static str = "Change the admin's own password";
    const ROUTES: &'static [Route] = &[Route::post("/api/admin/change-password").of(Product::FacialDerma)];
    const RATE: RateClass = RateClass::Credentials;
    const RETRY: Retry = Retry::HandledAgain("each guess at a password counts, and it ends the session that asks");
    const NEEDS: &'static [Need] = &registration::NEEDS;
    const MEMORY_MB: u16 = 1024;

    type Caller = Admin;
    type Input = Json<Change>;
    type Output = JsonAnswer<Changed>;

    async fn handle(context: &Context, caller: Admin, Json(change): Json<Change>) -> Result<Self::Output, Problem> {
        Ok(JsonAnswer(
            new_password::change(context, caller.user_id(), change).await?,
        ))
    }
}
