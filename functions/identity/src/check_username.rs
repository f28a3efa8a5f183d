//! `GET /api/users/check-username`: is a user name free? (contract #24, #25)

use domain::session::Product;
use domain::username::Username;
use runtime::answer::Json;
use runtime::callers::Anyone;
use runtime::input::Query;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::accounts;
use store::table::{ItemAction, Table};

pub static FUNCTION: Function = Function::endpoint::<CheckUsername>();

pub struct CheckUsername;

#[derive(Deserialize, JsonSchema)]
pub struct Parameters {
    username: Username,
}

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    available: bool,
}

impl Endpoint for CheckUsername {
    const NAME: &'static str = "check-username";
    const SUMMARY: &'static str = "Whether a user name is free";
    const ROUTES: &'static [Route] = &[
        Route::get("/api/users/check-username").of(Product::FacialDerma),
        Route::get("/api/auth/check-username").of(Product::FacialDerma),
    ];
    const RATE: RateClass = RateClass::Credentials;
    const NEEDS: &'static [Need] = &[Need::Items(Table::Identity, &[ItemAction::Get])];

    type Caller = Anyone;
    type Input = Query<Parameters>;
    type Output = Json<Answer>;

    async fn handle(context: &Context, _: Anyone, Query(parameters): Self::Input) -> Result<Self::Output, Problem> {
        let available = accounts::is_username_free(&context.store, &parameters.username).await?;
        Ok(Json(Answer { available }))
    }
}
