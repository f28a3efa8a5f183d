//! `GET /api/audit/me`: who did what with the own health data, newest first; for a suspended person too.

use runtime::answer::Json;
use runtime::callers::SignedInOrSuspended;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::Paging;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::table::{ItemAction, Table};
use store::{Page, audit};

use crate::entry::Entry;

pub static FUNCTION: Function = Function::endpoint::<ListOwnAuditEntries>();

pub struct ListOwnAuditEntries;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OwnAuditEntries")]
pub struct Answer {
    entries: Vec<Entry>,
    /// To go on from; null on the last page.
    next_cursor: Option<String>,
}

impl Endpoint for ListOwnAuditEntries {
    const NAME: &'static str = "list-own-audit-entries";
    const SUMMARY: &'static str = "Who looked at the own health data";
    const ROUTES: &'static [Route] = &[Route::get("/api/audit/me")];
    const NEEDS: &'static [Need] = &[Need::Items(Table::Audit, &[ItemAction::Query])];

    type Caller = SignedInOrSuspended;
    type Input = Query<Paging>;
    type Output = Json<Answer>;

    async fn handle(
        context: &Context,
        caller: SignedInOrSuspended,
        Query(paging): Query<Paging>,
    ) -> Result<Self::Output, Problem> {
        let Page { items, next } = audit::list(&context.store, caller.session.user_id, &paging.into()).await?;
        Ok(Json(Answer {
            entries: items.into_iter().map(Entry::from).collect(),
            next_cursor: next.map(|cursor| cursor.to_string()),
        }))
    }
}
