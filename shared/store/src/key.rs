//! Keys of all items, and the questions they answer.
//!
//! | Question | Table | Partition | Sort | How |
//! |---|---|---|---|---|
//! | The account of a user | identity | `USER#<user>` | `ACCOUNT` | get |
//! | A session of a user, with their account | identity | `USER#<user>` | `SESSION#<session>` | batch get |
//! | A user's sessions | identity | `USER#<user>` | `SESSION#` | query |
//! | Who holds this e-mail address, number, licence | identity | `EMAIL#<index>`, `PHONE#<index>`, `LICENSE#<index>` | `HOLDER` | get |
//! | Who holds this user name | identity | `USERNAME#<name>` | `HOLDER` | get |
//! | Who holds this user number | identity | `NUMBER#<number>` | `HOLDER` | get |
//! | Which outside identities a user has | identity | `USER#<user>` | `IDENTITY#<index>` | query |
//! | Who holds such an identity | identity | `IDENTITY#<index>` | `HOLDER` | get |
//! | Users of a list, by age | identity | `DIRECTORY#<list>` | `USER#<user>` | query |
//! | Doctors that patients can find | identity | `DOCTORS` | `ALL#<user>`, `TERM#<text>#<user>` | query |
//! | How many there are | identity | `COUNT#<counter>` | `SHARD#<n>` | query |
//! | Codes that wait for an answer | identity | `CODE#<index of destination>` | `<purpose>#<network>` | query |
//! | How much of a budget is spent | identity | `BUDGET#<kind>#<index>` | `<window>#<start>` | update |
//! | Failed sign-ins for a name from a network | identity | `FAILURES#<index of name>` | `<network>` | get |
//! | Networks somebody has signed in from | identity | `HOME#<index>` | `<network>` | get |
//! | A person's family links | identity | `USER#<user>` | `FAMILY#<link>` | query |
//! | Whether two people are linked | identity | `PAIR#<user>#<user>` | `HOLDER` | get |
//! | What a caregiver may see of an owner's | identity | `USER#<owner>` | `GRANT#<caregiver>` | get |
//! | What happened to accounts, newest first | identity | `ACTIVITY#<month>` | `<id>` | query backwards |
//! | A patient's predictions, newest first | diagnosis | `PATIENT#<user>` | `PREDICTION#<id>` | query backwards |
//! | One prediction of a patient | diagnosis | `PATIENT#<user>` | `PREDICTION#<id>` | get |
//! | A patient's skin records, newest first; one by its number | diagnosis | `PATIENT#<user>` | `SKIN#<number>` | query backwards, get |
//! | A patient's dental analyses, newest first | diagnosis | `PATIENT#<user>` | `DENTAL#<number>` | query backwards |
//! | A review request | diagnosis | `REVIEWS#<last digit of id>` | `REQUEST#<id>` | get |
//! | A person's review requests, newest first, all and by status | diagnosis | `REVIEWER#<user>` | `ALL#<id>`, `<status>#<id>` | query backwards |
//! | How many there are of each status | diagnosis | `REVIEWER#<user>` | `COUNT` | get |
//! | Whom a patient has asked about a prediction | diagnosis | `PATIENT#<user>` | `ASKED#<prediction>#<doctor>` | query |
//! | How many of those requests are open | diagnosis | `PATIENT#<user>` | `OPEN#<prediction>` | update |
//! | How many reports a day has | diagnosis | `REPORTS#<day>` | `COUNT` | update |
//! | What must still happen | notifications | `OUTBOX#<id>` | `ENTRY` | stream, get |
//! | Which errands are due to be tried again | notifications | `RETRY` | `<due>#<id>` | query up to now |
//! | Which errands wait for a person, newest first | notifications | `PARKED` | `ID#<id>` | query backwards |
//! | A user's notifications, newest first | notifications | `INBOX#<user>` | `NOTE#<id>` | query backwards, query |
//! | Those that are unread, newest first | notifications | `INBOX#<user>` | `UNREAD#<id>` | query backwards |
//! | How many of both | notifications | `INBOX#<user>` | `COUNT` | get |
//! | A user's devices | notifications | `DEVICES#<user>` | `DEVICE#<id>` | query backwards, get |
//! | Whose a push token is | notifications | `PUSH#<index>` | `HOLDER` | get |
//! | A user's upload; all of them, to remove them | platform | `USER#<user>` | `UPLOAD#<id>` | get, query |
//! | A support ticket; all of them, newest first | platform | `TICKETS` | `TICKET#<id>` | get, query backwards |
//! | Tickets of a status, newest first | platform | `TICKETSTATUS#<status>` | `TICKET#<id>` | query backwards |
//! | A writer's tickets, newest first | platform | `USER#<user>` | `TICKET#<id>` | query backwards |
//! | How many tickets there are of each status | platform | `TICKETCOUNTS` | `COUNT` | get |
//! | Treatment suggestions that admins have changed or added | platform | `TREATMENTS` | `ID#<id>` | query, get |
//! | Which of them has a name | platform | `TREATMENTS` | `NAME#<name>` | check |
//! | Skin clinics around a cell of the map | platform | `CLINICS#<cell>` | `WITHIN#<metres>` | get |
//! | What was done with a person's health data, newest first | audit | `SUBJECT#<user>` | `ENTRY#<position>` | query backwards |
//! | How long that chain is | audit | `SUBJECT#<user>` | `HEAD` | get |
//! | What was done on a day, newest first | audit | `DAY#<day>#<shard>` | `EVENT#<errand>` | query backwards |
//! | How often a caller called lately | limits | `CALLER#<hash>` | `<class>` | update |
//! | The keys of sealed fields | platform | `KEYRING` | `RING` | get |
//! | How far the current change of keys is | platform | `KEYRING` | `ROTATION` | get |
//! | All items of a user, to seal them anew or remove them | identity | `USER#<user>` | all | query |

