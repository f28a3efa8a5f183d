//! Support tickets: what somebody, with an account or without, asks of the people behind the product.

use std::fmt;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::email_address::EmailAddress;
use crate::id::{TicketId, UserId};
use crate::refusal::{FieldError, Kind, Refusal};

const LONGEST_NAME: usize = 200;
const LONGEST_SUBJECT: usize = 200;
const LONGEST_CATEGORY: usize = 50;
const LONGEST_MESSAGE: usize = 5_000;

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    pub id: TicketId,
    /// The writer, if signed in. A member of the body that says so is not proof of it.
    pub writer: Option<UserId>,
    pub name: String,
    pub email: EmailAddress,
    pub subject: String,
    pub category: String,
    pub message: String,
    pub status: TicketStatus,
    pub response: Option<String>,
    pub responded_by: Option<UserId>,
    pub responded_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Counts changes: two admins at once do not undo one another's.
    pub revision: u32,
}

/// People write health data into tickets.
impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ticket({}, {:?}, [redacted])", self.id, self.status)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TicketStatus {
    Open,
    InProgress,
    Resolved,
    Closed,
}

impl TicketStatus {
    pub const ALL: [TicketStatus; 4] = [
        TicketStatus::Open,
        TicketStatus::InProgress,
        TicketStatus::Resolved,
        TicketStatus::Closed,
    ];

    /// As on the wire.
    pub fn word(self) -> &'static str {
        match self {
            TicketStatus::Open => "open",
            TicketStatus::InProgress => "in-progress",
            TicketStatus::Resolved => "resolved",
            TicketStatus::Closed => "closed",
        }
    }
}

/// What a writer fills in.
pub struct TicketForm {
    pub name: String,
    pub email: String,
    pub subject: String,
    pub category: String,
    pub message: String,
}

/// What an admin changes; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct TicketChange {
    pub status: Option<TicketStatus>,
    pub response: Option<String>,
}

impl Ticket {
    pub fn open(id: TicketId, writer: Option<UserId>, form: TicketForm, now: Timestamp) -> Result<Self, TicketRefused> {
        Ok(Self {
            id,
            writer,
            name: text("name", form.name, LONGEST_NAME)?,
            email: form.email.parse().map_err(|_| TicketRefused::MalformedEmail)?,
            subject: text("subject", form.subject, LONGEST_SUBJECT)?,
            category: text("category", form.category, LONGEST_CATEGORY)?,
            message: text("message", form.message, LONGEST_MESSAGE)?,
            status: TicketStatus::Open,
            response: None,
            responded_by: None,
            responded_at: None,
            created_at: now,
            updated_at: now,
            revision: 0,
        })
    }

    /// When its writer's account goes.
    pub fn without_writer(&self) -> Self {
        Self {
            writer: None,
            revision: self.revision + 1,
            ..self.clone()
        }
    }

    pub fn changed(&self, change: TicketChange, admin: UserId, now: Timestamp) -> Result<Self, TicketRefused> {
        let mut ticket = self.clone();
        ticket.status = change.status.unwrap_or(ticket.status);
        if let Some(response) = change.response {
            ticket.response = Some(text("adminResponse", response, LONGEST_MESSAGE)?);
            ticket.responded_by = Some(admin);
            ticket.responded_at = Some(now);
        }
        ticket.updated_at = now;
        ticket.revision += 1;
        Ok(ticket)
    }
}

fn text(field: &'static str, text: String, limit: usize) -> Result<String, TicketRefused> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(TicketRefused::Empty(field)),
        length if length > limit => Err(TicketRefused::TooLong { field, limit }),
        _ => Ok(text.to_owned()),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TicketRefused {
    #[error("{0} is required")]
    Empty(&'static str),
    #[error("{field} must have at most {limit} characters")]
    TooLong { field: &'static str, limit: usize },
    #[error("A valid email is required")]
    MalformedEmail,
    #[error("Invalid ticket id")]
    MalformedId,
    #[error("Ticket not found")]
    NotFound,
}

impl Refusal for TicketRefused {
    fn kind(&self) -> Kind {
        match self {
            TicketRefused::NotFound => Kind::NotFound,
            TicketRefused::MalformedId => Kind::BadRequest,
            _ => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            TicketRefused::NotFound => "ticket_not_found",
            TicketRefused::MalformedId => "ticket_id_malformed",
            _ => "validation_error",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            TicketRefused::Empty(field) => vec![FieldError::new("body", field, "missing", "is required")],
            TicketRefused::TooLong { field, .. } => vec![FieldError::new("body", field, "too_long", self)],
            TicketRefused::MalformedEmail => vec![FieldError::new("body", "email", "invalid", self)],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> TicketForm {
        TicketForm {
            name: " Ana ".to_owned(),
            email: "ana@example.org".to_owned(),
            subject: "Help".to_owned(),
            category: "Technical".to_owned(),
            message: "It hurts".to_owned(),
        }
    }

    fn open(form: TicketForm) -> Result<Ticket, TicketRefused> {
        Ticket::open(
            TicketId::new(Timestamp::UNIX_EPOCH, [1; 6]),
            None,
            form,
            Timestamp::UNIX_EPOCH,
        )
    }

    #[test]
    fn what_is_empty_or_endless_is_refused() {
        assert_eq!(open(form()).unwrap().name, "Ana");
        let refused = |change: fn(&mut TicketForm)| {
            let mut form = form();
            change(&mut form);
            open(form).unwrap_err()
        };
        assert_eq!(
            refused(|form| form.message = " \n".to_owned()),
            TicketRefused::Empty("message")
        );
        assert_eq!(
            refused(|form| form.email = "ana".to_owned()),
            TicketRefused::MalformedEmail
        );
        let too_long = TicketRefused::TooLong {
            field: "subject",
            limit: LONGEST_SUBJECT,
        };
        assert_eq!(refused(|form| form.subject = "x".repeat(LONGEST_SUBJECT + 1)), too_long);
    }

    #[test]
    fn a_change_of_status_alone_is_no_answer() {
        let admin = UserId::new(Timestamp::UNIX_EPOCH, [2; 6]);
        let ticket = open(form()).unwrap();
        let change = TicketChange {
            status: Some(TicketStatus::Closed),
            response: None,
        };
        let closed = ticket.changed(change, admin, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!((closed.status, closed.responded_by), (TicketStatus::Closed, None));
        assert!(!format!("{closed:?}").contains("hurts"));
    }
}
