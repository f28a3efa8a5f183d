//! Health records: heads, versions, the order of changes, and conflicts, all in their patient's partition.
//!
//! Every change draws the next number of its patient's book in the transaction that writes it, over the number that it
//! saw. So whoever stalls between reading and writing draws again, and nobody who has read up to a number ever misses one
//! below it.

mod conflicts;
mod drafts;
mod erased;
mod files;
mod list;
mod pushed;
mod signed;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use domain::id::{RecordId, UserId};
use domain::record::conflict::RecordConflict;
use domain::record::{Record, RecordRefused, RecordType, RecordVersion, SyncStatus, noted};
use serde::{Deserialize, Serialize};

use crate::outbox::{self, Entry};
use crate::sealing::Sealed;
use crate::write::{Item, Write};
use crate::{Error, RefusedOr, Store, key, pause};

pub use conflicts::{Resolution, get_conflict, list_conflicts, resolve, settle};
pub(crate) use drafts::forget_draft;
pub use drafts::{change_draft, create_draft, get_draft, list_drafts, remove_draft};
pub use erased::{Erased, erase, forget};
pub use files::{Attached, FileError, attach, find_named, get_file, list_files, note_again, remove_kept};
pub use list::{Changes, Listed, changes_after, list, pending, versions};
pub use pushed::{Outcome, Push, Pushed, push};
pub use signed::{Along, amend, is_authentic, is_version_authentic, sign};

/// How long a change is tried again while others change records of the same patient: within the time of a function.
const PATIENCE: Duration = Duration::from_secs(18);

pub type RecordError = RefusedOr<RecordRefused>;

impl From<RecordRefused> for RecordError {
    fn from(refused: RecordRefused) -> Self {
        Self::Refused(refused)
    }
}

impl Sealed for Record {
    const SEALED: &'static [&'static str] = &["data", "signature"];
}

impl Sealed for RecordVersion {
    const SEALED: &'static [&'static str] = &["data", "signature"];
}

impl Sealed for RecordConflict {
    const SEALED: &'static [&'static str] = &["theirs"];
}

/// What is known of all records of a patient.
#[derive(Debug, Clone, Default, Deserialize)]
struct Book {
    /// The last number drawn.
    #[serde(default)]
    sequence: u64,
    /// How many there are of each type that are not deleted, and the highest version of each.
    #[serde(flatten)]
    counts: HashMap<String, serde_json::Value>,
}

impl Book {
    fn count(&self, record_type: Option<RecordType>) -> u64 {
        let types = RecordType::ALL.into_iter();
        let wanted = types.filter(|each| record_type.is_none_or(|wanted| wanted == *each));
        wanted.filter_map(|each| self.counts.get(each.word())?.as_u64()).sum()
    }

    fn top(&self, record_type: RecordType) -> Option<Top> {
        let top = self.counts.get(&top_of(record_type))?;
        serde_json::from_value(top.clone()).ok()
    }
}

/// The highest version of a type.
#[derive(Clone, Serialize, Deserialize)]
struct Top {
    record: RecordId,
    version: u64,
}

/// A place in the order of changes.
#[derive(Serialize, Deserialize)]
struct Pointer {
    record: RecordId,
    sequence: u64,
}

/// A record that waits for files.
#[derive(Serialize, Deserialize)]
struct Waiting {
    record: RecordId,
}

/// A record as it is, and the book that a change of it is entered in.
struct Seen {
    book: Book,
    record: Option<Record>,
    /// Other items that were read with it.
    beside: Vec<Option<Item>>,
}

async fn see(store: &Store, patient: UserId, id: RecordId, beside: &[key::Key]) -> Result<Seen, Error> {
    let place = key::record(patient, id);
    let mut keys = vec![key::record_book(patient), place.clone()];
    keys.extend_from_slice(beside);
    let mut items = store.batch_get(&keys).await?.into_iter();
    let book = items.next().flatten().map(serde_dynamo::from_item).transpose()?;
    let record = match items.next().flatten() {
        Some(item) => Some(store.open_item(&place, item).await?),
        None => None,
    };
    Ok(Seen {
        book: book.unwrap_or_default(),
        record,
        beside: items.collect(),
    })
}

/// A patient's record; what was erased is not there.
pub async fn get(store: &Store, patient: UserId, id: RecordId) -> Result<Option<Record>, Error> {
    Ok(find(store, patient, id).await?.filter(|record| !record.is_erased))
}

/// Also where it was erased, and nothing of it is kept but that it was there.
pub async fn find(store: &Store, patient: UserId, id: RecordId) -> Result<Option<Record>, Error> {
    store.get_sealed(&key::record(patient, id)).await
}

/// Reads, changes and writes until nobody else was between. `change`: what it becomes, or none where it stays.
pub async fn change(
    store: &Store,
    patient: UserId,
    id: RecordId,
    change: impl Fn(Option<&Record>) -> Result<Option<Record>, RecordRefused>,
    audit: &Entry,
) -> Result<Record, RecordError> {
    let mut turn = Turn::new();
    loop {
        let seen = see(store, patient, id, &[]).await?;
        let Some(after) = change(seen.record.as_ref())? else {
            let record = seen.record.ok_or(RecordRefused::NotFound)?;
            outbox::add(store, &audit.noting_no_change(record.version)).await?;
            return Ok(record);
        };
        match write(store, &seen, after, audit, Vec::new()).await? {
            Some(record) => return Ok(record),
            None => turn.next().await?,
        }
    }
}

