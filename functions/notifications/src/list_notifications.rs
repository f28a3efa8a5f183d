//! `GET /api/notifications`: the own notifications, newest first, and how many are unread (contract #140).

use runtime::answer::Json;
use runtime::callers::SignedIn;
use runtime::input::Query;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::notifications;
use store::table::{ItemAction, Table};

use crate::notification::Item;

pub static FUNCTION: Function = Function::endpoint::<ListNotifications>();

pub struct ListNotifications;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Paging {
    unread_only: bool,
    limit: Limit,
    offset: Offset,
}

#[derive(Deserialize, JsonSchema, Clone, Copy)]
#[serde(try_from = "u16")]
#[schemars(inline)]
struct Limit(#[schemars(range(min = 1, max = 100))] u16);

#[derive(Deserialize, JsonSchema, Clone, Copy)]
#[serde(try_from = "u16")]
struct Offset(#[schemars(range(max = 1000))] u16);

impl Default for Paging {
    fn default() -> Self {
        Self {
            unread_only: false,
            limit: Limit(50),
            offset: Offset(0),
        }
    }
}

impl TryFrom<u16> for Limit {
    type Error = &'static str;

    fn try_from(limit: u16) -> Result<Self, Self::Error> {
        if (1..=100).contains(&limit) {
            Ok(Self(limit))
        } else {
            Err("must be from 1 to 100")
        }
    }
}

impl TryFrom<u16> for Offset {
    type Error = &'static str;

    fn try_from(offset: u16) -> Result<Self, Self::Error> {
        if offset <= 1000 {
            Ok(Self(offset))
        } else {
            Err("must be at most 1000")
        }
    }
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    notifications: Vec<Item>,
    /// Of those asked for: all, or the unread ones.
    total: u32,
    unread_count: u32,
    limit: u16,
    offset: u16,
}

impl Endpoint for ListNotifications {
    const NAME: &'static str = "list-notifications";
    const SUMMARY: &'static str = "The own notifications, newest first, and how many are unread";
    const ROUTES: &'static [Route] = &[Route::get("/api/notifications")];
    const NEEDS: &'static [Need] = &[Need::Items(Table::Notifications, &[ItemAction::Get, ItemAction::Query])];

    type Caller = SignedIn;
    type Input = Query<Paging>;
    type Output = Json<Answer>;

    async fn handle(
        context: &Context,
        caller: SignedIn,
        Query(paging): Query<Paging>,
    ) -> Result<Self::Output, Problem> {
        let Paging {
            unread_only,
            limit: Limit(limit),
            offset: Offset(offset),
        } = paging;
        let user = caller.user_id();
        let (lines, counts) = notifications::list(&context.store, user, unread_only, offset, limit).await?;
        Ok(Json(Answer {
            notifications: lines.into_iter().map(Item::from).collect(),
            total: if unread_only { counts.unread } else { counts.total },
            unread_count: counts.unread,
            limit,
            offset,
        }))
    }
}
