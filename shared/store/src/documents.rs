//! Documents of people: as they sent them, under random names, each with its owner written on it, and only to be saved:
//! whatever is in them, no browser runs it on our behalf.

use std::time::Duration;

use bytes::Bytes;
use domain::id::UserId;
use domain::picture_link::DocumentName;
use domain::upload::LARGEST_PDF_BYTES;
use jiff::Timestamp;

use crate::bucket::Bucket;
use crate::{Error, Store};

pub use crate::objects::Found;

pub async fn put(store: &Store, owner: UserId, name: &DocumentName, pdf: Vec<u8>) -> Result<(), Error> {
    store
        .put_object(
            Bucket::Documents,
            name.as_str(),
            "application/pdf",
            &owner.to_string(),
            pdf,
        )
        .await
}

/// For somebody who holds a signed link: a document of at most so many bytes.
pub async fn get_linked(store: &Store, name: &DocumentName, most: u64) -> Result<Option<Found>, Error> {
    store.get_small_object(Bucket::Documents, name.as_str(), most).await
}

/// For its owner; another's document does not exist for them.
pub async fn get_own(store: &Store, owner: UserId, name: &DocumentName) -> Result<Option<Bytes>, Error> {
    let object = store
        .get_object(Bucket::Documents, name.as_str(), LARGEST_PDF_BYTES)
        .await?;
    let own = object.filter(|object| object.owner.as_deref() == Some(owner.to_string().as_str()));
    Ok(own.map(|object| object.bytes))
}

/// An address of storage itself, for the same person, for a while.
pub async fn address(store: &Store, name: &DocumentName, now: Timestamp, life: Duration) -> Result<String, Error> {
    store.presign_get(Bucket::Documents, name.as_str(), now, life).await
}

/// Gone afterwards, whether it was there or not.
pub async fn remove(store: &Store, name: &DocumentName) -> Result<(), Error> {
    store.delete_object(Bucket::Documents, name.as_str()).await
}
