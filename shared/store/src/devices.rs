//! Installed apps that can be pushed to. A token belongs to one person at a time: whoever signs in on a phone takes it.
//!
//! Who holds a token is an item of its own, found by a keyed hash of the token.

use std::time::Duration;

use domain::id::{DeviceId, SessionId, UserId};
use domain::notification::{Device, PushToken};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::query::sort_key;
use crate::sealing::Sealed;
use crate::write::Write;
use crate::{Error, Store, key};

/// How often a registration is tried anew when others register the same token at that moment.
const TRIES: u32 = 20;

/// A device with what the store notes beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredDevice {
    #[serde(flatten)]
    pub device: Device,
    /// Where the item is that says who holds the token.
    token_index: String,
    /// What SNS calls it, once it has been pushed to that way.
    pub endpoint: Option<String>,
}

/// Whoever has the token can push.
impl Sealed for StoredDevice {
    const SEALED: &'static [&'static str] = &["token"];
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Holder {
    user: UserId,
    device: DeviceId,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    expires_at: Timestamp,
}

/// Registers a device and gives its id, which stays the same for a token that its owner registers again. A token of
/// another person's comes over; of too many devices the one registered first goes.
pub async fn register(store: &Store, new: &Device) -> Result<DeviceId, Error> {
    let index = index(store, &new.token).await?;
    for _ in 0..TRIES {
        let holder: Option<Holder> = store.get(&key::push_token_holder(&index)).await?;
        let id = match &holder {
            Some(holder) if holder.user == new.user => holder.device,
            _ => new.id,
        };
        let mut writes = take_token(store, new, id, &index, holder.as_ref()).await?;
        if id == new.id {
            writes.extend(make_room(store, new.user).await?);
        }
        match store.transact(writes).await {
            // Racers part when each waits a time of its own.
            Err(Error::ConditionFailed(_)) => {
                tokio::time::sleep(Duration::from_millis(fastrand::u64(5..50))).await;
            }
            other => return other.map(|()| id),
        }
    }
    Err(Error::Unavailable("a push token kept changing hands".to_owned()))
}

/// Changes the holder of a token as it was found, and the devices with it.
async fn take_token(
    store: &Store,
    new: &Device,
    id: DeviceId,
    index: &str,
    found: Option<&Holder>,
) -> Result<Vec<Write>, Error> {
    let stored = StoredDevice {
        device: Device { id, ..new.clone() },
        token_index: index.to_owned(),
        endpoint: None,
    };
    let holder = Holder {
        user: new.user,
        device: id,
        expires_at: new.expires_at,
    };
    let hold = Write::put(key::push_token_holder(index), &holder)?;
    let hold = match found {
        None => hold.if_absent(),
        Some(found) => hold.if_equals("device", &found.device)?,
    };
    let mut writes = vec![hold, store.sealed_put(key::device(new.user, id), &stored).await?];
    let of_another = found.filter(|found| found.user != new.user);
    writes.extend(of_another.map(|found| Write::delete(key::device(found.user, found.device))));
    Ok(writes)
}

async fn make_room(store: &Store, user: UserId) -> Result<Vec<Write>, Error> {
    let devices = all(store, user).await?;
    let surplus = devices.into_iter().skip(Device::MOST - 1).take(1);
    let mut writes = Vec::new();
    for device in surplus {
        writes.extend(removal(&device)?);
    }
    Ok(writes)
}

fn removal(stored: &StoredDevice) -> Result<[Write; 2], Error> {
    let Device { user, id, .. } = stored.device;
    Ok([
        Write::delete(key::device(user, id)).if_present(),
        Write::delete(key::push_token_holder(&stored.token_index)).if_equals("device", &id)?,
    ])
}

/// Those registered last first.
pub async fn list(store: &Store, user: UserId, now: Timestamp) -> Result<Vec<StoredDevice>, Error> {
    let mut devices = all(store, user).await?;
    devices.retain(|stored| !stored.device.is_gone(now));
    Ok(devices)
}

async fn all(store: &Store, user: UserId) -> Result<Vec<StoredDevice>, Error> {
    let range = key::devices(user);
    let mut devices = Vec::new();
    for item in store.query_all_backwards(&range, 2 * Device::MOST).await? {
        let sort = sort_key(&item).unwrap_or_default().to_owned();
        devices.push(store.open_item(&key::item_of(&range, &sort), item).await?);
    }
    Ok(devices)
}

pub async fn get(store: &Store, user: UserId, id: DeviceId, now: Timestamp) -> Result<Option<StoredDevice>, Error> {
    let stored: Option<StoredDevice> = store.get_sealed(&key::device(user, id)).await?;
    Ok(stored.filter(|stored| !stored.device.is_gone(now)))
}

/// Fails as `ConditionFailed` where there is none.
pub async fn remove(store: &Store, user: UserId, id: DeviceId) -> Result<(), Error> {
    let stored: Option<StoredDevice> = store.get_sealed(&key::device(user, id)).await?;
    let stored = stored.ok_or(Error::ConditionFailed(0))?;
    match store.transact(removal(&stored)?.into()).await {
        // The token has gone to somebody else, or expired.
        Err(Error::ConditionFailed(1)) => store.write(Write::delete(key::device(user, id))).await,
        other => other,
    }
}

/// Ends pushes to what one sign-in registered: for signing out.
pub async fn remove_of_session(store: &Store, user: UserId, session: SessionId) -> Result<(), Error> {
    let devices = all(store, user).await?;
    for stored in devices.iter().filter(|stored| stored.device.session == session) {
        match remove(store, user, stored.device.id).await {
            Err(Error::ConditionFailed(_)) => {}
            other => other?,
        }
    }
    Ok(())
}

/// For somebody whose account is gone. Repeatable.
pub(crate) async fn erase(store: &Store, user: UserId) -> Result<(), Error> {
    for stored in all(store, user).await? {
        match remove(store, user, stored.device.id).await {
            Err(Error::ConditionFailed(_)) => {}
            other => other?,
        }
    }
    Ok(())
}

/// Notes what SNS calls a device.
pub async fn note_endpoint(store: &Store, user: UserId, id: DeviceId, endpoint: &str) -> Result<(), Error> {
    let note = Write::update(key::device(user, id))
        .set("endpoint", &endpoint)?
        .if_present();
    match store.write(note).await {
        Err(Error::ConditionFailed(_)) => Ok(()),
        other => other,
    }
}

async fn index(store: &Store, token: &PushToken) -> Result<String, Error> {
    store.blind_index("push-token", token.as_str()).await
}
