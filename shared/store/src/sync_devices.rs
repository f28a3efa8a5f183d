//! Devices that sync health records, and the lists of those that need attention.
//!
//! A device that needs none lies in its patient's partition alone, and is one write. One that does stands in four lists
//! as well, of names only: what is shown of it is always the device itself.

use domain::id::UserId;
use domain::record::sync_health::{SyncDevice, Trouble, handle};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::key::Key;
use crate::query::{Order, sort_key};
use crate::write::Write;
use crate::{Cursor, Error, Page, PageRequest, Store, key, pause};

/// What is noted of a device is given up where its other requests note something at every try.
const ATTEMPTS: u32 = 4;

/// In a list.
#[derive(Serialize, Deserialize)]
struct Named {
    patient: UserId,
    handle: String,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    expires_at: Timestamp,
}

pub async fn get(store: &Store, patient: UserId, device_id: &str) -> Result<Option<SyncDevice>, Error> {
    let place = key::sync_device(patient, &handle(patient, device_id));
    store.get(&place).await
}

/// Those of a patient.
pub async fn list(store: &Store, patient: UserId, page: &PageRequest) -> Result<Page<SyncDevice>, Error> {
    let found = store.query(&key::sync_devices(patient), page, Order::Forwards).await?;
    Ok(Page {
        items: serde_dynamo::from_items(found.items)?,
        next: found.next,
    })
}

/// Notes what is new of a device, in one write. `seen`: as it was read; `change`: what it becomes, or none where that is not
/// worth a write.
pub async fn note(
    store: &Store,
    patient: UserId,
    device_id: &str,
    mut seen: Option<SyncDevice>,
    change: impl Fn(Option<&SyncDevice>) -> Option<SyncDevice>,
) -> Result<(), Error> {
    for attempt in 0..ATTEMPTS {
        let Some(after) = change(seen.as_ref()) else {
            return Ok(());
        };
        match put(store, seen.as_ref(), &after).await {
            Err(Error::ConditionFailed(_)) => {
                pause::before_trying_again(attempt).await;
                seen = get(store, patient, device_id).await?;
            }
            outcome => return outcome,
        }
    }
    Ok(())
}

async fn put(store: &Store, before: Option<&SyncDevice>, after: &SyncDevice) -> Result<(), Error> {
    let put = Write::put(key::sync_device(after.patient, &after.handle), after)?;
    let put = match before {
        Some(before) => put.if_equals("revision", &before.revision)?,
        None => put.if_absent(),
    };
    let (from, to) = (before.map(places).unwrap_or_default(), places(after));
    let named = Named {
        patient: after.patient,
        handle: after.handle.clone(),
        expires_at: after.expires_at,
    };
    let mut writes = vec![put];
    let left = from.iter().filter(|place| !to.contains(place));
    writes.extend(left.map(|place| Write::delete(place.clone())));
    for place in to.iter().filter(|place| !from.contains(place)) {
        writes.push(Write::put(place.clone(), &named)?);
    }
    match writes.len() {
        1 => store.write(writes.remove(0)).await,
        _ => store.transact(writes).await,
    }
}

/// Where a device stands among those that need attention.
fn places(device: &SyncDevice) -> Vec<Key> {
    let Some(trouble) = device.trouble() else {
        return Vec::new();
    };
    let mut lists = vec![list_of(None, None), list_of(Some(trouble), None)];
    if let Some(version) = &device.app_version {
        lists.push(list_of(None, Some(version)));
        lists.push(list_of(Some(trouble), Some(version)));
    }
    lists.iter().map(|list| key::troubled_device(list, device)).collect()
}

fn list_of(trouble: Option<Trouble>, app_version: Option<&str>) -> String {
    match (trouble, app_version) {
        (None, None) => "ALL".to_owned(),
        (Some(trouble), None) => format!("TROUBLE#{}", trouble.word()),
        (None, Some(version)) => format!("APP#{version}"),
        (Some(trouble), Some(version)) => format!("BOTH#{}#{version}", trouble.word()),
    }
}

/// Devices of all patients that need attention, silent for longest first, to the hour. Pages may be short by those that
/// have come out of it while this was read.
pub async fn list_troubled(
    store: &Store,
    trouble: Option<Trouble>,
    app_version: Option<&str>,
    page: &PageRequest,
) -> Result<Page<SyncDevice>, Error> {
    let list = list_of(trouble, app_version);
    let ranges: Vec<_> = (0..key::SYNC_SHARDS)
        .map(|shard| key::troubled_devices(&list, shard))
        .collect();
    let parts = ranges.iter().map(|range| store.query(range, page, Order::Forwards));
    let (mut named, mut is_more) = (Vec::new(), false);
    for part in futures_util::future::try_join_all(parts).await? {
        is_more |= part.next.is_some();
        for item in part.items {
            let place = sort_key(&item).unwrap_or_default().to_owned();
            named.push((place, serde_dynamo::from_item::<_, Named>(item)?));
        }
    }
    named.sort_by(|(one, _), (other, _)| one.cmp(other));
    is_more |= named.len() > usize::from(page.limit);
    named.truncate(usize::from(page.limit));
    let next = named.last().filter(|_| is_more).map(|(place, _)| Cursor::at(place));
    let keys: Vec<_> = named
        .iter()
        .map(|(_, named)| key::sync_device(named.patient, &named.handle))
        .collect();
    let found = store.batch_get(&keys).await?.into_iter().flatten();
    let devices: Vec<SyncDevice> = found.map(serde_dynamo::from_item).collect::<Result<_, _>>()?;
    let is_wanted = |device: &SyncDevice| {
        let troubled = device.trouble();
        troubled.is_some()
            && trouble.is_none_or(|wanted| troubled == Some(wanted))
            && app_version.is_none_or(|wanted| device.app_version.as_deref() == Some(wanted))
    };
    Ok(Page {
        items: devices.into_iter().filter(is_wanted).collect(),
        next,
    })
}

/// With its places in lists.
pub(crate) async fn erase(store: &Store, device: &SyncDevice) -> Result<(), Error> {
    let mut writes = vec![Write::delete(key::sync_device(device.patient, &device.handle))];
    writes.extend(places(device).into_iter().map(Write::delete));
    store.transact(writes).await
}
