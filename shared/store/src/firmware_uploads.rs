//! Images that go past the API: who expects which, and what became of it.

use bytes::Bytes;
use domain::firmware::refused::LARGEST_IMAGE_BYTES;
use domain::firmware::upload::{FirmwareUpload, FirmwareUploadState, LIFE, UploadReason};
use domain::id::FirmwareUploadId;
use jiff::Timestamp;

use crate::bucket::{Bucket, INCOMING};
use crate::write::Write;
use crate::{Error, Store, key};

/// Notes an expected upload and gives the address for it.
pub async fn expect(store: &Store, upload: &FirmwareUpload) -> Result<String, Error> {
    let put = Write::put(key::firmware_upload(upload.id), upload)?;
    store.write(put.if_absent()).await?;
    let object = object_key(upload.id);
    store
        .presign_put(Bucket::Firmware, &object, upload.size_bytes, LIFE.unsigned_abs())
        .await
}

pub async fn get(store: &Store, id: FirmwareUploadId, now: Timestamp) -> Result<Option<FirmwareUpload>, Error> {
    let upload: Option<FirmwareUpload> = store.get(&key::firmware_upload(id)).await?;
    Ok(upload.filter(|upload| now < upload.expires_at))
}

/// The file that came, up to a byte more than is taken.
pub async fn received(store: &Store, id: FirmwareUploadId) -> Result<Option<Bytes>, Error> {
    let object = store
        .get_object(Bucket::Firmware, &object_key(id), LARGEST_IMAGE_BYTES + 1)
        .await?;
    Ok(object.map(|object| object.bytes))
}

/// As part of the publication.
pub(crate) fn published(id: FirmwareUploadId, warnings: &[String]) -> Result<Write, Error> {
    settled(id, FirmwareUploadState::Published)?.set("warnings", &warnings)
}

/// One that is settled already stays so: `ConditionFailed`.
pub async fn refuse(store: &Store, id: FirmwareUploadId, reason: &UploadReason) -> Result<(), Error> {
    let write = settled(id, FirmwareUploadState::Refused)?.set("reason", reason)?;
    store.write(write).await
}

fn settled(id: FirmwareUploadId, state: FirmwareUploadState) -> Result<Write, Error> {
    Write::update(key::firmware_upload(id))
        .set("state", &state)?
        .if_equals("state", &FirmwareUploadState::Expected)
}

/// Removes the file as it came: a published image is stored elsewhere.
pub async fn remove_file(store: &Store, id: FirmwareUploadId) -> Result<(), Error> {
    store.delete_object(Bucket::Firmware, &object_key(id)).await
}

/// Which upload an object is; none for a key that is not ours.
pub fn parse_object_key(object: &str) -> Option<FirmwareUploadId> {
    object.strip_prefix(INCOMING)?.parse().ok()
}

fn object_key(id: FirmwareUploadId) -> String {
    format!("{INCOMING}{id}")
}
