//! `PUT /api/support/tickets/{id}`: answer a support ticket or change its status (contract #152).

use domain::id::OutboxId;
use domain::notice::Notice;
use domain::ticket::{Ticket, TicketChange, TicketStatus};
use runtime::answer;
use runtime::callers::Admin;
use runtime::input::{Json, Path};
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::outbox::{Entry, Errand};
use store::table::{ItemAction, Table};
use store::tickets;

use crate::ticket_answer::{Parameters, TicketAnswer};

pub static FUNCTION: Function = Function::endpoint::<AnswerTicket>();

pub struct AnswerTicket;

/// What is absent stays as it is.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TicketChange")]
pub struct Body {
    #[serde(default)]
    status: Option<TicketStatus>,
    /// The writer is told that there is one, not what it says.
    #[serde(default)]
    admin_response: Option<String>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ChangedTicket")]
pub struct Answer {
    message: &'static str,
    ticket: TicketAnswer,
}

impl Endpoint for AnswerTicket {
    const NAME: &'static str = "answer-ticket";
    const SUMMARY: &'static str = "Answer a support ticket";
    const ROUTES: &'static [Route] = &[Route::put("/api/support/tickets/{id}")];
    const NEEDS: &'static [Need] = &[
        Need::Items(
            Table::Platform,
            &[ItemAction::Get, ItemAction::Put, ItemAction::Update, ItemAction::Delete],
        ),
        Need::Items(Table::Notifications, &[ItemAction::Put]),
        Need::FieldKeys,
    ];

    type Caller = Admin;
    type Input = (Path<Parameters>, Json<Body>);
    type Output = answer::Json<Answer>;

    async fn handle(
        context: &Context,
        admin: Admin,
        (Path(path), Json(body)): Self::Input,
    ) -> Result<Self::Output, Problem> {
        let id = path.ticket()?;
        let change = TicketChange {
            status: body.status,
            response: body.admin_response,
        };
        let message = context.new_id(OutboxId::new)?;
        let tell = |before: &Ticket, after: &Ticket| {
            let user = after.writer.filter(|_| after.response != before.response)?;
            let notice = Notice::TicketAnswered;
            Some(Entry::new(message, Errand::Tell { user, notice }, context.now))
        };
        let answered = |ticket: &Ticket| ticket.changed(change.clone(), admin.session.user_id, context.now);
        let changed = tickets::change(&context.store, id, answered, tell);
        let ticket = changed.await?;
        Ok(answer::Json(Answer {
            message: "Ticket updated successfully",
            ticket: ticket.into(),
        }))
    }
}
