//! Who a person is at an outside identity provider: its name and the subject it knows them by.

use domain::id::UserId;
use serde::{Deserialize, Serialize};

use crate::write::Write;
use crate::{Error, Store, key};

#[derive(Serialize, Deserialize)]
struct Identity {
    user: UserId,
}

#[derive(Serialize, Deserialize)]
struct Linked {
    index: String,
}

/// More providers and subjects than anybody links.
const MOST: usize = 100;

pub async fn find(store: &Store, provider: &str, subject: &str) -> Result<Option<UserId>, Error> {
    let identity: Option<Identity> = store.get(&place(store, provider, subject).await?).await?;
    Ok(identity.map(|identity| identity.user))
}

/// The first to link wins; who comes later finds it.
pub async fn link(store: &Store, provider: &str, subject: &str, user: UserId) -> Result<(), Error> {
    let index = store.blind_index(provider, subject).await?;
    let writes = vec![
        Write::put(holder(&index), &Identity { user })?.if_absent(),
        // By which it is found again when the account goes.
        Write::put(key::identity_of(user, &index), &Linked { index })?,
    ];
    match store.transact(writes).await {
        Err(Error::ConditionFailed(_)) | Ok(()) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Unlinks all of somebody whose account is gone: they may come back as somebody new. Repeatable.
pub(crate) async fn erase(store: &Store, user: UserId) -> Result<(), Error> {
    for item in store.query_all(&key::identities_of(user), MOST).await? {
        let Linked { index } = serde_dynamo::from_item(item)?;
        let unlink = Write::delete(holder(&index)).if_equals("user", &user)?;
        let forget = Write::delete(key::identity_of(user, &index));
        match store.transact(vec![unlink, forget.clone()]).await {
            Err(Error::ConditionFailed(_)) => store.write(forget).await?,
            other => other?,
        }
    }
    Ok(())
}

async fn place(store: &Store, provider: &str, subject: &str) -> Result<key::Key, Error> {
    Ok(holder(&store.blind_index(provider, subject).await?))
}

fn holder(index: &str) -> key::Key {
    key::holder("IDENTITY", index)
}
