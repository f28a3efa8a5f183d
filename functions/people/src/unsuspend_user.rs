//! `POST /api/admin/users/{id}/unsuspend`: lift a suspension (contract #59).

use domain::notice::Notice;
use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::Admin;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::accounts;

use crate::target::Target;
use crate::views::Message;
use crate::{needs, telling};

pub static FUNCTION: Function = Function::endpoint::<UnsuspendUser>();

pub struct UnsuspendUser;

impl Endpoint for UnsuspendUser {
    const NAME: &'static str = "unsuspend-user";
    const SUMMARY: &'static str = "Lift a suspension";
    const ROUTES: &'static [Route] = &[Route::post("/api/admin/users/{id}/unsuspend").of(Product::FacialDerma)];
    const NEEDS: &'static [Need] = &needs::WRITE;

    type Caller = Admin;
    type Input = Path<Target>;
    type Output = Json<Message>;

    async fn handle(context: &Context, caller: Admin, Path(target): Path<Target>) -> Result<Self::Output, Problem> {
        let account = target.find_other(context, &caller.session).await?;
        let message = telling::entry(context, account.id, Notice::AccountRestored)?;
        accounts::change_as_admin::<Problem>(&context.store, caller.user_id(), account.id, &[message], |stored| {
            stored.account.is_suspended = false;
            stored.account.updated_at = context.now;
            Ok(())
        })
        .await?;
        context.platform.forget_user(account.id);
        let message = "User unsuspended successfully".to_owned();
        Ok(Json(Message { message }))
    }
}
