//! `GET /api/admin/activity-logs`: what happened to accounts lately, newest first (contract #63).

use domain::id::OutboxId;
use domain::role::Role;
use domain::session::Product;
use jiff::Timestamp;
use runtime::answer::Json;
use runtime::callers::Admin;
use runtime::input::Query;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::activity::{self, Event};

use crate::needs;

pub static FUNCTION: Function = Function::endpoint::<ListActivity>();

pub struct ListActivity;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Parameters {
    limit: Most,
}

/// 1 to 500, 100 if not said.
#[derive(Deserialize, JsonSchema)]
#[serde(try_from = "usize")]
struct Most(usize);

impl Default for Most {
    fn default() -> Self {
        Self(100)
    }
}

impl TryFrom<usize> for Most {
    type Error = &'static str;

    fn try_from(number: usize) -> Result<Self, Self::Error> {
        if (1..=500).contains(&number) {
            Ok(Self(number))
        } else {
            Err("must be from 1 to 500")
        }
    }
}

/// In place of the name of somebody whose account is gone.
const GONE: &str = "Deleted user";

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Activity {
    id: OutboxId,
    action: String,
    details: String,
    #[schemars(with = "String")]
    timestamp: Timestamp,
    user_type: &'static str,
    user_name: String,
    user_email: String,
}

impl Endpoint for ListActivity {
    const NAME: &'static str = "list-activity";
    const SUMMARY: &'static str = "What happened to accounts lately";
    const ROUTES: &'static [Route] = &[Route::get("/api/admin/activity-logs").of(Product::FacialDerma)];
    const NEEDS: &'static [Need] = &needs::READ;
    const MEMORY_MB: u16 = 512;

    type Caller = Admin;
    type Input = Query<Parameters>;
    type Output = Json<Vec<Activity>>;

    async fn handle(context: &Context, _: Admin, Query(parameters): Self::Input) -> Result<Self::Output, Problem> {
        let found = activity::list(&context.store, context.now, parameters.limit.0).await?;
        Ok(Json(found.into_iter().map(Activity::from).collect()))
    }
}

impl From<Event> for Activity {
    fn from(event: Event) -> Self {
        let (name, email) = match event.account {
            Some(account) => (account.display_name().to_owned(), account.email),
            None => (GONE.to_owned(), None),
        };
        Self {
            id: event.id,
            details: event.action.sentence().to_owned(),
            action: event.action.word().to_owned(),
            timestamp: event.at,
            user_type: match event.role {
                Some(Role::Patient) => "Patient",
                Some(Role::Doctor) => "Dermatologist",
                Some(Role::Admin) => "Admin",
                None => "User",
            },
            user_name: name,
            user_email: email.map(String::from).unwrap_or_default(),
        }
    }
}
