//! Archives of all that is kept of a patient: who has asked for which, how far it is, and the archive itself.
//!
//! An export, its place in the queue and its patient's book change in one transaction each, over the export that was
//! seen. The archive lies under its patient, the export and the attempt that made it.

use domain::export::{Archive, Export, ExportBook, ExportRefused, LINK_LIFE, MOST_ATTEMPTS};
use domain::id::{ExportId, UserId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::bucket::Bucket;
use crate::large_object::{Label, LargeObject};
use crate::outbox::Entry;
use crate::write::Write;
use crate::{Error, Page, PageRequest, RefusedOr, Store, key};

/// How often a change is tried again while others change the same things.
const ATTEMPTS: u32 = 8;

pub type ExportError = RefusedOr<ExportRefused>;

impl From<ExportRefused> for ExportError {
    fn from(refused: ExportRefused) -> Self {
        Self::Refused(refused)
    }
}

/// A place in the queue.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Waiting {
    pub patient: UserId,
    pub id: ExportId,
    due_at: Timestamp,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    expires_at: Timestamp,
}

/// Of many asked for at once, one is begun.
pub async fn begin(store: &Store, export: &Export, audit: &Entry) -> Result<(), ExportError> {
    let place = key::export_book(export.patient);
    for _ in 0..ATTEMPTS {
        let found: Option<ExportBook> = store.get(&place).await?;
        let before = found.clone().unwrap_or_default();
        let book = Write::put(place.clone(), &before.begin(export.id, export.created_at)?)?;
        let book = match found {
            Some(_) => book.if_equals("revision", &before.revision)?,
            None => book.if_absent(),
        };
        let put = Write::put(key::export(export.patient, export.id), export)?;
        let mut writes = vec![book, put.if_absent(), audit.write(store).await?];
        writes.extend(queued(export)?);
        match store.transact(writes).await {
            Err(Error::ConditionFailed(0)) => {}
            outcome => return Ok(outcome?),
        }
    }
    Err(Error::Unavailable("a patient kept asking for exports".to_owned()).into())
}

pub async fn get(store: &Store, patient: UserId, id: ExportId) -> Result<Option<Export>, Error> {
    store.get(&key::export(patient, id)).await
}

/// A patient's own, newest first.
pub async fn list(store: &Store, patient: UserId, page: &PageRequest) -> Result<Page<Export>, Error> {
    store.query_backwards(&key::exports(patient), page).await
}

/// Takes it off the list, and out of a worker's hands. `entries`: what removes its archive, and is noted with it.
pub async fn remove(store: &Store, export: &Export, entries: &[Entry]) -> Result<(), ExportError> {
    let mut seen = export.clone();
    for _ in 0..ATTEMPTS {
        let mut writes = vec![Write::delete(key::export(seen.patient, seen.id)).if_equals("revision", &seen.revision)?];
        writes.extend(unqueued(&seen));
        if seen.is_under_way() {
            writes.push(leave(&seen)?);
        }
        for entry in entries {
            writes.push(entry.write(store).await?);
        }
        match store.transact(writes).await {
            Err(Error::ConditionFailed(_)) => {
                let found = get(store, seen.patient, seen.id).await?;
                seen = found.ok_or(ExportRefused::NotFound)?;
            }
            outcome => return Ok(outcome?),
        }
    }
    Err(Error::Unavailable("an export kept changing".to_owned()).into())
}

/// Those that a worker may take, those that wait longest first.
pub async fn due(store: &Store, now: Timestamp, limit: u16) -> Result<Vec<Waiting>, Error> {
    let items = store
        .query_until(&key::waiting_exports(), &key::due(now), limit)
        .await?;
    Ok(serde_dynamo::from_items(items)?)
}

/// Takes a due export for a while, so that no two workers make it. None where another was first, or where it was begun
/// often enough: then it has failed, and `told` goes out.
pub async fn take(store: &Store, waiting: &Waiting, told: &Entry, now: Timestamp) -> Result<Option<Export>, Error> {
    let export = get(store, waiting.patient, waiting.id).await?;
    let Some(export) = export.filter(|export| export.due_at == Some(waiting.due_at)) else {
        // It has moved on, or its account is gone.
        let place = key::waiting_export(waiting.due_at, waiting.id);
        store.write(Write::delete(place)).await?;
        return Ok(None);
    };
    let taken = export.taken(now);
    let has_moved = change(store, &export, &taken, told).await?;
    Ok(Some(taken).filter(|taken| has_moved && taken.is_under_way()))
}

