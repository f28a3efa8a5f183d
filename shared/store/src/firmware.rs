//! Published firmware: releases, the head of each hardware, and the images.
//!
//! A head holds all that a poll must know, in one item. It is changed by whoever holds its revision; a release itself is
//! put once. Images are stored under their SHA-256, so the same image is stored once and none is ever overwritten.

use std::time::Duration;

use bytes::Bytes;
use domain::firmware::{FirmwareRefused, Hardware, Head, Release};
use domain::id::FirmwareUploadId;
use jiff::Timestamp;

use crate::bucket::Bucket;
use crate::outbox::Entry;
use crate::write::Write;
use crate::{Error, RefusedOr, Store, firmware_uploads, key, pause};

/// How often a change is tried again while others change the same head.
const ATTEMPTS: u32 = 40;

/// Why a release could not be published, or a head not be changed.
pub type FirmwareError = RefusedOr<FirmwareRefused>;

impl From<FirmwareRefused> for FirmwareError {
    fn from(refused: FirmwareRefused) -> Self {
        Self::Refused(refused)
    }
}

/// What a hardware's devices may run. One read, whatever there is.
pub async fn head(store: &Store, hardware: Hardware) -> Result<Head, Error> {
    let found = store.get(&key::firmware_head(hardware)).await?;
    Ok(found.unwrap_or_else(|| Head::empty(hardware)))
}

/// What goes out with a change of a head.
#[derive(Default)]
pub struct Notices<'a> {
    /// In any case.
    pub always: &'a [Entry],
    /// Only if a version is announced with the change: this names it.
    pub announcement: Option<&'a Entry>,
}

impl Notices<'_> {
    async fn writes(&self, store: &Store, before: &Head, after: &Head) -> Result<Vec<Write>, Error> {
        let is_announced = after.newly_announced(before).is_some();
        let mut writes = Vec::new();
        for notice in self.always.iter().chain(self.announcement.filter(|_| is_announced)) {
            writes.push(notice.write(store).await?);
        }
        Ok(writes)
    }
}

/// A release whose image is stored.
pub struct Publication<'a> {
    pub release: &'a Release,
    /// The upload that it came by, and what was odd about it.
    pub upload: Option<(FirmwareUploadId, &'a [String])>,
    pub notices: Notices<'a>,
}

/// Publishes a release. Of several of one version at once, one is published; all others leave nothing behind. `finish`
/// is what else changes in the head with it.
pub async fn publish(
    store: &Store,
    publication: &Publication<'_>,
    finish: impl Fn(Head) -> Head,
) -> Result<(), FirmwareError> {
    let Publication {
        release,
        upload,
        notices,
    } = publication;
    for attempt in 0..ATTEMPTS {
        let before = head(store, release.hardware).await?;
        let after = finish(before.with((*release).clone())?);
        let place = key::firmware_release(release.hardware, &release.version);
        let mut writes = vec![Write::put(place, release)?.if_absent(), put_head(&before, &after)?];
        writes.extend(notices.writes(store, &before, &after).await?);
        if let Some((id, warnings)) = upload {
            writes.push(firmware_uploads::published(*id, warnings)?);
        }
        match store.transact(writes).await {
            Err(Error::ConditionFailed(0)) => {
                return Err(FirmwareRefused::VersionExists(release.version.clone()).into());
            }
            Err(Error::ConditionFailed(1)) => pause::before_trying_again(attempt).await,
            outcome => return Ok(outcome?),
        }
    }
    Err(busy().into())
}

/// Reads, changes and writes until nobody else was between; `change` answers none where there is nothing to change.
pub async fn change_head(
    store: &Store,
    hardware: Hardware,
    change: impl Fn(&Head) -> Result<Option<Head>, FirmwareRefused>,
    notices: &Notices<'_>,
) -> Result<Head, FirmwareError> {
    for attempt in 0..ATTEMPTS {
        let before = head(store, hardware).await?;
        let Some(after) = change(&before)? else {
            return Ok(before);
        };
        let mut writes = vec![put_head(&before, &after)?];
        writes.extend(notices.writes(store, &before, &after).await?);
        match store.transact(writes).await {
            Err(Error::ConditionFailed(0)) => pause::before_trying_again(attempt).await,
            outcome => return Ok(outcome.map(|()| after)?),
        }
    }
    Err(busy().into())
}

/// Over the head that the change was made from, and no other.
pub(crate) fn put_head(before: &Head, after: &Head) -> Result<Write, Error> {
    let put = Write::put(key::firmware_head(after.hardware), after)?;
    match before.revision {
        0 => Ok(put.if_absent()),
        revision => put.if_equals("revision", &revision),
    }
}

fn busy() -> Error {
    Error::Unavailable("a firmware head kept changing".to_owned())
}

/// Stores an image; nothing happens if it is there.
pub async fn put_image(store: &Store, sha256: &str, image: Vec<u8>) -> Result<(), Error> {
    store
        .put_content(Bucket::Firmware, &image_key(sha256), "application/octet-stream", image)
        .await
}

/// The bytes from the first to the last, both included, of which there is at least one.
pub async fn read_image(store: &Store, release: &Release, first: u64, last: u64) -> Result<Option<Bytes>, Error> {
    let object = image_key(&release.sha256);
    store.get_object_part(Bucket::Firmware, &object, first, last).await
}

/// An address that gives the image to whoever has it, for a while.
pub async fn image_address(store: &Store, release: &Release, now: Timestamp, life: Duration) -> Result<String, Error> {
    let object = image_key(&release.sha256);
    store.presign_get(Bucket::Firmware, &object, now, life).await
}

fn image_key(sha256: &str) -> String {
    format!("images/{sha256}.bin")
}
