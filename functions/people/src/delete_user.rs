//! `DELETE /users/{username}`: delete a user and what belongs to them (contract #41, #60).

use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::Admin;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::accounts;

use crate::needs;
use crate::target::Target;
use crate::views::Said;

pub static FUNCTION: Function = Function::endpoint::<DeleteUser>();

pub struct DeleteUser;

impl Endpoint for DeleteUser {
    const NAME: &'static str = "delete-user";
    const SUMMARY: &'static str = "Delete a user and what belongs to them";
    const ROUTES: &'static [Route] = &[
        Route::delete("/users/{username}").of(Product::Derma),
        Route::delete("/api/admin/users/{id}").of(Product::FacialDerma),
    ];
    const NEEDS: &'static [Need] = &needs::WRITE;

    type Caller = Admin;
    type Input = Path<Target>;
    type Output = Json<Said>;

    async fn handle(context: &Context, caller: Admin, Path(target): Path<Target>) -> Result<Self::Output, Problem> {
        let account = target.find_other(context, &caller.session).await?;
        let entries = context.farewell(&account)?;
        let admin = Some(caller.user_id());
        accounts::delete(&context.store, account.id, admin, &entries, context.now).await?;
        context.platform.forget_user(account.id);
        Ok(Json(Said::to(
            context,
            format!("User {} deleted successfully", account.username),
        )))
    }
}
