//! `GET /api/users/family/{id}/profile`: the profile of a family member who lets one see it. Their log says so.

use domain::account::AccountGone;
use domain::audit::{Action, Resource, ResourceKind, Why};
use domain::family::Scope;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::{accounts, families};

use crate::own_link::Target;
use crate::{needs, views};

pub static FUNCTION: Function = Function::endpoint::<GetFamilyProfile>();

pub struct GetFamilyProfile;

impl Endpoint for GetFamilyProfile {
    const NAME: &'static str = "get-family-profile";
    const SUMMARY: &'static str = "The profile of a family member who lets one see it";
    const ROUTES: &'static [Route] = &[Route::get("/api/users/family/{id}/profile")];
    const HEALTH_DATA: bool = true;
    const NEEDS: &'static [Need] = &needs::READ;

    type Caller = SignedIn;
    type Input = Path<Target>;
    type Output = Json<views::TelemedicineProfile>;

    async fn handle(context: &Context, caller: SignedIn, Path(target): Path<Target>) -> Result<Self::Output, Problem> {
        let caregiver = caller.user_id();
        let link = target.find(context, caregiver).await?;
        let (owner, _) = link.seen_by(caregiver);
        families::require::<Problem>(&context.store, owner, caregiver, Scope::Profile, context.now).await?;
        let note = context.audit(
            &caller.session,
            owner,
            Action::Read,
            Resource::one(ResourceKind::Profile, owner),
            Why::Grant,
        )?;
        let account = context.audited(&note, accounts::get(&context.store, owner)).await?;
        let account = account.ok_or(AccountGone)?;
        let profile = views::telemedicine(context, account, Vec::new());
        Ok(Json(profile.without_license()))
    }
}
