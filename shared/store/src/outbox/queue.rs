//! Errands that failed: those that are due again, and those that wait for a person.
//!
//! The entry says when it is due and the queue has an item at that time; both change in one transaction, so each item
//! of the queue has its entry and is found without looking through anything.

use domain::id::OutboxId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Entry, KEPT};
use crate::write::Write;
use crate::{Error, Page, PageRequest, Store, key};

/// Longer than any try takes. Whoever takes an errand has it for so long; after a crash it is due again.
const CLAIM: SignedDuration = SignedDuration::from_mins(3);

/// Why an errand failed, without anything personal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    MailUnavailable,
    MailRefused,
    PushUnavailable,
    /// The message, not the device.
    PushRefused,
    TextMessageUnavailable,
    TextMessageRefused,
    VerificationUnavailable,
    VerificationRefused,
    /// Settings or accounts with a provider.
    NotSetUp,
    StorageUnavailable,
    /// It kept failing in a way that nobody foresaw.
    Unexpected,
}

#[derive(Serialize, Deserialize)]
struct Queued {
    id: OutboxId,
    due_at: Timestamp,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    expires_at: Timestamp,
}

/// An errand that waits for a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Parked {
    pub id: OutboxId,
    pub kind: String,
    pub attempts: u32,
    pub reason: Reason,
    pub created_at: Timestamp,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
}

/// Errands that are due, those that wait longest first.
pub async fn due(store: &Store, now: Timestamp, limit: u16) -> Result<Vec<OutboxId>, Error> {
    let items = store.query_until(&key::retries(), &key::due(now), limit).await?;
    let queued: Vec<Queued> = serde_dynamo::from_items(items)?;
    Ok(queued.into_iter().map(|queued| queued.id).collect())
}

/// Takes a due errand for a while, so that no two workers run it. None where another was first.
pub async fn claim(store: &Store, id: OutboxId, now: Timestamp) -> Result<Option<Entry>, Error> {
    let Some(entry) = super::waiting(store, id).await? else {
        return Ok(None);
    };
    if entry.next_at.is_none_or(|due_at| due_at > now) {
        return Ok(None);
    }
    let claimed = Entry {
        next_at: Some(now + CLAIM),
        ..entry.clone()
    };
    moved(store, &entry, &claimed).await
}

/// Notes that an errand failed and when it is due again.
pub async fn postpone(store: &Store, entry: &Entry, until: Timestamp) -> Result<(), Error> {
    let later = Entry {
        attempts: entry.attempts + 1,
        next_at: Some(until),
        ..entry.clone()
    };
    moved(store, entry, &later).await.map(|_| ())
}

/// Puts another errand in place of one that is done, due at a later time.
pub async fn replace_later(store: &Store, entry: &Entry, next: Entry, due_at: Timestamp) -> Result<(), Error> {
    let next = Entry {
        next_at: Some(due_at),
        ..next
    };
    let mut writes = vec![entry.done(), next.write(store).await?];
    writes.extend(entry.queued().map(Write::delete));
    writes.extend(queue(&next)?);
    match store.transact(writes).await {
        Err(Error::ConditionFailed(0)) => Ok(()),
        other => other,
    }
}

/// Changes when an entry is due, if nobody else has meanwhile.
async fn moved(store: &Store, from: &Entry, to: &Entry) -> Result<Option<Entry>, Error> {
    let mut writes = vec![change(from, to)?];
    writes.extend(from.queued().map(Write::delete));
    writes.extend(queue(to)?);
    match store.transact(writes).await {
        Ok(()) => Ok(Some(to.clone())),
        Err(Error::ConditionFailed(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn queue(entry: &Entry) -> Result<Option<Write>, Error> {
    let Some(due_at) = entry.next_at else { return Ok(None) };
    let queued = Queued {
        id: entry.id,
        due_at,
        expires_at: entry.expires_at,
    };
    Write::put(key::retry(due_at, entry.id), &queued).map(Some)
}

fn change(from: &Entry, to: &Entry) -> Result<Write, Error> {
    Write::update(key::outbox_entry(from.id))
        .set("attempts", &to.attempts)?
        .set("next_at", &to.next_at)?
        .set("is_parked", &to.is_parked)?
        .set("expires_at", &to.expires_at.as_second())?
        .if_present()
        .if_equals("attempts", &from.attempts)?
        .if_equals("next_at", &from.next_at)?
        .if_equals("is_parked", &from.is_parked)
}

/// Leaves an errand to a person.
pub async fn park(store: &Store, entry: &Entry, reason: Reason, now: Timestamp) -> Result<(), Error> {
    let parked = Entry {
        attempts: entry.attempts + 1,
        next_at: None,
        is_parked: true,
        expires_at: now + KEPT,
        ..entry.clone()
    };
    let notice = Parked {
        id: entry.id,
        kind: entry.errand.kind().to_owned(),
        attempts: parked.attempts,
        reason,
        created_at: entry.created_at,
        expires_at: parked.expires_at,
    };
    let mut writes = vec![change(entry, &parked)?, Write::put(key::parked(entry.id), &notice)?];
    writes.extend(entry.queued().map(Write::delete));
    match store.transact(writes).await {
        Err(Error::ConditionFailed(_)) => Ok(()),
        other => other,
    }
}

/// Newest first.
pub async fn list_parked(store: &Store, page: &PageRequest) -> Result<Page<Parked>, Error> {
    store.query_backwards(&key::all_parked(), page).await
}

/// Lets a parked errand run again, as if it had never failed. Fails as `ConditionFailed` where there is none.
pub async fn redrive(store: &Store, id: OutboxId, now: Timestamp) -> Result<(), Error> {
    let entry: Option<Entry> = store.get_sealed(&key::outbox_entry(id)).await?;
    let parked = entry.filter(|entry| entry.is_parked).ok_or(Error::ConditionFailed(0))?;
    let again = Entry {
        attempts: 0,
        next_at: Some(now),
        is_parked: false,
        ..parked.clone()
    };
    let mut writes = vec![Write::delete(key::parked(id)).if_present(), change(&parked, &again)?];
    writes.extend(queue(&again)?);
    store.transact(writes).await
}
