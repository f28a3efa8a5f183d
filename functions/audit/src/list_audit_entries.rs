//! `GET /api/admin/audit`: who did what with anybody's health data on a day, or with one person's; newest first.

use domain::audit::AuditDay;
use domain::id::UserId;
use runtime::answer::Json;
use runtime::callers::Admin;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::{Limit, ListCursor};
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::table::{ItemAction, Table};
use store::{Page, PageRequest, audit};

use crate::entry::EntryOfAnybody;

pub static FUNCTION: Function = Function::endpoint::<ListAuditEntries>();

pub struct ListAuditEntries;

#[derive(Deserialize, JsonSchema)]
pub struct Filter {
    /// Whose data; anybody's without it.
    #[serde(default)]
    subject: Option<UserId>,
    /// A UTC day such as 2026-11-25: today without it. With `subject`, pages hold that day's entries only and may be
    /// short.
    #[serde(default)]
    day: Option<String>,
    /// 1 to 100; 50 without it.
    #[serde(default)]
    limit: Limit,
    /// From an earlier page.
    #[serde(default)]
    cursor: Option<ListCursor>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AuditEntries")]
pub struct Answer {
    entries: Vec<EntryOfAnybody>,
    /// To go on from; null on the last page.
    next_cursor: Option<String>,
}

impl Endpoint for ListAuditEntries {
    const NAME: &'static str = "list-audit-entries";
    const SUMMARY: &'static str = "Who looked at anybody's health data";
    const ROUTES: &'static [Route] = &[Route::get("/api/admin/audit")];
    const NEEDS: &'static [Need] = &[Need::Items(Table::Audit, &[ItemAction::Query])];

    type Caller = Admin;
    type Input = Query<Filter>;
    type Output = Json<Answer>;

    async fn handle(context: &Context, _: Admin, Query(filter): Query<Filter>) -> Result<Self::Output, Problem> {
        let page = PageRequest {
            limit: filter.limit.0,
            after: filter.cursor.map(|cursor| cursor.0),
        };
        let day: Option<AuditDay> = filter.day.map(|day| day.parse()).transpose()?;
        let Page { items, next } = match filter.subject {
            Some(subject) => audit::list(&context.store, subject, &page).await?,
            None => audit::list_day(&context.store, day.unwrap_or(AuditDay::of(context.now)), &page).await?,
        };
        let on_day = items
            .into_iter()
            .filter(|entry| day.is_none_or(|day| AuditDay::of(entry.event.at) == day));
        Ok(Json(Answer {
            entries: on_day.map(EntryOfAnybody::from).collect(),
            next_cursor: next.map(|cursor| cursor.to_string()),
        }))
    }
}
