//! What was answered to requests that may come again: kept in the very transaction that the request's writes are
//! carried out in, so that there is never the one without the other.
//!
//! A request with a key holds its writes back ([`begin`]) until its answer is known; then all is written together
//! ([`commit`]). Whoever finds an entry ([`find`]) gives its answer again.

use domain::idempotency::KEPT;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::bucket::Bucket;
use crate::sealing::Sealed;
use crate::write::Write;
use crate::{Error, Store, key, pause, pictures};

/// A request as one that may come again.
pub struct Request {
    /// Of who asks and the key they gave.
    pub hash: String,
    /// Of all that the request says.
    pub fingerprint: String,
}

/// An answer as it goes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

/// An answer that was given, and to what.
#[derive(Serialize, Deserialize)]
pub struct Kept {
    pub fingerprint: String,
    pub reply: Reply,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    expires_at: Timestamp,
}

/// Answers may hold secrets, and a fingerprint proves a guess at a body.
impl Sealed for Kept {
    const SEALED: &'static [&'static str] = &["fingerprint", "reply"];
}

/// Why a request's writes were not carried out. None of them was.
#[derive(Debug)]
pub enum NotCommitted {
    /// Another request with this key was faster.
    Taken,
    /// A condition did not hold, or others held the same items: the request must be handled again.
    Again,
    Store(Error),
}

/// One read. What has expired may still be there: it counts as gone.
pub async fn find(store: &Store, request: &Request, now: Timestamp) -> Result<Option<Kept>, Error> {
    let kept: Option<Kept> = store.get_sealed(&key::kept_answer(&request.hash)).await?;
    Ok(kept.filter(|kept| now < kept.expires_at))
}

/// From here on, writes are held back. Called before each time that a request is handled.
pub fn begin(store: &Store) {
    store.start_holding();
}

/// Whether writes are held back.
pub fn holds(store: &Store) -> bool {
    store.is_holding()
}

/// Whether the request writes anything.
pub fn has_writes(store: &Store) -> bool {
    !store.gathered().is_empty()
}

/// Carries out what was held back, with the answer that it is for, if that is to be kept.
pub async fn commit(store: &Store, answer: Option<(&Request, &Reply)>, now: Timestamp) -> Result<(), NotCommitted> {
    let gathered = store.gathered();
    let mut writes = gathered.writes();
    let kept = match answer {
        Some((request, reply)) => Some(entry(store, request, reply, now).await.map_err(NotCommitted::Store)?),
        None => None,
    };
    // First, so that of several conditions that fail, its own is told.
    let before = usize::from(kept.is_some());
    writes.splice(0..0, kept);
    let done = match writes.len() {
        0 => Ok(()),
        _ if gathered.is_as_seen() => store.transact_at_once(writes).await,
        _ => store.transact_now(writes).await,
    };
    done.map_err(|error| match error {
        Error::ConditionFailed(place) if place < before => NotCommitted::Taken,
        Error::ConditionFailed(place) => {
            store.note_failure(&gathered, place - before);
            NotCommitted::Again
        }
        Error::Contended => NotCommitted::Again,
        other => NotCommitted::Store(other),
    })
}

/// Before a request is handled again: whoever holds what it needs gets some time.
pub async fn wait(attempt: u32) {
    pause::before_trying_again(attempt).await;
}

/// Removes the files that a request has used, once its writes are carried out.
pub async fn finish(store: &Store) -> Result<(), Error> {
    for object in store.held_removals() {
        store.delete_object(Bucket::Uploads, &object).await?;
    }
    Ok(())
}

/// Removes what a request that came to nothing has stored beside the tables.
pub async fn discard(store: &Store) -> Result<(), Error> {
    for name in store.held_pictures() {
        pictures::remove(store, &name).await?;
    }
    Ok(())
}

/// Where an earlier one has expired, it takes its place.
async fn entry(store: &Store, request: &Request, reply: &Reply, now: Timestamp) -> Result<Write, Error> {
    let kept = Kept {
        fingerprint: request.fingerprint.clone(),
        reply: reply.clone(),
        expires_at: now + KEPT,
    };
    let put = store.sealed_put(key::kept_answer(&request.hash), &kept).await?;
    Ok(put.if_less_or_absent(crate::table::EXPIRY, now.as_second() + 1))
}