mod catalogue;
mod reviews;

use domain::audit::AuditDay;
use domain::id::{
    DeviceId, FamilyLinkId, NotificationId, OutboxId, PredictionId, RecordNumber, SessionId, TicketId, UploadId,
    UserId, UserNumber,
};
use domain::one_time_code::Purpose;
use domain::prediction::ReportDay;
use domain::ticket::TicketStatus;
use domain::username::Username;
use jiff::Timestamp;

use crate::table::Table;

pub(crate) use catalogue::*;
pub(crate) use reviews::*;

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
const RETRY: &str = "RETRY";
const PARKED: &str = "PARKED";
const ID: &str = "ID#";
const NOTE: &str = "NOTE#";
const UNREAD: &str = "UNREAD#";
const DEVICE: &str = "DEVICE#";
/// Where an outbox entry is in its partition.
pub(crate) const ENTRY: &str = "ENTRY";
const OUTBOX: &str = "OUTBOX#";
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

/// Where the one is noted who holds something unique; `index` is the blind index of it.
pub(crate) fn holder(kind: &str, index: &str) -> Key {
    key(Table::Identity, format!("{kind}#{index}"), "HOLDER")
}

pub(crate) fn username_holder(name: &Username) -> Key {
    key(Table::Identity, format!("USERNAME#{}", name.normalized()), "HOLDER")
}

pub(crate) fn number_holder(number: UserNumber) -> Key {
    key(Table::Identity, format!("NUMBER#{number}"), "HOLDER")
}

const SESSION: &str = "SESSION#";
const IDENTITY: &str = "IDENTITY#";
const FAMILY: &str = "FAMILY#";

pub(crate) fn sessions(user: UserId) -> KeyRange {
    range(Table::Identity, format!("USER#{user}"), SESSION)
}

/// `index` is the blind index of who they are at an outside provider.
pub(crate) fn identity_of(user: UserId, index: &str) -> Key {
    item_of(&identities_of(user), &format!("{IDENTITY}{index}"))
}

pub(crate) fn identities_of(user: UserId) -> KeyRange {
    range(Table::Identity, format!("USER#{user}"), IDENTITY)
}

