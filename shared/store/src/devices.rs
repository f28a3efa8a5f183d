//! Installed apps that can be pushed to. A token belongs to one person at a time: whoever signs in on a phone takes it.
//!
//! Who holds a token is an item of its own, found by a keyed hash of the token.

use domain::id::{DeviceId, SessionId, UserId};
use domain::notification::{Device, PushToken};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::write::Write;
use crate::{Error, PageRequest, Store, key};

/// How often a registration is tried anew when others register the same token at that moment.
const TRIES: u32 = 5;

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
    let index = index(store, &new.token);
    for _ in 0..TRIES {
        let holder: Option<Holder> = store.get(&key::push_token_holder(&index)).await?;
        let id = match &holder {
            Some(holder) if holder.user == new.user => holder.device,
            _ => new.id,
        };
        let mut writes = take_token(new, id, &index, holder.as_ref())?;
        if id == new.id {
            writes.extend(make_room(store, new.user).await?);
        }
        match store.transact(writes).await {
            Err(Error::ConditionFailed(_)) => {}
            other => return other.map(|()| id),
        }
    }
    Err(Error::Unavailable("a push token kept changing hands".to_owned()))
}

/// Changes the holder of a token as it was found, and the devices with it.
fn take_token(new: &Device, id: DeviceId, index: &str, found: Option<&Holder>) -> Result<Vec<Write>, Error> {
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
        Some(found) => hold.if_is("device", &found.device)?,
    };
    let mut writes = vec![hold, Write::put(key::device(new.user, id), &stored)?];
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
        Write::delete(key::push_token_holder(&stored.token_index)).if_is("device", &id)?,
    ])
}

/// Those registered last first.
pub async fn list(store: &Store, user: UserId, now: Timestamp) -> Result<Vec<StoredDevice>, Error> {
    let mut devices = all(store, user).await?;
    devices.retain(|stored| !stored.device.is_gone(now));
    Ok(devices)
}

async fn all(store: &Store, user: UserId) -> Result<Vec<StoredDevice>, Error> {
    let page = PageRequest {
        limit: 2 * Device::MOST as u16,
        after: None,
    };
    Ok(store.query_backwards(&key::devices(user), &page).await?.items)
}

pub async fn get(store: &Store, user: UserId, id: DeviceId, now: Timestamp) -> Result<Option<StoredDevice>, Error> {
    let stored: Option<StoredDevice> = store.get(&key::device(user, id)).await?;
    Ok(stored.filter(|stored| !stored.device.is_gone(now)))
}

/// Fails as `ConditionFailed` where there is none.
pub async fn remove(store: &Store, user: UserId, id: DeviceId) -> Result<(), Error> {
    let stored: Option<StoredDevice> = store.get(&key::device(user, id)).await?;
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

/// Notes what SNS calls a device.
pub async fn note_endpoint(store: &Store, user: UserId, id: DeviceId, endpoint: &str) -> Result<(), Error> {
    let note = Write::set(key::device(user, id), "endpoint", &endpoint)?.if_present();
    match store.write(note).await {
        Err(Error::ConditionFailed(_)) => Ok(()),
        other => other,
    }
}

fn index(_: &Store, token: &PushToken) -> String {
    data_encoding::BASE64URL_NOPAD.encode(&Sha256::digest(token.as_str()))
}
