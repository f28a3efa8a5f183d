//! `POST /api/support/tickets`: ask for support, signed in or not (contract #149).

use domain::id::TicketId;
use domain::ticket::{Ticket, TicketForm};
use runtime::answer;
use runtime::callers::{Caller, MaybeSignedIn};
use runtime::input::Json;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::table::{ItemAction, Table};
use store::tickets;

pub static FUNCTION: Function = Function::endpoint::<OpenTicket>();

pub struct OpenTicket;

/// Who writes is known from the bearer; a `userId` here is ignored.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "TicketForm")]
pub struct Body {
    name: String,
    email: String,
    subject: String,
    /// Such as `Account`, `Technical`, `Billing`, `Privacy`, `General` or `Other`.
    category: String,
    message: String,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "OpenedTicket")]
pub struct Answer {
    message: &'static str,
    ticket_id: TicketId,
}

impl Endpoint for OpenTicket {
    const NAME: &'static str = "open-ticket";
    const SUMMARY: &'static str = "Ask for support";
    const ROUTES: &'static [Route] = &[Route::post("/api/support/tickets")];
    const RATE: RateClass = RateClass::OpenForm;
    const NEEDS: &'static [Need] = &[
        Need::Items(Table::Platform, &[ItemAction::Put, ItemAction::Update]),
        Need::FieldKeys,
    ];

    type Caller = MaybeSignedIn;
    type Input = Json<Body>;
    type Output = answer::Json<Answer>;

    async fn handle(context: &Context, caller: MaybeSignedIn, Json(body): Json<Body>) -> Result<Self::Output, Problem> {
        let form = TicketForm {
            name: body.name,
            email: body.email,
            subject: body.subject,
            category: body.category,
            message: body.message,
        };
        let ticket = Ticket::open(context.new_id(TicketId::new)?, caller.user(), form, context.now)?;
        tickets::open(&context.store, &ticket).await?;
        Ok(answer::Json(Answer {
            message: "Support ticket submitted successfully",
            ticket_id: ticket.id,
        }))
    }
}
