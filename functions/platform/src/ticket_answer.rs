//! A support ticket as answers show it.

use domain::email_address::EmailAddress;
use domain::id::{TicketId, UserId};
use domain::ticket::{Ticket, TicketRefused, TicketStatus};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Deserialize, JsonSchema)]
pub struct Parameters {
    /// 24 hexadecimal digits.
    id: String,
}

impl Parameters {
    pub fn ticket(&self) -> Result<TicketId, TicketRefused> {
        self.id.parse().map_err(|_| TicketRefused::MalformedId)
    }
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "SupportTicket")]
pub struct TicketAnswer {
    id: TicketId,
    name: String,
    email: EmailAddress,
    subject: String,
    category: String,
    message: String,
    status: TicketStatus,
    /// The writer, if they had signed in.
    user_id: Option<UserId>,
    #[schemars(with = "String")]
    created_at: Timestamp,
    #[schemars(with = "String")]
    updated_at: Timestamp,
    admin_response: Option<String>,
    responded_by: Option<UserId>,
    #[schemars(with = "Option<String>")]
    responded_at: Option<Timestamp>,
}

impl From<Ticket> for TicketAnswer {
    fn from(ticket: Ticket) -> Self {
        Self {
            id: ticket.id,
            name: ticket.name,
            email: ticket.email,
            subject: ticket.subject,
            category: ticket.category,
            message: ticket.message,
            status: ticket.status,
            user_id: ticket.writer,
            created_at: ticket.created_at,
            updated_at: ticket.updated_at,
            admin_response: ticket.response,
            responded_by: ticket.responded_by,
            responded_at: ticket.responded_at,
        }
    }
}