pub(crate) fn listed(list: &str, user: UserId) -> Key {
    key(Table::Identity, format!("DIRECTORY#{list}"), format!("USER#{user}"))
}

pub(crate) fn directory(list: &str) -> KeyRange {
    range(Table::Identity, format!("DIRECTORY#{list}"), "USER#")
}

pub(crate) fn doctor(user: UserId) -> Key {
    key(Table::Identity, "DOCTORS".to_owned(), format!("ALL#{user}"))
}

pub(crate) fn doctor_term(text: &str, user: UserId) -> Key {
    key(Table::Identity, "DOCTORS".to_owned(), format!("TERM#{text}#{user}"))
}

pub(crate) fn all_doctors() -> KeyRange {
    range(Table::Identity, "DOCTORS".to_owned(), "ALL#")
}

pub(crate) fn doctors_beginning_with(text: &str) -> KeyRange {
    range(Table::Identity, "DOCTORS".to_owned(), format!("TERM#{text}"))
}

pub(crate) fn counter_shard(counter: &str, shard: u8) -> Key {
    key(Table::Identity, format!("COUNT#{counter}"), format!("SHARD#{shard}"))
}

pub(crate) fn counter(counter: &str) -> KeyRange {
    range(Table::Identity, format!("COUNT#{counter}"), "SHARD#")
}

pub(crate) fn code(destination: &str, purpose: Purpose, network: &str) -> Key {
    let sort = format!("{}#{network}", purpose.word());
    key(Table::Identity, format!("CODE#{destination}"), sort)
}

pub(crate) fn codes(destination: &str, purpose: Purpose) -> KeyRange {
    let prefix = format!("{}#", purpose.word());
    range(Table::Identity, format!("CODE#{destination}"), prefix)
}

pub(crate) fn budget(kind: &str, index: &str, window_seconds: i64, start: i64) -> Key {
    let sort = format!("{window_seconds}#{start}");
    key(Table::Identity, format!("BUDGET#{kind}#{index}"), sort)
}

pub(crate) fn failures(name: &str, network: &str) -> Key {
    key(Table::Identity, format!("FAILURES#{name}"), network)
}

pub(crate) fn home(whose: &str, network: &str) -> Key {
    key(Table::Identity, format!("HOME#{whose}"), network)
}

pub(crate) fn family_link(user: UserId, link: FamilyLinkId) -> Key {
    key(Table::Identity, format!("USER#{user}"), format!("{FAMILY}{link}"))
}

pub(crate) fn family_links(user: UserId) -> KeyRange {
    range(Table::Identity, format!("USER#{user}"), FAMILY)
}

/// The same for both orders.
pub(crate) fn family_pair(one: UserId, other: UserId) -> Key {
    let (first, second) = if one < other { (one, other) } else { (other, one) };
    key(Table::Identity, format!("PAIR#{first}#{second}"), "HOLDER")
}

pub(crate) fn grant(owner: UserId, caregiver: UserId) -> Key {
    key(Table::Identity, format!("USER#{owner}"), format!("GRANT#{caregiver}"))
}

pub(crate) fn activity(month: &str, id: OutboxId) -> Key {
    key(Table::Identity, format!("ACTIVITY#{month}"), id.to_string())
}

