//! Devices that sync health records, and the lists of all and of those that need attention.
//!
//! A device lies in its patient's partition, which is one write, and stands in lists of names only: what is shown of it is
//! always the device itself. In the list of all it moves once a day; in the four of those that need attention it stands
//! only while it does.

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

/// The list of all devices, to the day.
const ALL: &str = "EVERY";
const DAY: i64 = 24;
const HOUR: i64 = 1;

/// Where a device stands in lists.
fn places(device: &SyncDevice) -> Vec<Key> {
    let mut places = vec![key::listed_device(ALL, device, DAY)];
    let Some(trouble) = device.trouble() else {
        return places;
    };
    let mut lists = vec![list_of(None, None), list_of(Some(trouble), None)];
    if let Some(version) = &device.app_version {
        lists.push(list_of(None, Some(version)));
        lists.push(list_of(Some(trouble), Some(version)));
    }
    places.extend(lists.iter().map(|list| key::listed_device(list, device, HOUR)));
    places
}

fn list_of(trouble: Option<Trouble>, app_version: Option<&str>) -> String {
    match (trouble, app_version) {
        (None, None) => "ALL".to_owned(),
        (Some(trouble), None) => format!("TROUBLE#{}", trouble.word()),
        (None, Some(version)) => format!("APP#{version}"),
        (Some(trouble), Some(version)) => format!("BOTH#{}#{version}", trouble.word()),
    }
}

/// What is wanted of the devices of all patients.
pub struct Filter<'a> {
    pub trouble: Option<Trouble>,
    pub app_version: Option<&'a str>,
    /// Not heard of since, whether they need attention or not; without it, those that do.
    pub silent_since: Option<Timestamp>,
}

impl Filter<'_> {
    fn takes(&self, device: &SyncDevice) -> bool {
        let trouble = device.trouble();
        self.silent_since
            .map_or(trouble.is_some(), |since| device.last_seen_at <= since)
            && self.trouble.is_none_or(|wanted| trouble == Some(wanted))
            && self
                .app_version
                .is_none_or(|wanted| device.app_version.as_deref() == Some(wanted))
    }

    fn list(&self) -> String {
        match self.silent_since {
            Some(_) => ALL.to_owned(),
            None => list_of(self.trouble, self.app_version),
        }
    }

    /// Whether a place is of one that is silent for long enough, as far as the place says.
    fn reaches(&self, place: &str) -> bool {
        let until = self.silent_since.map(|since| key::seen_within(since, DAY));
        until.is_none_or(|until| *place <= *until || place.starts_with(&until))
    }
}

/// Devices of all patients, silent for longest first. Pages may be short by those that the list says nothing of, or that
/// have moved while this was read.
pub async fn list_all(store: &Store, filter: &Filter<'_>, page: &PageRequest) -> Result<Page<SyncDevice>, Error> {
    let list = filter.list();
    let ranges: Vec<_> = (0..key::SYNC_SHARDS)
        .map(|shard| key::listed_devices(&list, shard))
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
    let read = named.len();
    named.retain(|(place, _)| filter.reaches(place));
    // Past the last that is silent for long enough there are no more.
    is_more &= named.len() == read;
    let next = named.last().filter(|_| is_more).map(|(place, _)| Cursor::at(place));
    let keys: Vec<_> = named
        .iter()
        .map(|(_, named)| key::sync_device(named.patient, &named.handle))
        .collect();
    let found = store.batch_get(&keys).await?.into_iter().flatten();
    let devices: Vec<SyncDevice> = found.map(serde_dynamo::from_item).collect::<Result<_, _>>()?;
    Ok(Page {
        items: devices.into_iter().filter(|device| filter.takes(device)).collect(),
        next,
    })
}

/// With its places in lists.
pub(crate) async fn erase(store: &Store, device: &SyncDevice) -> Result<(), Error> {
    let mut writes = vec![Write::delete(key::sync_device(device.patient, &device.handle))];
    writes.extend(places(device).into_iter().map(Write::delete));
    store.transact(writes).await
}
