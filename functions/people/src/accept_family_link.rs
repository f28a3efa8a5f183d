//! `POST /api/users/family/{id}/accept`: agree to a family link that somebody asked for.

use domain::family::{FamilyRefused, LinkStatus};
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

pub static FUNCTION: Function = Function::endpoint::<AcceptFamilyLink>();

pub struct AcceptFamilyLink;

impl Endpoint for AcceptFamilyLink {
    const NAME: &'static str = "accept-family-link";
    const SUMMARY: &'static str = "Agree to a family link";
    const ROUTES: &'static [Route] = &[Route::post("/api/users/family/{id}/accept")];
    const NEEDS: &'static [Need] = &needs::WRITE;

    type Caller = SignedIn;
    type Input = Path<Target>;
    type Output = Json<Message>;

    async fn handle(context: &Context, caller: SignedIn, Path(target): Path<Target>) -> Result<Self::Output, Problem> {
        let user = caller.user_id();
        let link = target.find(context, user).await?;
        let answer = Message {
            message: "Family link accepted".to_owned(),
        };
        if link.status == LinkStatus::Active && link.member == user {
            return Ok(Json(answer));
        }
        let message = context.tell(link.asker, Notice::FamilyLinkAccepted)?;
        // Who asked cannot agree in the place of the other.
        let accepted = families::accept(&context.store, user, &link, &message).await;
        accepted.map_err(|error| error.or_if_condition_failed(|_| Problem::from(FamilyRefused::LinkNotFound)))?;
        Ok(Json(answer))
    }
}
