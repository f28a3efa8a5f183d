//! Who a person is at an outside identity provider: its name and the subject it knows them by.

use domain::id::UserId;
use serde::{Deserialize, Serialize};

use crate::write::Write;
use crate::{Error, Store, key};

#[derive(Serialize, Deserialize)]
struct Identity {
    user: UserId,
}

pub async fn find(store: &Store, provider: &str, subject: &str) -> Result<Option<UserId>, Error> {
    let identity: Option<Identity> = store.get(&place(store, provider, subject).await?).await?;
    Ok(identity.map(|identity| identity.user))
}

/// The first to link wins; who comes later finds it.
pub async fn link(store: &Store, provider: &str, subject: &str, user: UserId) -> Result<(), Error> {
    let write = Write::put(place(store, provider, subject).await?, &Identity { user })?.if_absent();
    match store.write(write).await {
        Err(Error::ConditionFailed(_)) | Ok(()) => Ok(()),
        Err(error) => Err(error),
    }
}

async fn place(store: &Store, provider: &str, subject: &str) -> Result<key::Key, Error> {
    let index = store.blind_index(provider, subject).await?;
    Ok(key::holder("IDENTITY", &index))
}
