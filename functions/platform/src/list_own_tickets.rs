//! `GET /api/support/tickets/my`: the own support tickets, newest first (contract #150).

use runtime::answer::Json;
use runtime::callers::SignedInOrSuspended;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::table::{ItemAction, Table};
use store::tickets;

use crate::ticket_answer::TicketAnswer;

pub static FUNCTION: Function = Function::endpoint::<ListOwnTickets>();

pub struct ListOwnTickets;

/// More than anybody writes; older ones are with support.
const MOST: usize = 100;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OwnTickets")]
pub struct Answer {
    tickets: Vec<TicketAnswer>,
}

impl Endpoint for ListOwnTickets {
    const NAME: &'static str = "list-own-tickets";
    const SUMMARY: &'static str = "The own support tickets";
    const ROUTES: &'static [Route] = &[Route::get("/api/support/tickets/my")];
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Platform, &[ItemAction::Query, ItemAction::BatchGet]),
        Need::FieldKeys,
    ];

    type Caller = SignedInOrSuspended;
    type Input = ();
    type Output = Json<Answer>;

    async fn handle(context: &Context, caller: SignedInOrSuspended, (): ()) -> Result<Self::Output, Problem> {
        let tickets = tickets::list_own(&context.store, caller.session.user_id, MOST).await?;
        Ok(Json(Answer {
            tickets: tickets.into_iter().map(TicketAnswer::from).collect(),
        }))
    }
}
