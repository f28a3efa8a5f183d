//! The audit log: one chain of entries for each person, only ever added to.
//!
//! An entry goes in together with the chain's new head, which says how long the chain is, and with a copy under its
//! day. That copy is found by the errand that brought it, so an errand that is run twice adds one entry.

use domain::audit::{AuditDay, AuditEvent, ChainCheck, ChainEntry, ChainKey, EntryHash, FoundEntry, Verdict};
use domain::id::{OutboxId, UserId};
use serde::{Deserialize, Serialize};

use crate::page::{Cursor, Page, PageRequest};
use crate::write::Write;
use crate::{Error, Store, key};

/// How often an entry is tried again while others add to the same chain.
const ATTEMPTS: u32 = 20;
/// Entries read at a time when a chain is checked.
const CHECKED_AT_ONCE: u16 = 500;

/// As stored. The text is kept to the byte, since the hash is over it.
#[derive(Serialize, Deserialize)]
struct Stored {
    sk: String,
    text: String,
    hash: EntryHash,
}

/// How long a chain is, and what its next entry goes on from.
#[derive(Serialize, Deserialize)]
struct Head {
    length: u64,
    hash: EntryHash,
    /// Over both, so that a chain cannot be cut short.
    proof: EntryHash,
}

impl Head {
    fn new(key: &ChainKey, length: u64, hash: EntryHash) -> Self {
        Self {
            proof: key.hash(&hash, &Self::text(length)),
            length,
            hash,
        }
    }

    fn is_ours(&self, key: &ChainKey) -> bool {
        key.is_hash(&self.proof, &self.hash, &Self::text(self.length))
    }

    fn text(length: u64) -> String {
        format!("head {length}")
    }
}

/// Adds an event to the chain of its subject, once for each errand.
pub async fn append(store: &Store, key: &ChainKey, errand: OutboxId, event: &AuditEvent) -> Result<(), Error> {
    for _ in 0..ATTEMPTS {
        let head: Option<Head> = store.get(&key::audit_head(event.subject)).await?;
        match store.transact(writes(key, errand, event, head)?).await {
            // The copy under the day is there: this errand was run before.
            Err(Error::ConditionFailed(0)) => return Ok(()),
            // Another entry was first.
            Err(Error::ConditionFailed(_)) => {}
            other => return other,
        }
    }
    Err(Error::Unavailable("a chain kept growing".to_owned()))
}

fn writes(key: &ChainKey, errand: OutboxId, event: &AuditEvent, head: Option<Head>) -> Result<Vec<Write>, Error> {
    let (length, previous) = match &head {
        Some(head) => (head.length, head.hash.clone()),
        None => (0, EntryHash::origin()),
    };
    let position = length + 1;
    let entry = ChainEntry {
        position,
        errand,
        event: event.clone(),
    };
    let text = serde_json::to_string(&entry).map_err(|error| Error::Rejected(error.to_string()))?;
    let hash = key.hash(&previous, &text);
    let (day_key, entry_key) = (
        key::audit_day_entry(AuditDay::of(event.at), errand),
        key::audit_entry(event.subject, position),
    );
    let stored = |sk: &str| Stored {
        sk: sk.to_owned(),
        text: text.clone(),
        hash: hash.clone(),
    };
    let (day_copy, chain_copy) = (stored(&day_key.sort), stored(&entry_key.sort));
    let new_head = Write::put(key::audit_head(event.subject), &Head::new(key, position, hash.clone()))?;
    Ok(vec![
        Write::put(day_key, &day_copy)?.if_absent(),
        Write::put(entry_key, &chain_copy)?.if_absent(),
        match head {
            Some(head) => new_head.if_equals("hash", &head.hash)?,
            None => new_head.if_absent(),
        },
    ])
}

/// A person's log, newest first.
pub async fn list(store: &Store, subject: UserId, page: &PageRequest) -> Result<Page<ChainEntry>, Error> {
    let found: Page<Stored> = store.query_backwards(&key::audit_entries(subject), page).await?;
    readable(found)
}

/// What happened on a day, to anybody's data, newest first.
pub async fn list_day(store: &Store, day: AuditDay, page: &PageRequest) -> Result<Page<ChainEntry>, Error> {
    let mut items: Vec<Stored> = Vec::new();
    let mut is_more = false;
    for shard in 0..key::AUDIT_DAY_SHARDS {
        let part: Page<Stored> = store.query_backwards(&key::audit_day(day, shard), page).await?;
        is_more |= part.next.is_some();
        items.extend(part.items);
    }
    items.sort_by(|a, b| b.sk.cmp(&a.sk));
    is_more |= items.len() > usize::from(page.limit);
    items.truncate(usize::from(page.limit));
    let last = items.last().filter(|_| is_more).map(|last| Cursor::at(&last.sk));
    readable(Page { items, next: last })
}

/// What is no entry is left out of lists; checking the chain tells of it.
fn readable(found: Page<Stored>) -> Result<Page<ChainEntry>, Error> {
    let entries = found.items.iter();
    Ok(Page {
        items: entries
            .filter_map(|stored| serde_json::from_str(&stored.text).ok())
            .collect(),
        next: found.next,
    })
}

/// Walks a person's whole chain.
pub async fn verify(store: &Store, key: &ChainKey, subject: UserId) -> Result<Verdict, Error> {
    let head: Option<Head> = store.get(&key::audit_head(subject)).await?;
    let expected_length = match head {
        None => Some(0),
        Some(head) if head.is_ours(key) => Some(head.length),
        Some(_) => None,
    };
    let mut check = ChainCheck::new(key.clone(), subject, expected_length);
    let mut page = PageRequest {
        limit: CHECKED_AT_ONCE,
        after: None,
    };
    loop {
        let found: Page<Stored> = store.query_backwards(&key::audit_entries(subject), &page).await?;
        for Stored { sk, text, hash } in found.items {
            // One that is not where entries are has no place in the chain.
            let position = key::audit_position(&sk).unwrap_or_default();
            check.step(FoundEntry { position, text, hash });
        }
        match found.next {
            Some(next) => page.after = Some(next),
            None => return Ok(check.finish()),
        }
    }
}
