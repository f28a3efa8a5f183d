//! `POST /api/admin/users/{id}/suspend`: suspend a user (contract #58). Their calls are refused from the next on.

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
        let account = target.find_other(context, &caller.session).await?;
        let message = telling::entry(context, account.id, Notice::AccountSuspended)?;
        accounts::change_as_admin::<Problem>(&context.store, caller.user_id(), account.id, &[message], |stored| {
            stored.account.is_suspended = true;
            stored.account.updated_at = context.now;
            Ok(())
        })
        .await?;
        context.platform.forget_user(account.id);
        let message = "User suspended successfully".to_owned();
        Ok(Json(Message { message }))
    }
}