pub(crate) fn activities(month: &str) -> KeyRange {
    range(Table::Identity, format!("ACTIVITY#{month}"), "")
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

const SKIN_RECORD: &str = "SKIN#";
const DENTAL_ANALYSIS: &str = "DENTAL#";

pub(crate) fn skin_record(patient: UserId, number: RecordNumber) -> Key {
    item_of(&skin_records(patient), &format!("{SKIN_RECORD}{}", number.sortable()))
}

pub(crate) fn skin_records(patient: UserId) -> KeyRange {
    range(Table::Diagnosis, format!("PATIENT#{patient}"), SKIN_RECORD)
}

pub(crate) fn dental_analysis(patient: UserId, number: RecordNumber) -> Key {
    item_of(
        &dental_analyses(patient),
        &format!("{DENTAL_ANALYSIS}{}", number.sortable()),
    )
}

pub(crate) fn dental_analyses(patient: UserId) -> KeyRange {
    range(Table::Diagnosis, format!("PATIENT#{patient}"), DENTAL_ANALYSIS)
}

pub(crate) fn report_count(day: &ReportDay) -> Key {
    key(Table::Diagnosis, format!("REPORTS#{}", day.as_str()), "COUNT")
}

pub(crate) fn outbox_entry(id: OutboxId) -> Key {
    key(Table::Notifications, format!("{OUTBOX}{id}"), ENTRY)
}

/// The entry that is at these keys, if it is one.
pub(crate) fn read_outbox_entry(partition: &str, sort: &str) -> Option<OutboxId> {
    let id = partition.strip_prefix(OUTBOX)?;
    (sort == ENTRY).then(|| id.parse().ok())?
}

/// What sorts before every errand that is due by `time`'s end.
pub(crate) fn due(time: Timestamp) -> String {
    format!("{time:.3}")
}

pub(crate) fn retry(due_at: Timestamp, id: OutboxId) -> Key {
    key(Table::Notifications, RETRY.to_owned(), format!("{}#{id}", due(due_at)))
}

pub(crate) fn retries() -> KeyRange {
    range(Table::Notifications, RETRY.to_owned(), "")
}

pub(crate) fn parked(id: OutboxId) -> Key {
    key(Table::Notifications, PARKED.to_owned(), format!("{ID}{id}"))
}

pub(crate) fn all_parked() -> KeyRange {
    range(Table::Notifications, PARKED.to_owned(), ID)
}

pub(crate) fn note(user: UserId, id: NotificationId) -> Key {
    key(Table::Notifications, inbox(user), format!("{NOTE}{id}"))
}

pub(crate) fn unread_note(user: UserId, id: NotificationId) -> Key {
    key(Table::Notifications, inbox(user), format!("{UNREAD}{id}"))
}

pub(crate) fn note_counts(user: UserId) -> Key {
    key(Table::Notifications, inbox(user), "COUNT")
}

/// All that is kept of a user's notifications.
pub(crate) fn whole_inbox(user: UserId) -> KeyRange {
    whole_partition(Table::Notifications, &inbox(user))
}

/// All that is kept of a user but their account's holders and lists.
pub(crate) fn everything_of(user: UserId) -> KeyRange {
    whole_partition(Table::Identity, &account(user).partition)
}

pub(crate) fn notes(user: UserId) -> KeyRange {
    range(Table::Notifications, inbox(user), NOTE)
}

pub(crate) fn unread_notes(user: UserId) -> KeyRange {
    range(Table::Notifications, inbox(user), UNREAD)
}

fn inbox(user: UserId) -> String {
    format!("INBOX#{user}")
}

pub(crate) fn device(user: UserId, id: DeviceId) -> Key {
    key(Table::Notifications, format!("DEVICES#{user}"), format!("{DEVICE}{id}"))
}

pub(crate) fn devices(user: UserId) -> KeyRange {
    range(Table::Notifications, format!("DEVICES#{user}"), DEVICE)
}

/// `index` is the blind index of the token.
pub(crate) fn push_token_holder(index: &str) -> Key {
    key(Table::Notifications, format!("PUSH#{index}"), "HOLDER")
}

const UPLOAD: &str = "UPLOAD#";

pub(crate) fn upload(owner: UserId, id: UploadId) -> Key {
    item_of(&uploads(owner), &format!("{UPLOAD}{id}"))
}

pub(crate) fn uploads(owner: UserId) -> KeyRange {
    range(Table::Platform, format!("USER#{owner}"), UPLOAD)
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

/// Every item of a partition, of whatever kind.
pub(crate) fn whole_partition(table: Table, partition: &str) -> KeyRange {
    range(table, partition.to_owned(), "")
}

/// An item found in a range.
pub(crate) fn item_of(range: &KeyRange, sort: &str) -> Key {
    key(range.table, range.partition.clone(), sort)
}

pub(crate) fn bucket(caller_hash: &str, class: &str) -> Key {
    key(Table::Limits, format!("CALLER#{caller_hash}"), class)
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