/// Notes that an attempt failed. `told`: goes out if it was the last.
pub async fn put_off(
    store: &Store,
    export: &Export,
    wait: SignedDuration,
    told: &Entry,
    now: Timestamp,
) -> Result<(), Error> {
    change(store, export, &export.put_off(wait, now), told).await?;
    Ok(())
}

/// Says that the archive is there. `false` where nobody waits for it any more: then it must go.
pub async fn finish(store: &Store, export: &Export, archive: Archive, told: &Entry) -> Result<bool, Error> {
    change(store, export, &export.ready(archive), told).await
}

/// From one state to the next, with its place in the queue. Whoever is no longer under way is told so.
async fn change(store: &Store, from: &Export, to: &Export, told: &Entry) -> Result<bool, Error> {
    let put = Write::put(key::export(to.patient, to.id), to)?;
    let mut writes = vec![put.if_equals("revision", &from.revision)?];
    writes.extend(unqueued(from));
    writes.extend(queued(to)?);
    if !to.is_under_way() {
        writes.push(leave(from)?);
        writes.push(told.write(store).await?);
    }
    match store.transact(writes).await {
        Ok(()) => Ok(true),
        Err(Error::ConditionFailed(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

fn queued(export: &Export) -> Result<Option<Write>, Error> {
    let Some(due_at) = export.due_at else { return Ok(None) };
    let waiting = Waiting {
        patient: export.patient,
        id: export.id,
        due_at,
        expires_at: export.expires_at,
    };
    Write::put(key::waiting_export(due_at, export.id), &waiting).map(Some)
}

fn unqueued(export: &Export) -> Option<Write> {
    let due_at = export.due_at?;
    Some(Write::delete(key::waiting_export(due_at, export.id)))
}

/// The patient's one place is free again.
fn leave(export: &Export) -> Result<Write, Error> {
    let none: Option<ExportId> = None;
    let book = Write::update(key::export_book(export.patient)).set("running", &none)?;
    book.if_equals("running", &export.id)
}

/// An archive on its way into storage.
pub struct ArchiveUpload(LargeObject);

impl ArchiveUpload {
    pub async fn begin(store: &Store, export: &Export) -> Result<Self, Error> {
        let object = archive_key(export.patient, export.id, export.attempts);
        let file_name = format!("polyclinic-{:.10}.zip", export.created_at.to_string());
        let label = Label {
            content_type: "application/zip",
            file_name: &file_name,
        };
        Ok(Self(LargeObject::begin(store, Bucket::Exports, object, label).await?))
    }

    /// All but the last must have 5 MiB at least.
    pub async fn add(&mut self, bytes: Vec<u8>) -> Result<(), Error> {
        self.0.add(bytes).await
    }

    pub async fn finish(self) -> Result<(), Error> {
        self.0.finish().await
    }

    pub async fn give_up(self) -> Result<(), Error> {
        self.0.give_up().await
    }
}

/// An address that opens an archive for a while, to whoever has it.
pub async fn address(store: &Store, export: &Export, archive: &Archive, now: Timestamp) -> Result<String, Error> {
    let object = archive_key(export.patient, export.id, archive.attempt);
    let life = LINK_LIFE.unsigned_abs();
    store.presign_get(Bucket::Exports, &object, now, life).await
}

/// Removes what attempts before this one have left.
pub async fn remove_left_over(store: &Store, export: &Export) -> Result<(), Error> {
    for attempt in 1..export.attempts {
        remove_archive(store, export.patient, export.id, attempt).await?;
    }
    Ok(())
}

/// Gone afterwards, whether it was there or not.
pub async fn remove_archive(store: &Store, patient: UserId, id: ExportId, attempt: u32) -> Result<(), Error> {
    let object = archive_key(patient, id, attempt);
    store.delete_object(Bucket::Exports, &object).await
}

/// Whatever any attempt has put.
pub async fn remove_archives(store: &Store, patient: UserId, id: ExportId) -> Result<(), Error> {
    for attempt in 1..=MOST_ATTEMPTS {
        remove_archive(store, patient, id, attempt).await?;
    }
    Ok(())
}

/// For a patient whose account is gone. Repeatable: the item goes last, so that the archive is found until it is gone.
pub(crate) async fn erase(store: &Store, export: &Export) -> Result<(), Error> {
    remove_archives(store, export.patient, export.id).await?;
    if let Some(unqueued) = unqueued(export) {
        store.write(unqueued).await?;
    }
    store.write(Write::delete(key::export(export.patient, export.id))).await
}

fn archive_key(patient: UserId, id: ExportId, attempt: u32) -> String {
    format!("{patient}/{id}/{attempt}.zip")
}
