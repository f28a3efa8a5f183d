//! `GET /api/firmware/releases`: the newest releases for a hardware, the highest first, and how their rollouts go.

use domain::firmware::Hardware;
use futures_util::future::try_join_all;
use runtime::answer::Json;
use runtime::callers::Operator;
use runtime::input::Query;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::firmware;
use store::table::{ItemAction, Table};

use crate::release_answer::{OfHardware, ReleaseAnswer};

pub static FUNCTION: Function = Function::endpoint::<ListReleases>();

pub struct ListReleases;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FirmwareReleases")]
pub struct Answer {
    hardware: Hardware,
    releases: Vec<ReleaseAnswer>,
}

impl Endpoint for ListReleases {
    const NAME: &'static str = "list-releases";
    const SUMMARY: &'static str = "Firmware releases and how their rollouts go";
    const ROUTES: &'static [Route] = &[Route::get("/api/firmware/releases")];
    const NEEDS: &'static [Need] = &[Need::Items(Table::Firmware, &[ItemAction::Get, ItemAction::Query])];

    type Caller = Operator;
    type Input = Query<OfHardware>;
    type Output = Json<Answer>;

    async fn handle(context: &Context, _: Operator, Query(query): Query<OfHardware>) -> Result<Self::Output, Problem> {
        let head = firmware::head(&context.store, query.hardware).await?;
        let releases = head.releases.iter().map(|release| ReleaseAnswer::of(context, release));
        Ok(Json(Answer {
            hardware: query.hardware,
            releases: try_join_all(releases).await?,
        }))
    }
}
