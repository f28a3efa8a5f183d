//! `PUT /users/{username}/role`: change a role (contract #39). It counts from the next request on.

use domain::account::Account;
use domain::id::UserId;
use domain::refusal::FieldError;
use domain::role::Role;
use domain::session::Product;
use domain::verification::Verification;
use jiff::Timestamp;
use runtime::answer::Json;
use runtime::callers::Admin;
use runtime::input::{OptionalJson, Path, Query};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::accounts;
use store::outbox::Errand;

use crate::needs;
use crate::target::Target;
use crate::views::Said;

pub static FUNCTION: Function = Function::endpoint::<ChangeUserRole>();

pub struct ChangeUserRole;

/// In the query or the body.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Change {
    new_role: Option<String>,
}

impl Endpoint for ChangeUserRole {
    const NAME: &'static str = "change-user-role";
    const SUMMARY: &'static str = "Change a user's role";
    const ROUTES: &'static [Route] = &[Route::put("/users/{username}/role").of(Product::Derma)];
    const NEEDS: &'static [Need] = &needs::WRITE;

    type Caller = Admin;
    type Input = (Path<Target>, (Query<Change>, OptionalJson<Change>));
    type Output = Json<Said>;

    /// Not of oneself: so there is always an admin.
    async fn handle(
        context: &Context,
        caller: Admin,
        (Path(target), (Query(query), OptionalJson(body))): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let asked = query.new_role.or(body.new_role).unwrap_or_default();
        let role = Role::parse(&asked).ok_or_else(|| {
            let rule = "must be patient, doctor or admin";
            Problem::invalid(vec![FieldError::new("query", "new_role", "invalid", rule)])
        })?;
        let account = target.find_other(context, &caller.session).await?;
        change(context, caller.user_id(), &account, role).await?;
        context.platform.forget_user(account.id);
        Ok(Json(Said::to(
            context,
            format!("{}'s role updated to {}", account.username, role.word()),
        )))
    }
}

/// With somebody who is no doctor any more, the papers of their application go.
async fn change(context: &Context, admin: UserId, account: &Account, role: Role) -> Result<(), Problem> {
    let papers = account.papers().filter(|_| role != Role::Doctor);
    let mut entries = Vec::new();
    for paper in papers {
        let picture = paper.clone();
        entries.push(context.entry(Errand::RemovePicture { picture })?);
    }
    accounts::change_as_admin::<Problem>(&context.store, admin, account.id, &entries, |stored| {
        assign(&mut stored.account, role, context.now);
        Ok(())
    })
    .await?;
    Ok(())
}

/// Whoever becomes a doctor is checked like any other.
fn assign(account: &mut Account, role: Role, now: Timestamp) {
    account.role = role;
    account.verification = match role {
        Role::Doctor => account
            .verification
            .take()
            .or_else(|| Some(Verification::asked_for(now))),
        Role::Patient | Role::Admin => None,
    };
    account.updated_at = now;
}
