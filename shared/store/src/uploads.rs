//! Files that go past the API: who expects which, and the address that takes it.

use bytes::Bytes;
use domain::id::{UploadId, UserId};
use domain::picture_link::PictureName;
use domain::upload::{ADDRESS_LIFE, FileKind, LARGEST_FILE_BYTES, LARGEST_PHOTO_BYTES, Upload, UploadState};
use jiff::Timestamp;

use crate::bucket::Bucket;
use crate::write::Write;
use crate::{Error, Store, key};

pub mod parts;

/// Notes an expected upload.
pub async fn expect(store: &Store, upload: &Upload) -> Result<(), Error> {
    store
        .write(Write::put(key::upload(upload.owner, upload.id), upload)?.if_absent())
        .await
}

/// The address that takes the file in one piece.
pub async fn address(store: &Store, upload: &Upload, size_bytes: u64) -> Result<String, Error> {
    let object = object_key(upload.owner, upload.id);
    store
        .presign_put(Bucket::Uploads, &object, size_bytes, ADDRESS_LIFE.unsigned_abs())
        .await
}

/// An owner's upload, while it lives.
pub async fn get(store: &Store, owner: UserId, id: UploadId, now: Timestamp) -> Result<Option<Upload>, Error> {
    let upload: Option<Upload> = store.get(&key::upload(owner, id)).await?;
    Ok(upload.filter(|upload| now < upload.expires_at))
}

/// What was announced to come, if anything was; also of an upload whose time is over.
pub async fn expected_kind(store: &Store, owner: UserId, id: UploadId) -> Result<Option<FileKind>, Error> {
    let upload: Option<Upload> = store.get(&key::upload(owner, id)).await?;
    Ok(upload.map(|upload| upload.kind))
}

/// The file of an upload that its owner asked for, once it has come.
pub async fn received(store: &Store, owner: UserId, id: UploadId, now: Timestamp) -> Result<Option<Bytes>, Error> {
    if get(store, owner, id, now).await?.is_none() {
        return Ok(None);
    }
    read(store, owner, id).await
}

async fn read(store: &Store, owner: UserId, id: UploadId) -> Result<Option<Bytes>, Error> {
    let object = store
        .get_object(Bucket::Uploads, &object_key(owner, id), LARGEST_FILE_BYTES)
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

/// Keeps a picture for somebody who has no account yet; the bucket forgets it within a day or two if they never do.
pub async fn put_pending_picture(store: &Store, owner: UserId, name: &PictureName, jpeg: Vec<u8>) -> Result<(), Error> {
    let key = pending_key(name);
    store
        .put_object(Bucket::Uploads, &key, "image/jpeg", &owner.to_string(), jpeg)
        .await
}

/// Moves it to where pictures are, for its owner. One that is gone meanwhile is no error.
pub async fn keep_pending_picture(store: &Store, owner: UserId, name: &PictureName) -> Result<(), Error> {
    let key = pending_key(name);
    let object = store.get_object(Bucket::Uploads, &key, LARGEST_PHOTO_BYTES).await?;
    if let Some(object) = object.filter(|object| object.owner.as_deref() == Some(owner.to_string().as_str())) {
        crate::pictures::put(store, owner, name, object.bytes.to_vec()).await?;
        store.delete_object(Bucket::Uploads, &key).await?;
    }
    Ok(())
}

/// Not of the form that uploads by their owners have.
fn pending_key(name: &PictureName) -> String {
    format!("pending/{}", name.as_str())
}

/// For an owner whose account is gone: the file or its parts, and that it was expected.
pub(crate) async fn erase(store: &Store, owner: UserId, id: UploadId) -> Result<(), Error> {
    parts::remove_all(store, owner, id).await?;
    remove_file(store, owner, id).await?;
    store.write(Write::delete(key::upload(owner, id))).await
}

/// Removes the file; where a request holds its writes back, once they are carried out.
pub async fn remove_file(store: &Store, owner: UserId, id: UploadId) -> Result<(), Error> {
    let object = object_key(owner, id);
    if store.hold_removal(&object) {
        return Ok(());
    }
    store.delete_object(Bucket::Uploads, &object).await
}

/// Whose upload an object is; none for a key that is not ours.
pub fn parse_object_key(object: &str) -> Option<(UserId, UploadId)> {
    let (owner, id) = object.split_once('/')?;
    Some((owner.parse().ok()?, id.parse().ok()?))
}

fn object_key(owner: UserId, id: UploadId) -> String {
    format!("{owner}/{id}")
}
