//! `DELETE /api/users/family/{id}/grant`: let the other side see nothing more, from their next request on.

use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::families;

use crate::needs;
use crate::own_link::Target;
use crate::views::Message;

pub static FUNCTION: Function = Function::endpoint::<RevokeGrant>();

pub struct RevokeGrant;

impl Endpoint for RevokeGrant {
    const NAME: &'static str = "revoke-grant";
    const SUMMARY: &'static str = "Let a family member see nothing more";
    const ROUTES: &'static [Route] = &[Route::delete("/api/users/family/{id}/grant")];
    const NEEDS: &'static [Need] = &needs::WRITE;

    type Caller = SignedIn;
    type Input = Path<Target>;
    type Output = Json<Message>;

    async fn handle(context: &Context, caller: SignedIn, Path(target): Path<Target>) -> Result<Self::Output, Problem> {
        let user = caller.user_id();
        let link = target.find(context, user).await?;
        let (other, _) = link.seen_by(user);
        families::revoke(&context.store, user, other).await?;
        let message = "Access revoked".to_owned();
        Ok(Json(Message { message }))
    }
}
