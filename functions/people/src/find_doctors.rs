//! `GET /api/users/dermatologists`: the doctors one may choose (contract #52): approved, and not suspended.

use domain::account::Account;
use domain::id::UserId;
use domain::session::Product;
use jiff::Timestamp;
use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::Limit;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{Window, directory};

use crate::needs;
use crate::window::Skip;

pub static FUNCTION: Function = Function::endpoint::<FindDoctors>();

pub struct FindDoctors;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Parameters {
    /// The beginning of the user name or name.
    q: String,
    limit: Limit,
    offset: Skip,
}

#[derive(Serialize, JsonSchema)]
pub struct Answer {
    dermatologists: Vec<FoundDoctor>,
    total: u64,
    limit: usize,
    offset: usize,
}

/// Never the licence.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct FoundDoctor {
    id: UserId,
    username: String,
    email: String,
    name: Option<String>,
    specialization: Option<String>,
    clinic: Option<String>,
    fees: Option<f64>,
    experience: Option<u8>,
    #[schemars(with = "String")]
    created_at: Timestamp,
}

impl From<Account> for FoundDoctor {
    fn from(account: Account) -> Self {
        Self {
            id: account.id,
            username: account.username.as_str().to_owned(),
            email: account.email.map(String::from).unwrap_or_default(),
            name: account.name,
            specialization: account.practice.specialization,
            clinic: account.practice.clinic,
            fees: account.practice.fee,
            experience: account.practice.experience_years,
            created_at: account.created_at,
        }
    }
}

impl Endpoint for FindDoctors {
    const NAME: &'static str = "find-doctors";
    const SUMMARY: &'static str = "The doctors one may choose";
    const ROUTES: &'static [Route] = &[Route::get("/api/users/dermatologists").of(Product::FacialDerma)];
    const NEEDS: &'static [Need] = &needs::READ;

    type Caller = SignedIn;
    type Input = Query<Parameters>;
    type Output = Json<Answer>;

    async fn handle(context: &Context, _: SignedIn, Query(parameters): Self::Input) -> Result<Self::Output, Problem> {
        let window = Window {
            skip: parameters.offset.0,
            limit: usize::from(parameters.limit.0),
        };
        let beginning = parameters.q.trim().chars().take(100).collect::<String>();
        let found = directory::find_doctors(&context.store, &beginning, window, context.now).await?;
        Ok(Json(Answer {
            dermatologists: found.accounts.into_iter().map(FoundDoctor::from).collect(),
            total: found.total,
            limit: window.limit,
            offset: window.skip,
        }))
    }
}
