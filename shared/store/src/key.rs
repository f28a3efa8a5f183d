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
//! | A user's upload | platform | `USER#<user>` | `UPLOAD#<id>` | get |
//! | The keys of sealed fields | platform | `KEYRING` | `RING` | get |
//! | How far the current change of keys is | platform | `KEYRING` | `ROTATION` | get |
//! | Users, by age | identity | `DIRECTORY#ALL` | `USER#<user>` | query |
//! | All items of a user, to seal them anew | identity | `USER#<user>` | all | query |

use domain::email_address::EmailAddress;
use domain::id::{OutboxId, PredictionId, SessionId, UploadId, UserId, UserNumber};
use domain::prediction::ReportDay;
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
