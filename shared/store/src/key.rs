//! Keys of all items, and the questions they answer.
//!
//! | Question | Table | Partition | Sort | How |
//! |---|---|---|---|---|
//! | The account of a user | identity | `USER#<user>` | `ACCOUNT` | get |
//! | A session of a user | identity | `USER#<user>` | `SESSION#<session>` | get |
//! | Who holds this e-mail address | identity | `EMAIL#<address>` | `HOLDER` | get |
//! | Who holds this user name | identity | `USERNAME#<name>` | `HOLDER` | get |
//! | Who holds this user number | identity | `NUMBER#<number>` | `HOLDER` | get |
//! | A patient's predictions, newest first | diagnosis | `PATIENT#<user>` | `PREDICTION#<id>` | query backwards |
//! | One prediction of a patient | diagnosis | `PATIENT#<user>` | `PREDICTION#<id>` | get |
//! | How many reports a day has | diagnosis | `REPORTS#<day>` | `COUNT` | update |
//! | What must still happen | notifications | `OUTBOX#<id>` | `ENTRY` | stream |
//! | A support ticket; all of them, newest first | platform | `TICKETS` | `TICKET#<id>` | get, query backwards |
//! | Tickets of a status, newest first | platform | `TICKETSTATUS#<status>` | `TICKET#<id>` | query backwards |
//! | A writer's tickets, newest first | platform | `USER#<user>` | `TICKET#<id>` | query backwards |
//! | How many tickets there are of each status | platform | `TICKETCOUNTS` | `COUNT` | get |
//! | A user's upload | platform | `USER#<user>` | `UPLOAD#<id>` | get |
//! | What was done with a person's health data, newest first | audit | `SUBJECT#<user>` | `ENTRY#<position>` | query backwards |
//! | How long that chain is | audit | `SUBJECT#<user>` | `HEAD` | get |
//! | What was done on a day, newest first | audit | `DAY#<day>#<shard>` | `EVENT#<errand>` | query backwards |
//! | How often a caller called lately | limits | `CALLER#<hash>` | `<class>` | update |
//! | The keys of sealed fields | platform | `KEYRING` | `RING` | get |
//! | How far the current change of keys is | platform | `KEYRING` | `ROTATION` | get |
//! | Users, by age | identity | `DIRECTORY#ALL` | `USER#<user>` | query |
//! | All items of a user, to seal them anew | identity | `USER#<user>` | all | query |

use domain::audit::AuditDay;
use domain::email_address::EmailAddress;
use domain::id::{OutboxId, PredictionId, SessionId, TicketId, UploadId, UserId, UserNumber};
use domain::prediction::ReportDay;
use domain::ticket::TicketStatus;
use domain::username::Username;

use crate::table::Table;

/// Where one item is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub table: Table,
    pub partition: String,
    pub sort: String,
}

/// Where a list of items is: all those of a partition whose sort key begins so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyRange {
    pub table: Table,
    pub partition: String,
    pub sort_prefix: String,
}

const PREDICTION: &str = "PREDICTION#";
const AUDIT_ENTRY: &str = "ENTRY#";
const AUDIT_DAY_ENTRY: &str = "EVENT#";

fn key(table: Table, partition: String, sort: impl Into<String>) -> Key {
    Key {
        table,
        partition,
        sort: sort.into(),
    }
}

fn range(table: Table, partition: String, sort_prefix: impl Into<String>) -> KeyRange {
    KeyRange {
        table,
        partition,
        sort_prefix: sort_prefix.into(),
    }
}

pub(crate) fn account(user: UserId) -> Key {
    key(Table::Identity, format!("USER#{user}"), "ACCOUNT")
}

/// Where no account is: read in place of one that a log-in does not find.
pub(crate) fn no_account() -> Key {
    key(Table::Identity, "USER#none".to_owned(), "ACCOUNT")
}

pub(crate) fn session(user: UserId, session: SessionId) -> Key {
    key(Table::Identity, format!("USER#{user}"), format!("SESSION#{session}"))
}

