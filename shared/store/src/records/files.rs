//! Files of records: attached once under their id, with the change of the record that waits for them, and gone with it.

use domain::id::{RecordFileId, RecordId, UserId};
use domain::record::conflict::RecordConflict;
use domain::record::file::{self, FileRefused, Kept, MOST_ATTACHED, NamedFile, RecordFile, Sent};
use domain::record::{Record, RecordRefused};

use super::{Turn, see, write};
use crate::outbox::{self, Entry};
use crate::sealing::Sealed;
use crate::{Error, RefusedOr, Store, documents, key, pictures};

/// More conflicts over one record than anybody leaves open; none beyond is asked for the files that it names.
const MOST_CONFLICTS: usize = 100;

pub type FileError = RefusedOr<FileRefused>;

impl From<FileRefused> for FileError {
    fn from(refused: FileRefused) -> Self {
        Self::Refused(refused)
    }
}

/// What it is called and what is in it. The name in storage stands open, for whoever removes it.
impl Sealed for RecordFile {
    const SEALED: &'static [&'static str] = &["name", "sha256", "kept_sha256"];
}

/// A file that is there, and the record as it is with it.
pub struct Attached {
    pub file: RecordFile,
    pub record: Record,
}

pub async fn get_file(
    store: &Store,
    patient: UserId,
    record: RecordId,
    id: RecordFileId,
) -> Result<Option<RecordFile>, Error> {
    store.get_sealed(&key::record_file(patient, record, id)).await
}

/// All files of a record, whichever version named them.
pub async fn list_files(store: &Store, patient: UserId, record: RecordId) -> Result<Vec<RecordFile>, Error> {
    let range = key::record_files(patient, record);
    let items = store.query_all(&range, MOST_ATTACHED).await?;
    store.open_items(&range, items).await
}

/// A file as the record names it, or the other side of a conflict over it that is open.
pub async fn find_named(store: &Store, record: &Record, id: RecordFileId) -> Result<NamedFile, FileError> {
    let mut conflicts = Vec::<RecordConflict>::new();
    if record.open_conflicts > 0 {
        let range = key::open_conflicts_of(record.patient, record.id);
        let items = store.query_all(&range, MOST_CONFLICTS).await?;
        conflicts = store.open_items(&range, items).await?;
    }
    Ok(file::find_named(record, &conflicts, id)?)
}

/// Attaches a file whose bytes are kept. Where one is attached under its id already, that is the answer. The record
/// draws a number, so that other devices hear of it; with the last file that it waits for it is whole.
pub async fn attach(store: &Store, file: &RecordFile, audit: &Entry) -> Result<Attached, FileError> {
    let (patient, id) = (file.patient, file.record);
    let place = key::record_file(patient, id, file.id);
    let sent = Sent {
        sha256: file.sha256.clone(),
        size_bytes: file.size_bytes,
    };
    let mut turn = Turn::new();
    loop {
        let mut seen = see(store, patient, id, std::slice::from_ref(&place)).await?;
        let record = seen.record.clone().filter(|record| !record.is_erased);
        let record = record.ok_or(FileRefused::Record(RecordRefused::NotFound))?;
        if let Some(item) = seen.beside.pop().flatten() {
            let file = store.open_item(&place, item).await?;
            note_again(store, &record, audit).await?;
            return Ok(Attached { file, record });
        }
        find_named(store, &record, file.id).await?.check(&sent)?;
        let after = record.with_file(file.id)?;
        let put = store.sealed_put(place.clone(), file).await?.if_absent();
        match write(store, &seen, after, audit, vec![put]).await? {
            Some(record) => {
                let file = file.clone();
                return Ok(Attached { file, record });
            }
            None => turn.next().await?,
        }
    }
}

/// That somebody asked for what is there already.
pub async fn note_again(store: &Store, record: &Record, audit: &Entry) -> Result<(), Error> {
    outbox::add(store, &audit.noting_no_change(record.version)).await
}

/// Gone afterwards, whether it was there or not.
pub async fn remove_kept(store: &Store, kept: &Kept) -> Result<(), Error> {
    match kept {
        Kept::Picture(name) => pictures::remove(store, name).await,
        Kept::Document(name) => documents::remove(store, name).await,
    }
}
