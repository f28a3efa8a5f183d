//! `DELETE /api/users/family/{id}`: end a family link, or decline it; all that was granted ends with it.

use domain::family::FamilyRefused;
use domain::notice::Notice;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::families;

use crate::needs;
use crate::own_link::Target;
use crate::views::Message;

pub static FUNCTION: Function = Function::endpoint::<EndFamilyLink>();

pub struct EndFamilyLink;

impl Endpoint for EndFamilyLink {
    const NAME: &'static str = "end-family-link";
    const SUMMARY: &'static str = "End a family link";
    const ROUTES: &'static [Route] = &[Route::delete("/api/users/family/{id}")];
    const NEEDS: &'static [Need] = &needs::WRITE;

    type Caller = SignedIn;
    type Input = Path<Target>;
    type Output = Json<Message>;

    async fn handle(context: &Context, caller: SignedIn, Path(target): Path<Target>) -> Result<Self::Output, Problem> {
        let user = caller.user_id();
        let link = target.find(context, user).await?;
        let (other, _) = link.seen_by(user);
        let message = context.tell(other, Notice::FamilyLinkEnded)?;
        let ended = families::end(&context.store, &link, &message).await;
        ended.map_err(|error| error.or_if_condition_failed(|_| Problem::from(FamilyRefused::LinkNotFound)))?;
        let message = "Family link ended".to_owned();
        Ok(Json(Message { message }))
    }
}