pub(crate) fn email_holder(email: &EmailAddress) -> Key {
    key(Table::Identity, format!("EMAIL#{}", email.as_str()), "HOLDER")
}

pub(crate) fn username_holder(name: &Username) -> Key {
    key(Table::Identity, format!("USERNAME#{}", name.normalized()), "HOLDER")
}

pub(crate) fn number_holder(number: UserNumber) -> Key {
    key(Table::Identity, format!("NUMBER#{number}"), "HOLDER")
}

pub(crate) fn prediction(patient: UserId, id: PredictionId) -> Key {
    key(
        Table::Diagnosis,
        format!("PATIENT#{patient}"),
        format!("{PREDICTION}{id}"),
    )
}

pub(crate) fn predictions(patient: UserId) -> KeyRange {
    range(Table::Diagnosis, format!("PATIENT#{patient}"), PREDICTION)
}

pub(crate) fn report_count(day: &ReportDay) -> Key {
    key(Table::Diagnosis, format!("REPORTS#{}", day.as_str()), "COUNT")
}

pub(crate) fn outbox_entry(id: OutboxId) -> Key {
    key(Table::Notifications, format!("OUTBOX#{id}"), "ENTRY")
}

pub(crate) fn upload(owner: UserId, id: UploadId) -> Key {
    key(Table::Platform, format!("USER#{owner}"), format!("UPLOAD#{id}"))
}

pub(crate) fn bucket(caller_hash: &str, class: &str) -> Key {
    key(Table::Limits, format!("CALLER#{caller_hash}"), class)
}

/// A day's entries lie in so many partitions: one takes a thousand writes a second at most.
pub(crate) const AUDIT_DAY_SHARDS: u8 = 4;

pub(crate) fn audit_head(subject: UserId) -> Key {
    key(Table::Audit, format!("SUBJECT#{subject}"), "HEAD")
}

pub(crate) fn audit_entry(subject: UserId, position: u64) -> Key {
    key(
        Table::Audit,
        format!("SUBJECT#{subject}"),
        format!("{AUDIT_ENTRY}{position:012}"),
    )
}

pub(crate) fn audit_entries(subject: UserId) -> KeyRange {
    range(Table::Audit, format!("SUBJECT#{subject}"), AUDIT_ENTRY)
}

/// The position that an entry's sort key names.
pub(crate) fn audit_position(sort: &str) -> Option<u64> {
    sort.strip_prefix(AUDIT_ENTRY)?.parse().ok()
}

pub(crate) fn audit_day_entry(day: AuditDay, errand: OutboxId) -> Key {
    // The last digit is random.
    let digit = errand.to_string().bytes().last().unwrap_or_default();
    let range = audit_day(day, digit % AUDIT_DAY_SHARDS);
    key(range.table, range.partition, format!("{AUDIT_DAY_ENTRY}{errand}"))
}

pub(crate) fn audit_day(day: AuditDay, shard: u8) -> KeyRange {
    range(Table::Audit, format!("DAY#{day}#{shard}"), AUDIT_DAY_ENTRY)
}

pub(crate) fn key_ring() -> Key {
    key(Table::Platform, "KEYRING".to_owned(), "RING")
}

pub(crate) fn key_rotation() -> Key {
    key(Table::Platform, "KEYRING".to_owned(), "ROTATION")
}

/// Everybody who has an account. Their sort keys are the names of their own partitions.
pub(crate) fn everybody() -> KeyRange {
    range(Table::Identity, "DIRECTORY#ALL".to_owned(), "USER#")
}

/// Every item of a partition, of whatever kind.
pub(crate) fn whole_partition(table: Table, partition: &str) -> KeyRange {
    range(table, partition.to_owned(), "")
}

/// An item found in a range.
pub(crate) fn item_of(range: &KeyRange, sort: &str) -> Key {
    key(range.table, range.partition.clone(), sort)
}

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
    range(Table::Platform, format!("USER#{writer}"), TICKET)
}

pub(crate) fn ticket_counts() -> Key {
    key(Table::Platform, "TICKETCOUNTS".to_owned(), "COUNT")
}
