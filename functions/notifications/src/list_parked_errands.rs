//! `GET /api/admin/outbox/parked`: what could not be done and waits for a person, newest first.

use domain::id::OutboxId;
use jiff::Timestamp;
use runtime::answer::PageOf;
use runtime::callers::Admin;
use runtime::input::Query;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::outbox::{self, Parked, Reason};
use store::table::{ItemAction, Table};
use store::{Page, PageRequest};

pub static FUNCTION: Function = Function::endpoint::<ListParkedErrands>();

pub struct ListParkedErrands;

#[derive(Deserialize, JsonSchema)]
pub struct Paging {
    /// From the `Link` header of an earlier page.
    #[serde(default)]
    cursor: Option<ListCursor>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(inline)]
struct ListCursor(#[schemars(with = "String")] store::Cursor);

impl TryFrom<String> for ListCursor {
    type Error = store::MalformedCursor;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self)
    }
}

/// Without what it says and to whom.
#[derive(Serialize, JsonSchema)]
pub struct Item {
    id: OutboxId,
    /// What sort of errand, such as `tell_by_mail`.
    errand: String,
    attempts: u32,
    reason: Reason,
    #[schemars(with = "String")]
    created_at: Timestamp,
}

const PAGE: u16 = 50;

impl Endpoint for ListParkedErrands {
    const NAME: &'static str = "list-parked-errands";
    const SUMMARY: &'static str = "Messages and removals that failed for good, newest first";
    const ROUTES: &'static [Route] = &[Route::get("/api/admin/outbox/parked")];
    const NEEDS: &'static [Need] = &[Need::Items(Table::Notifications, &[ItemAction::Query])];

    type Caller = Admin;
    type Input = Query<Paging>;
    type Output = PageOf<Item>;

    async fn handle(context: &Context, _: Admin, Query(paging): Query<Paging>) -> Result<Self::Output, Problem> {
        let request = PageRequest {
            limit: PAGE,
            after: paging.cursor.map(|cursor| cursor.0),
        };
        let Page { items, next } = outbox::list_parked(&context.store, &request).await?;
        Ok(PageOf {
            items: items.into_iter().map(item).collect(),
            next: next.map(|cursor| format!("/api/admin/outbox/parked?cursor={cursor}")),
        })
    }
}

fn item(parked: Parked) -> Item {
    Item {
        id: parked.id,
        errand: parked.kind,
        attempts: parked.attempts,
        reason: parked.reason,
        created_at: parked.created_at,
    }
}
