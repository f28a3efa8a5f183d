//! S3 on loopback: the protocol, signatures and presigned requests by the `s3s` crate, everything that is
//! kept by ours. Start at [`router`]; `backend.rs` lists the operations, `store.rs` holds the one lock.
//!
//! Deliberately not here: versions, access control lists, encryption settings, lifecycle rules.

mod backend;
mod buckets;
mod checksums;
mod completion;
mod conditions;
mod cors;
pub(super) mod directory;
mod front;
mod listing;
mod multipart;
mod object;
mod read;
mod store;
mod tags;
mod write;

use std::io;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use tokio::sync::mpsc::UnboundedSender;

pub use object::ObjectEvent;

use super::Credentials;
use front::Front;
use store::ObjectStore;

/// The service as a router, over the given folder or over memory.
pub fn router(
    folder: Option<&Path>,
    credentials: &Credentials,
    events: UnboundedSender<ObjectEvent>,
) -> io::Result<Router> {
    let directory = folder.map(directory::Directory::open).transpose()?;
    let store = Arc::new(ObjectStore::open(directory, events)?);
    let mut builder = S3ServiceBuilder::new(backend::Backend(store.clone()));
    builder.set_auth(SimpleAuth::from_single(
        &*credentials.access_key,
        &*credentials.secret_key,
    ));
    let front = Arc::new(Front {
        service: builder.build(),
        store,
    });
    Ok(Router::new().fallback(front::handle).with_state(front))
}
