//! `PUT /users/{username}/role`: change a role (contract #39). It counts from the next request on.

use domain::refusal::FieldError;
use domain::role::Role;
use domain::session::Product;
use domain::verification::Verification;
use runtime::answer::Json;
use runtime::callers::Admin;
use runtime::input::{OptionalJson, Path, Query};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use store::accounts;

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

    async fn handle(
        context: &Context,
        _: Admin,
        (Path(target), (Query(query), OptionalJson(body))): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let asked = query.new_role.or(body.new_role).unwrap_or_default();
        let role = Role::parse(&asked).ok_or_else(|| {
            let rule = "must be patient, doctor or admin";
            Problem::invalid(vec![FieldError::new("query", "new_role", "invalid", rule)])
        })?;
        let account = target.find(context).await?;
        accounts::change::<Problem>(&context.store, account.id, &[], |stored| {
            let account = &mut stored.account;
            account.role = role;
            // Whoever becomes a doctor is checked like any other.
            account.verification = match role {
                Role::Doctor => account
                    .verification
                    .take()
                    .or_else(|| Some(Verification::asked_for(context.now))),
                Role::Patient | Role::Admin => None,
            };
            account.updated_at = context.now;
            Ok(())
        })
        .await?;
        Ok(Json(Said::to(
            context,
            format!("{}'s role updated to {}", account.username, role.word()),
        )))
    }
}
