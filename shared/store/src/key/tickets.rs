//! Keys of support tickets.

use domain::id::{TicketId, UserId};
use domain::ticket::TicketStatus;

use super::{Key, KeyRange, USER, item_of, key, range};
use crate::table::Table;

/// All in one partition, where a change of keys finds them.
pub(crate) const TICKETS: &str = "TICKETS";
const TICKET: &str = "TICKET#";

pub(crate) fn ticket(id: TicketId) -> Key {
    item_of(&tickets(), &format!("{TICKET}{id}"))
}

pub(crate) fn tickets() -> KeyRange {
    range(Table::Platform, TICKETS.to_owned(), TICKET)
}

pub(crate) fn ticket_by_status(status: TicketStatus, id: TicketId) -> Key {
    item_of(&tickets_by_status(status), &format!("{TICKET}{id}"))
}

pub(crate) fn tickets_by_status(status: TicketStatus) -> KeyRange {
    range(Table::Platform, format!("TICKETSTATUS#{}", status.word()), TICKET)
}

pub(crate) fn ticket_of(writer: UserId, id: TicketId) -> Key {
    item_of(&tickets_of(writer), &format!("{TICKET}{id}"))
}

pub(crate) fn tickets_of(writer: UserId) -> KeyRange {
    range(Table::Platform, format!("{USER}{writer}"), TICKET)
}

pub(crate) fn ticket_counts() -> Key {
    key(Table::Platform, "TICKETCOUNTS".to_owned(), "COUNT")
}