/// Enters a new record whose version must be above all of its type that were ever written (contract #104).
pub async fn enter_above(store: &Store, record: &Record, audit: &Entry) -> Result<Record, RecordError> {
    let mut turn = Turn::new();
    loop {
        let seen = see(store, record.patient, record.id, &[]).await?;
        let highest = seen.book.top(record.record_type);
        if let Some(highest) = highest.filter(|highest| record.version <= highest.version) {
            let there: Option<Record> = store.get_sealed(&key::record(record.patient, highest.record)).await?;
            return Err(RecordError::Refused(RecordRefused::VersionConflict {
                record: highest.record,
                server_version: highest.version,
                client_version: record.version,
                server_data: there.map(|there| there.data).unwrap_or_default(),
            }));
        }
        match write(store, &seen, record.clone(), audit, Vec::new()).await? {
            Some(record) => return Ok(record),
            None => turn.next().await?,
        }
    }
}

/// None when somebody else was between. `audit`: the note of it, which says what this very write does.
async fn write(
    store: &Store,
    seen: &Seen,
    mut after: Record,
    audit: &Entry,
    others: Vec<Write>,
) -> Result<Option<Record>, Error> {
    let (patient, before) = (after.patient, seen.record.as_ref());
    after.sequence = seen.book.sequence + 1;
    let place = key::record(patient, after.id);
    let put = store.sealed_put(place, &after).await?;
    let put = match before {
        Some(before) => put.if_equals("sequence", &before.sequence)?,
        None => put.if_absent(),
    };
    let mut writes = vec![enter(&seen.book, before, &after)?, put];
    let pointer = Pointer {
        record: after.id,
        sequence: after.sequence,
    };
    writes.push(Write::put(key::record_change(patient, after.sequence), &pointer)?);
    if after.is_live() {
        let place = key::live_record(patient, after.record_type, after.sequence);
        writes.push(Write::put(place, &pointer)?);
    }
    if let Some(before) = before {
        let pointer = Write::delete(key::record_change(patient, before.sequence));
        writes.push(match before.sequence == seen.book.sequence {
            true => pointer.if_present(),
            false => pointer,
        });
        if before.is_live() {
            writes.push(Write::delete(key::live_record(
                patient,
                before.record_type,
                before.sequence,
            )));
        }
    }
    writes.extend(follow(seen, patient));
    writes.extend(wait_for_files(before, &after)?);
    let parent = before.map_or(0, |before| before.version);
    if parent != after.version && !after.is_erased {
        let version = after.as_version(parent);
        let place = key::record_version(patient, after.id, version.version);
        writes.push(store.sealed_put(place, &version).await?);
    }
    writes.push(audit.noting(noted(before, &after)).write(store).await?);
    writes.extend(others);
    match store.transact_as_seen(writes).await {
        Ok(()) => Ok(Some(after)),
        Err(Error::ConditionFailed(_) | Error::Contended) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Only once the last change shows in the order of changes: a transaction shows item by item, and whoever reads up to this
/// one must not have missed that. Where it is of the same record, its removal looks.
fn follow(seen: &Seen, patient: UserId) -> Option<Write> {
    let last = seen.book.sequence;
    let is_own = seen.record.as_ref().is_some_and(|record| record.sequence == last);
    (last > 0 && !is_own).then(|| Write::check(key::record_change(patient, last)).if_present())
}

/// Among those that are pending, from when files are missing until they are there.
fn wait_for_files(before: Option<&Record>, after: &Record) -> Result<Option<Write>, Error> {
    let place = key::pending_record(after.patient, after.id);
    let waits = |record: &Record| record.sync_status() == SyncStatus::Pending;
    match (before.is_some_and(waits), waits(after)) {
        (false, true) => Ok(Some(Write::put(place, &Waiting { record: after.id })?)),
        (true, false) => Ok(Some(Write::delete(place))),
        _ => Ok(None),
    }
}

/// Draws the number and counts.
fn enter(book: &Book, before: Option<&Record>, after: &Record) -> Result<Write, Error> {
    let write = Write::update(key::record_book(after.patient)).set("sequence", &after.sequence)?;
    let was_live = before.is_some_and(Record::is_live);
    let write = match (was_live, after.is_live()) {
        (false, true) => write.add(after.record_type.word(), 1),
        (true, false) => write.add(after.record_type.word(), -1),
        _ => write,
    };
    let top = Top {
        record: after.id,
        version: after.version,
    };
    let is_higher = book
        .top(after.record_type)
        .is_none_or(|known| after.version > known.version);
    let write = if is_higher {
        write.set(&top_of(after.record_type), &top)?
    } else {
        write
    };
    match book.sequence {
        0 => Ok(write.if_attribute_absent("sequence")),
        sequence => write.if_equals("sequence", &sequence),
    }
}

fn top_of(record_type: RecordType) -> String {
    format!("top_{}", record_type.word())
}

/// Whose turn it is shows in the database alone: who was late tries again, and waits longer each time.
struct Turn {
    since: Instant,
    attempt: u32,
}

impl Turn {
    fn new() -> Self {
        Self {
            since: Instant::now(),
            attempt: 0,
        }
    }

    async fn next(&mut self) -> Result<(), Error> {
        if self.since.elapsed() > PATIENCE {
            return Err(Error::Unavailable("a patient's records kept changing".to_owned()));
        }
        pause::before_trying_again(self.attempt).await;
        self.attempt += 1;
        Ok(())
    }
}
