//! `GET /api/admin/activity-logs`: what happened to accounts lately, newest first (contract #63).

use domain::id::OutboxId;
use domain::role::Role;
use domain::session::Product;
use jiff::Timestamp;
use runtime::answer::Json;
use runtime::callers::Admin;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::Limit;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::activity;

use crate::needs;

pub static FUNCTION: Function = Function::endpoint::<ListActivity>();

pub struct ListActivity;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Parameters {
    limit: Option<Limit>,
}

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

    type Caller = Admin;
    type Input = Query<Parameters>;
    type Output = Json<Vec<Activity>>;

    async fn handle(context: &Context, _: Admin, Query(parameters): Self::Input) -> Result<Self::Output, Problem> {
        let limit = parameters.limit.map_or(100, |limit| usize::from(limit.0));
        let found = activity::list(&context.store, context.now, limit).await?;
        let activities = found.into_iter().map(|event| Activity {
            id: event.id,
            details: event.action.sentence().to_owned(),
            action: event.action.word().to_owned(),
            timestamp: event.at,
            user_type: match event.role {
                Role::Patient => "Patient",
                Role::Doctor => "Dermatologist",
                Role::Admin => "Admin",
            },
            user_name: event.name,
            user_email: event.email.unwrap_or_default(),
        });
        Ok(Json(activities.collect()))
    }
}
