//! `GET /api/support/tickets`: all support tickets, or those of a status, newest first (contract #151).

use domain::ticket::TicketStatus;
use futures_util::future::try_join;
use runtime::answer::Json;
use runtime::callers::Admin;
use runtime::input::Query;
use runtime::need::Need;
use runtime::paging::Limit;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::table::{ItemAction, Table};
use store::tickets;

use crate::ticket_answer::TicketAnswer;

pub static FUNCTION: Function = Function::endpoint::<ListTickets>();

pub struct ListTickets;

#[derive(Deserialize, JsonSchema)]
pub struct Filter {
    /// All without it.
    #[serde(default)]
    status: Option<TicketStatus>,
    /// How many to leave out, 2,000 at most.
    #[serde(default)]
    skip: u16,
    /// 1 to 100; 50 without it.
    #[serde(default)]
    limit: Limit,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Tickets")]
pub struct Answer {
    tickets: Vec<TicketAnswer>,
    /// How many there are in all, of that status if one was asked for.
    total: u64,
}

impl Endpoint for ListTickets {
    const NAME: &'static str = "list-tickets";
    const SUMMARY: &'static str = "Everybody's support tickets";
    const ROUTES: &'static [Route] = &[Route::get("/api/support/tickets")];
    const NEEDS: &'static [Need] = &[
        Need::Items(
            Table::Platform,
            &[ItemAction::Get, ItemAction::Query, ItemAction::BatchGet],
        ),
        Need::FieldKeys,
    ];

    type Caller = Admin;
    type Input = Query<Filter>;
    type Output = Json<Answer>;

    async fn handle(context: &Context, _: Admin, Query(filter): Query<Filter>) -> Result<Self::Output, Problem> {
        let (skip, limit) = (usize::from(filter.skip), usize::from(filter.limit.0));
        let listing = tickets::list(&context.store, filter.status, skip, limit);
        let (tickets, total) = try_join(listing, tickets::count(&context.store, filter.status)).await?;
        Ok(Json(Answer {
            tickets: tickets.into_iter().map(TicketAnswer::from).collect(),
            total,
        }))
    }
}
