//! `DELETE /api/support/tickets/{id}`: delete a support ticket (contract #153).

use runtime::answer::Json;
use runtime::callers::Admin;
use runtime::input::Path;
use runtime::need::Need;
use runtime::{Context, Endpoint, Function, Problem, Route};
use schemars::JsonSchema;
use serde::Serialize;
use store::table::{ItemAction, Table};
use store::tickets;

use crate::ticket_answer::Parameters;

pub static FUNCTION: Function = Function::endpoint::<DeleteTicket>();

pub struct DeleteTicket;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DeletedTicket")]
pub struct Answer {
    message: &'static str,
}

impl Endpoint for DeleteTicket {
    const NAME: &'static str = "delete-ticket";
    const SUMMARY: &'static str = "Delete a support ticket";
    const ROUTES: &'static [Route] = &[Route::delete("/api/support/tickets/{id}")];
    const NEEDS: &'static [Need] = &[
        Need::Items(
            Table::Platform,
            &[ItemAction::Get, ItemAction::Update, ItemAction::Delete],
        ),
        Need::FieldKeys,
    ];

    type Caller = Admin;
    type Input = Path<Parameters>;
    type Output = Json<Answer>;

    async fn handle(context: &Context, _: Admin, Path(path): Path<Parameters>) -> Result<Self::Output, Problem> {
        tickets::remove(&context.store, path.ticket()?).await?;
        Ok(Json(Answer {
            message: "Ticket deleted successfully",
        }))
    }
}
