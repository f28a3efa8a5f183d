//! Files that come in parts, each an object of its own until all are there: what a bad line can carry.

use std::collections::BTreeMap;

use bytes::{Bytes, BytesMut};
use domain::id::{UploadId, UserId};
use domain::upload::{ADDRESS_LIFE, LARGEST_PART_BYTES, Parts, Upload};
use futures_util::future::try_join_all;

use super::object_key;
use crate::bucket::Bucket;
use crate::{Error, Store};

/// One part of an upload.
pub struct Part {
    /// From 1.
    pub number: u32,
    pub size_bytes: u64,
    pub is_received: bool,
}

/// All parts of an upload and which of them have come. A part of another size than announced cannot come: its address
/// takes no other.
pub async fn list(store: &Store, upload: &Upload, parts: Parts) -> Result<Vec<Part>, Error> {
    let prefix = prefix(upload.owner, upload.id);
    let received: BTreeMap<String, u64> = store.list_objects(Bucket::Parts, &prefix).await?.into_iter().collect();
    let part = |(number, size_bytes)| Part {
        number,
        size_bytes,
        is_received: received.contains_key(&key(&prefix, number)),
    };
    Ok(parts.sizes().map(part).collect())
}

/// The address that takes a part, again and again.
pub async fn address(store: &Store, upload: &Upload, part: &Part) -> Result<String, Error> {
    let object = key(&prefix(upload.owner, upload.id), part.number);
    store
        .presign_put(Bucket::Parts, &object, part.size_bytes, ADDRESS_LIFE.unsigned_abs())
        .await
}

/// The bytes of each part; none of one that is gone.
pub async fn read(store: &Store, upload: &Upload, parts: &[Part]) -> Result<Vec<Option<Bytes>>, Error> {
    let prefix = prefix(upload.owner, upload.id);
    let read = |part: &Part| {
        let object = key(&prefix, part.number);
        async move { store.get_object(Bucket::Parts, &object, LARGEST_PART_BYTES).await }
    };
    let objects = try_join_all(parts.iter().map(read)).await?;
    Ok(objects
        .into_iter()
        .map(|object| object.map(|object| object.bytes))
        .collect())
}

/// Makes the file of its parts. Who comes second finds the same file there, which is no error.
pub async fn join(store: &Store, upload: &Upload, parts: &[Bytes]) -> Result<(), Error> {
    let mut file = BytesMut::with_capacity(parts.iter().map(Bytes::len).sum());
    parts.iter().for_each(|part| file.extend_from_slice(part));
    let object = object_key(upload.owner, upload.id);
    let owner = upload.owner.to_string();
    let put = store.put_object(
        Bucket::Uploads,
        &object,
        "application/octet-stream",
        &owner,
        file.into(),
    );
    match put.await {
        Err(Error::ConditionFailed(_)) => Ok(()),
        put => put,
    }
}

pub async fn remove(store: &Store, upload: &Upload, numbers: &[u32]) -> Result<(), Error> {
    for number in numbers {
        let object = key(&prefix(upload.owner, upload.id), *number);
        store.delete_object(Bucket::Parts, &object).await?;
    }
    Ok(())
}

pub async fn remove_all(store: &Store, owner: UserId, id: UploadId) -> Result<(), Error> {
    for (object, _) in store.list_objects(Bucket::Parts, &prefix(owner, id)).await? {
        store.delete_object(Bucket::Parts, &object).await?;
    }
    Ok(())
}

fn prefix(owner: UserId, id: UploadId) -> String {
    object_key(owner, id) + "/"
}

fn key(prefix: &str, number: u32) -> String {
    format!("{prefix}{number}")
}
