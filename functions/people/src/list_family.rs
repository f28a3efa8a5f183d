//! `GET /api/users/family`: the own family links, asked for and agreed, with what each side lets the other see.

use domain::family::{Grant, Scope};
use domain::id::UserId;
use jiff::Timestamp;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::families;

use crate::{needs, views};

pub static FUNCTION: Function = Function::endpoint::<ListFamily>();

pub struct ListFamily;

#[derive(Serialize, JsonSchema)]
pub struct Family {
    family_members: Vec<Linked>,
}

#[derive(Serialize, JsonSchema)]
struct Linked {
    #[serde(flatten)]
    member: views::FamilyMember,
    /// What this person lets the other see; null for nothing.
    granted: Option<Granted>,
    /// What the other lets this person see.
    received: Option<Granted>,
}

#[derive(Serialize, JsonSchema)]
struct Granted {
    scopes: Vec<Scope>,
    #[schemars(with = "String")]
    expires_at: Timestamp,
}

impl Endpoint for ListFamily {
    const NAME: &'static str = "list-family";
    const SUMMARY: &'static str = "The own family links";
    const ROUTES: &'static [Route] = &[Route::get("/api/users/family")];
    const NEEDS: &'static [Need] = &needs::READ;

    type Caller = SignedIn;
    type Input = ();
    type Output = Json<Family>;

    async fn handle(context: &Context, caller: SignedIn, (): ()) -> Result<Self::Output, Problem> {
        let user = caller.user_id();
        let links = families::list(&context.store, user).await?;
        let members = views::family_members(context, user, links).await?;
        let others: Vec<UserId> = members.iter().filter_map(|member| member.user_id).collect();
        let grants = families::list_grants(&context.store, user, &others).await?;
        let granted = |owner, caregiver| granted(&grants, owner, caregiver, context.now);
        let linked = members.into_iter().map(|member| Linked {
            granted: member.user_id.and_then(|other| granted(user, other)),
            received: member.user_id.and_then(|other| granted(other, user)),
            member,
        });
        Ok(Json(Family {
            family_members: linked.collect(),
        }))
    }
}

fn granted(grants: &[Grant], owner: UserId, caregiver: UserId, now: Timestamp) -> Option<Granted> {
    let is_it = |grant: &&Grant| grant.owner == owner && grant.caregiver == caregiver && now < grant.expires_at;
    grants.iter().find(is_it).map(|grant| Granted {
        scopes: grant.scopes.clone(),
        expires_at: grant.expires_at,
    })
}
