//! Pictures of people: JPEG, cleaned of metadata, under random names, each with its owner written on it.

use bytes::Bytes;
use domain::id::UserId;
use domain::picture_link::PictureName;

use crate::bucket::Bucket;
use crate::{Error, Store};

/// Ours are re-encoded to well under this; it bounds what a read may bring.
const LARGEST: u64 = 4_000_000;

pub async fn put(store: &Store, owner: UserId, name: &PictureName, jpeg: Vec<u8>) -> Result<(), Error> {
    store
        .put_object(Bucket::Images, name.as_str(), "image/jpeg", &owner.to_string(), jpeg)
        .await?;
    store.note_picture(name);
    Ok(())
}

/// For somebody who holds a signed link.
pub async fn get_linked(store: &Store, name: &PictureName) -> Result<Option<Bytes>, Error> {
    let object = store.get_object(Bucket::Images, name.as_str(), LARGEST).await?;
    Ok(object.map(|object| object.bytes))
}

/// For its owner; another's picture does not exist for them.
pub async fn get_own(store: &Store, owner: UserId, name: &PictureName) -> Result<Option<Bytes>, Error> {
    let object = store.get_object(Bucket::Images, name.as_str(), LARGEST).await?;
    let own = object.filter(|object| object.owner.as_deref() == Some(owner.to_string().as_str()));
    Ok(own.map(|object| object.bytes))
}

/// Gone afterwards, whether it was there or not.
pub async fn remove(store: &Store, name: &PictureName) -> Result<(), Error> {
    store.delete_object(Bucket::Images, name.as_str()).await
}
