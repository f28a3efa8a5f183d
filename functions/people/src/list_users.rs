//! `GET /users`: page through users (contract #36, #38, #57).

use domain::role::Role;
use domain::session::Product;
use runtime::answer::Json;
use runtime::callers::Admin;
use runtime::input::{Path, Query};
use runtime::need::Need;
use runtime::paging::Limit;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::Window;
use store::directory::{self, List};

use crate::profile::FacialDermaProfile;
use crate::window::Skip;
use crate::{needs, views};

pub static FUNCTION: Function = Function::endpoint::<ListUsers>();

pub struct ListUsers;

#[derive(Deserialize, JsonSchema)]
pub struct Target {
    #[serde(default)]
    role: String,
}

#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Parameters {
    /// Empty for all.
    role: String,
    limit: Option<Limit>,
    #[serde(alias = "offset")]
    skip: Skip,
}

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Answer {
    Derma(Vec<views::DermaUser>),
    FacialDerma { users: Vec<FacialDermaProfile>, total: u64 },
}

impl Endpoint for ListUsers {
    const NAME: &'static str = "list-users";
    const SUMMARY: &'static str = "Page through users";
    const ROUTES: &'static [Route] = &[
        Route::get("/users").of(Product::Derma),
        Route::get("/users/role/{role}").of(Product::Derma),
        Route::get("/api/admin/users").of(Product::FacialDerma),
    ];
    const NEEDS: &'static [Need] = &needs::READ;

    type Caller = Admin;
    type Input = (Path<Target>, Query<Parameters>);
    type Output = Json<Answer>;

    async fn handle(
        context: &Context,
        _: Admin,
        (Path(target), Query(parameters)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let is_derma = context.product == Some(Product::Derma);
        let role = if target.role.is_empty() {
            parameters.role
        } else {
            target.role
        };
        let window = Window {
            skip: parameters.skip.0,
            limit: parameters
                .limit
                .map_or(if is_derma { 100 } else { 50 }, |limit| usize::from(limit.0)),
        };
        let list = match (role.as_str(), Role::parse(&role)) {
            ("", _) => Some(List::Everyone),
            (_, role) => role.map(List::Role),
        };
        // A role that nobody can have has nobody.
        let Some(list) = list else {
            return Ok(Json(match is_derma {
                true => Answer::Derma(Vec::new()),
                false => Answer::FacialDerma {
                    users: Vec::new(),
                    total: 0,
                },
            }));
        };
        let found = directory::list(&context.store, list, !is_derma, window).await?;
        if is_derma {
            return Ok(Json(Answer::Derma(
                found.accounts.into_iter().map(views::derma_user).collect(),
            )));
        }
        let mut users = Vec::new();
        for account in found.accounts {
            users.push(views::facial_derma(context, account).await?.without_health_data());
        }
        Ok(Json(Answer::FacialDerma {
            users,
            total: found.total,
        }))
    }
}
