//! What must happen after a change, written in the same transaction as the change.
//!
//! A worker fed by the table's stream runs each errand at least once and then removes its entry. Lambda freezes a
//! process once it has answered, so nothing may be left to "afterwards" in memory.

use domain::audit::AuditEvent;
use domain::id::{OutboxId, UserId};
use domain::notice::Notice;
use domain::picture_link::PictureName;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::write::Write;
use crate::{Error, Store, key};

/// How long an entry that nobody could deliver is kept for an operator to see.
const KEPT: SignedDuration = SignedDuration::from_hours(14 * 24);

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "errand", rename_all = "snake_case")]
pub enum Errand {
    /// Tell a person something, by what reaches them.
    Tell { user: UserId, notice: Notice },
    /// Remove a picture that nothing refers to any more.
    RemovePicture { picture: PictureName },
    /// Add to the log of whose health data it was.
    Audit { event: AuditEvent },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub id: OutboxId,
    pub errand: Errand,
    pub created_at: Timestamp,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
}

impl Entry {
    pub fn new(id: OutboxId, errand: Errand, now: Timestamp) -> Self {
        Self {
            id,
            errand,
            created_at: now,
            expires_at: now + KEPT,
        }
    }

    pub(crate) fn write(&self) -> Result<Write, Error> {
        Ok(Write::put(key::outbox_entry(self.id), self)?.if_absent())
    }
}

/// Notes an errand that follows no change of the database.
pub async fn add(store: &Store, entry: &Entry) -> Result<(), Error> {
    store.write(entry.write()?).await
}

/// Whether an entry still waits to be run: a stream record may come twice.
pub async fn is_waiting(store: &Store, id: OutboxId) -> Result<bool, Error> {
    let entry: Option<Entry> = store.get(&key::outbox_entry(id)).await?;
    Ok(entry.is_some())
}

/// Removes an entry whose errand is done.
pub async fn finish(store: &Store, id: OutboxId) -> Result<(), Error> {
    store.write(Write::delete(key::outbox_entry(id))).await
}
