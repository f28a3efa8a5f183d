//! The audit log: one chain of entries for each person, only ever added to.
//!
//! An entry goes in together with the chain's new head, which says how long the chain is, and with a copy under its
//! day; where it is about a health record, with another in that record's trail. That copy is found by the errand that brought it, so an errand that is run twice adds one entry.

use domain::audit::{AuditDay, AuditEvent, ChainCheck, ChainEntry, ChainKey, EntryHash, FoundEntry, Trail, Verdict};
use domain::id::{OutboxId, RecordId, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::page::{Cursor, Page, PageRequest};
use crate::write::{Item, Write};
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
    let trail = event.trail().map(|trail| key::audit_trail(event.subject, trail));
    let trail_key = trail.map(|range| key::item_of(&range, &entry_key.sort));
    let new_head = Write::put(key::audit_head(event.subject), &Head::new(key, position, hash.clone()))?;
    let mut writes = vec![
        Write::put(day_key, &day_copy)?.if_absent(),
        Write::put(entry_key, &chain_copy)?.if_absent(),
        match head {
            Some(head) => new_head.if_equals("hash", &head.hash)?,
            None => new_head.if_absent(),
        },
    ];
    if let Some(trail_key) = trail_key {
        writes.push(Write::put(trail_key, &chain_copy)?.if_absent());
    }
    Ok(writes)
}

/// A person's log, newest first.
pub async fn list(store: &Store, subject: UserId, page: &PageRequest) -> Result<Page<ChainEntry>, Error> {
    let found: Page<Stored> = store.query_backwards(&key::audit_entries(subject), page).await?;
    readable(found)
}

/// What was done with one health record, newest first, and since it is there, who else read lists of all.
pub async fn list_of_record(
    store: &Store,
    (subject, record): (UserId, RecordId),
    since: Timestamp,
    page: &PageRequest,
) -> Result<Page<ChainEntry>, Error> {
    let (own, all) = (
        key::audit_trail(subject, Trail::Record(record)),
        key::audit_trail(subject, Trail::AllRecords),
    );
    let (own, all) = futures_util::try_join!(
        store.query_backwards::<Stored>(&own, page),
        store.query_backwards::<Stored>(&all, page)
    )?;
    let read = all.items.len();
    let is_since = |stored: &Stored| {
        let entry: Option<ChainEntry> = serde_json::from_str(&stored.text).ok();
        entry.is_some_and(|entry| entry.event.at >= since)
    };
    let lists: Vec<Stored> = all.items.into_iter().filter(is_since).collect();
    // Once they are older than the record there are no more of them.
    let is_more = own.next.is_some() || (all.next.is_some() && lists.len() == read);
    readable(merged(own.items.into_iter().chain(lists).collect(), is_more, page))
}

/// One page of several, newest first.
fn merged(mut items: Vec<Stored>, is_more: bool, page: &PageRequest) -> Page<Stored> {
    items.sort_by(|a, b| b.sk.cmp(&a.sk));
    let is_more = is_more || items.len() > usize::from(page.limit);
    items.truncate(usize::from(page.limit));
    let next = items.last().filter(|_| is_more).map(|last| Cursor::at(&last.sk));
    Page { items, next }
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
    readable(merged(items, is_more, page))
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

/// None for what is no entry.
pub(crate) fn stored_entry(item: Item) -> Result<Option<ChainEntry>, Error> {
    let stored: Stored = serde_dynamo::from_item(item)?;
    Ok(serde_json::from_str(&stored.text).ok())
}

/// Walks a person's whole chain.
pub async fn verify(store: &Store, key: &ChainKey, subject: UserId) -> Result<Verdict, Error> {
    let length = length(store, key, subject).await?;
    let (verdict, newest) = walk(store, key, subject, length, length).await?;
    if length.is_none_or(|length| newest <= length) {
        return Ok(verdict);
    }
    // What came while it was looked at is in the chain by now; anything else was put there by somebody.
    let now = self::length(store, key, subject).await?;
    if now.is_some_and(|now| newest <= now) {
        return Ok(verdict);
    }
    Ok(walk(store, key, subject, length, None).await?.0)
}

/// As the head of the chain says; none where the head is not ours.
async fn length(store: &Store, key: &ChainKey, subject: UserId) -> Result<Option<u64>, Error> {
    let head: Option<Head> = store.get(&key::audit_head(subject)).await?;
    Ok(match head {
        None => Some(0),
        Some(head) => head.is_ours(key).then_some(head.length),
    })
}

/// Whether a chain of this length is whole, without the entries after `last`, and where the newest of all entries is.
async fn walk(
    store: &Store,
    key: &ChainKey,
    subject: UserId,
    length: Option<u64>,
    last: Option<u64>,
) -> Result<(Verdict, u64), Error> {
    let mut check = ChainCheck::new(key.clone(), subject, length);
    let mut newest = 0;
    let mut page = PageRequest {
        limit: CHECKED_AT_ONCE,
        after: None,
    };
    loop {
        let found: Page<Stored> = store.query_backwards(&key::audit_entries(subject), &page).await?;
        for Stored { sk, text, hash } in found.items {
            // One that is not where entries are has no place in the chain.
            let position = key::audit_position(&sk).unwrap_or_default();
            newest = newest.max(position);
            if last.is_none_or(|last| position <= last) {
                check.step(FoundEntry { position, text, hash });
            }
        }
        match found.next {
            Some(next) => page.after = Some(next),
            None => return Ok((check.finish(), newest)),
        }
    }
}
