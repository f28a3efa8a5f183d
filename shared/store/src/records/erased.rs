//! Records that are erased: what they said is removed by an errand, which nothing that came since goes with.

use domain::id::{RecordFileId, RecordId, UserId};
use domain::record::file::Kept;
use domain::record::{Pen, Record, RecordRefused};
use serde::{Deserialize, Serialize};

use super::{RecordError, Turn, list_files, remove_kept, see, write};
use crate::erasure::Walk;
use crate::key::KeyRange;
use crate::outbox::{Entry, Errand};
use crate::query::{Order, place_in};
use crate::write::Write;
use crate::{Error, PageRequest, Store, key};

/// Items of one page.
const PAGE: u16 = 100;

/// What is to be removed of a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Erased {
    pub patient: UserId,
    pub record: RecordId,
    /// What it was erased with. Lower versions go, and conflicts that met one of them.
    #[serde(default)]
    pub version: u64,
    pub files: Vec<(RecordFileId, Kept)>,
}

/// Leaves nothing of a record but a mark for devices that still have it. What it said and its files go by an errand, which
/// `removal` makes an entry of; a file that is being attached meanwhile makes this look again.
pub async fn erase(
    store: &Store,
    (patient, id): (UserId, RecordId),
    pen: Pen,
    removal: impl Fn(Errand) -> Entry,
    audit: &Entry,
) -> Result<Record, RecordError> {
    let mut turn = Turn::new();
    loop {
        let seen = see(store, patient, id, &[]).await?;
        let record = seen.record.clone().filter(|record| !record.is_erased);
        let record = record.ok_or(RecordRefused::NotFound)?;
        let files = match record.attached_files.is_empty() {
            true => Vec::new(),
            false => list_files(store, patient, id).await?,
        };
        let after = record.erased(pen)?;
        let errand = Errand::ForgetRecord(Erased {
            patient,
            record: id,
            version: after.version,
            files: files.into_iter().map(|file| (file.id, file.kept)).collect(),
        });
        let removal = removal(errand).write(store).await?;
        match write(store, &seen, after, audit, vec![removal]).await? {
            Some(record) => return Ok(record),
            None => turn.next().await?,
        }
    }
}

/// Removes what a record said before it was erased, at most `most` items of it: repeatable until nothing is left.
pub async fn forget(store: &Store, erased: &Erased, most: usize) -> Result<Walk, Error> {
    remove_files(store, erased).await?;
    let (patient, record) = (erased.patient, erased.record);
    let mut left = most;
    // Whoever settles a conflict meanwhile moves it from the open ones to the settled ones, never back.
    for range in [
        key::record_versions(patient, record),
        key::open_conflicts_of(patient, record),
        key::settled_conflicts_of(patient, record),
    ] {
        if forget_part(store, &range, erased.version, &mut left).await? == Walk::Paused {
            return Ok(Walk::Paused);
        }
    }
    Ok(Walk::Finished)
}

async fn forget_part(store: &Store, range: &KeyRange, version: u64, left: &mut usize) -> Result<Walk, Error> {
    #[derive(Deserialize)]
    struct Of {
        #[serde(alias = "met_version")]
        version: u64,
    }
    let mut after = None;
    loop {
        let page = store
            .query(range, &PageRequest { limit: PAGE, after }, Order::Forwards)
            .await?;
        for item in page.items {
            let place = place_in(range, &item)?;
            if serde_dynamo::from_item::<_, Of>(item)?.version >= version {
                continue;
            }
            if *left == 0 {
                return Ok(Walk::Paused);
            }
            store.write(Write::delete(place)).await?;
            *left -= 1;
        }
        after = page.next;
        if after.is_none() {
            return Ok(Walk::Finished);
        }
    }
}

/// What was attached since, to a record that came back, has other names in storage and stays.
async fn remove_files(store: &Store, erased: &Erased) -> Result<(), Error> {
    for (id, kept) in &erased.files {
        remove_kept(store, kept).await?;
        let place = key::record_file(erased.patient, erased.record, *id);
        match store.write(Write::delete(place).if_equals("kept", kept)?).await {
            Ok(()) | Err(Error::ConditionFailed(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
