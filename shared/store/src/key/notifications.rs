//! Keys of the outbox, of the lists of notifications, and of devices that are pushed to.

use domain::id::{DeviceId, NotificationId, OutboxId, UserId};
use jiff::Timestamp;

use super::{Key, KeyRange, key, range, whole_partition};
use crate::table::Table;

const RETRY: &str = "RETRY";
const PARKED: &str = "PARKED";
pub(super) const ID: &str = "ID#";
const NOTE: &str = "NOTE#";
const UNREAD: &str = "UNREAD#";
const DEVICE: &str = "DEVICE#";
/// Where an outbox entry is in its partition.
pub(crate) const ENTRY: &str = "ENTRY";
const OUTBOX: &str = "OUTBOX#";

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
