//! Files that go past the API: who expects which, and the address that takes it.

use bytes::Bytes;
use domain::id::{UploadId, UserId};
use domain::upload::{LARGEST_PHOTO_BYTES, LIFE, Upload, UploadState};
use jiff::Timestamp;

use crate::bucket::Bucket;
use crate::write::Write;
use crate::{Error, Store, key};

/// Notes an expected upload and gives the address for it.
pub async fn expect(store: &Store, upload: &Upload, size_bytes: u64) -> Result<String, Error> {
    store
        .write(Write::put(key::upload(upload.owner, upload.id), upload)?.if_absent())
        .await?;
    let object = object_key(upload.owner, upload.id);
    store
        .presign_put(Bucket::Uploads, &object, size_bytes, LIFE.unsigned_abs())
        .await
}

/// An owner's upload, while it lives.
pub async fn get(store: &Store, owner: UserId, id: UploadId, now: Timestamp) -> Result<Option<Upload>, Error> {
    let upload: Option<Upload> = store.get(&key::upload(owner, id)).await?;
    Ok(upload.filter(|upload| now < upload.expires_at))
}

/// The file itself, once it has come.
pub async fn read(store: &Store, owner: UserId, id: UploadId) -> Result<Option<Bytes>, Error> {
    let object = store
        .get_object(Bucket::Uploads, &object_key(owner, id), LARGEST_PHOTO_BYTES)
        .await?;
    Ok(object.map(|object| object.bytes))
}

/// The first bytes of the file: enough to tell what it is.
pub async fn read_start(store: &Store, owner: UserId, id: UploadId) -> Result<Option<Bytes>, Error> {
    let object = store.get_object(Bucket::Uploads, &object_key(owner, id), 16).await?;
    Ok(object.map(|object| object.bytes))
}

/// Says how an expected upload stands. An upload that nobody expects is `ConditionFailed`.
pub async fn settle(store: &Store, owner: UserId, id: UploadId, state: UploadState) -> Result<(), Error> {
    store
        .write(Write::update(key::upload(owner, id)).set("state", &state)?.if_present())
        .await
}

/// Removes the file.
pub async fn remove_file(store: &Store, owner: UserId, id: UploadId) -> Result<(), Error> {
    store.delete_object(Bucket::Uploads, &object_key(owner, id)).await
}

/// Whose upload an object is; none for a key that is not ours.
pub fn parse_object_key(object: &str) -> Option<(UserId, UploadId)> {
    let (owner, id) = object.split_once('/')?;
    Some((owner.parse().ok()?, id.parse().ok()?))
}

fn object_key(owner: UserId, id: UploadId) -> String {
    format!("{owner}/{id}")
}
