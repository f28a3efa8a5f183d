//! `GET /api/users/me`: the own profile, which a suspended person may see too (contract #50).

use domain::account::AccountGone;
use runtime::answer::Json;
use runtime::callers::SignedInOrSuspended;
use runtime::need::Need;
use runtime::secrets::Secret;
use runtime::{Context, Endpoint, Function, Problem, Route};
use store::accounts;
use store::table::{ItemAction, Table};

use crate::profile::FacialDermaProfile;

pub static FUNCTION: Function = Function::endpoint::<GetOwnProfile>();

pub struct GetOwnProfile;

impl Endpoint for GetOwnProfile {
    const NAME: &'static str = "get-own-profile";
    const SUMMARY: &'static str = "The own profile";
    const ROUTES: &'static [Route] = &[Route::get("/api/users/me")];
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Identity, &[ItemAction::Get]),
        Need::Secret(Secret::LinkSigningKey),
    ];

    type Caller = SignedInOrSuspended;
    type Input = ();
    type Output = Json<FacialDermaProfile>;

    async fn handle(context: &Context, caller: SignedInOrSuspended, (): ()) -> Result<Self::Output, Problem> {
        let account = accounts::get(&context.store, caller.session.user_id)
            .await?
            .ok_or(AccountGone)?;
        let picture_address = match &account.personal.picture {
            Some(picture) => Some(context.picture_links().await?.address(picture)),
            None => None,
        };
        Ok(Json(FacialDermaProfile::of(account, picture_address, context.now)))
    }
}
