//! Registered devices: what they run, how far each is with its update, and how many are how far with a release.
//!
//! A device is changed by whoever holds its revision, and counted in the same transaction, so the counts of a release
//! are the states of its devices at any moment. That a device is silent is found by when it will be lost.

use domain::firmware::update::{Counts, DeviceUpdate};
use domain::firmware::{DeviceLabel, EnrolledDevice, FirmwareRefused, FirmwareVersion, Hardware};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::firmware::FirmwareError;
use crate::outbox::Entry;
use crate::query::Order;
use crate::write::Write;
use crate::{Error, Page, PageRequest, Store, firmware_reports, key, pause};
use domain::firmware::report::FirmwareReport;

/// How often a change is tried again while others change the same device.
const ATTEMPTS: u32 = 80;
/// Found in one go of each shard; the next go takes those that follow.
const MOST_LOST_AT_ONCE: u16 = 200;

/// What is written with a change of a device.
#[derive(Default)]
pub struct With<'a> {
    pub report: Option<&'a FirmwareReport>,
    pub notice: Option<&'a Entry>,
}

#[derive(Serialize, Deserialize)]
struct Named {
    device: DeviceLabel,
}

/// Of several of one name at once, one is registered.
pub async fn register(store: &Store, device: &EnrolledDevice) -> Result<(), FirmwareError> {
    let writes = vec![
        Write::put(key::enrolled_device(&device.label), device)?.if_absent(),
        Write::put(
            key::device_in_fleet(device.hardware, &device.label),
            &Named {
                device: device.label.clone(),
            },
        )?,
    ];
    let outcome = store.transact(writes).await;
    outcome.map_err(|error| error.or_if_condition_failed(|_| FirmwareRefused::DeviceExists.into()))
}

pub async fn get(store: &Store, label: &DeviceLabel) -> Result<Option<EnrolledDevice>, Error> {
    store.get(&key::enrolled_device(label)).await
}

/// Reads, changes and writes until nobody else was between. `change`: what it becomes, or none where there is nothing
/// to change; then only a report is kept. Answers the device before and after.
pub async fn change(
    store: &Store,
    label: &DeviceLabel,
    change: impl Fn(&EnrolledDevice) -> Option<EnrolledDevice>,
    with: With<'_>,
) -> Result<(EnrolledDevice, EnrolledDevice), FirmwareError> {
    for attempt in 0..ATTEMPTS {
        let before = get(store, label).await?.ok_or(FirmwareRefused::DeviceNotFound)?;
        let Some(after) = change(&before) else {
            if let Some(report) = with.report {
                firmware_reports::add(store, report).await?;
            }
            return Ok((before.clone(), before));
        };
        let mut writes = writes(&before, &after)?;
        if let Some(report) = with.report {
            writes.extend(firmware_reports::writes(report)?);
        }
        if let Some(notice) = with.notice {
            writes.push(notice.write(store).await?);
        }
        match store.transact(writes).await {
            Err(Error::ConditionFailed(0)) => pause::before_trying_again(attempt).await,
            outcome => return Ok(outcome.map(|()| (before, after))?),
        }
    }
    Err(Error::Unavailable("a device kept changing".to_owned()).into())
}

fn writes(before: &EnrolledDevice, after: &EnrolledDevice) -> Result<Vec<Write>, Error> {
    let put = Write::put(key::enrolled_device(&after.label), after)?;
    let mut writes = vec![put.if_equals("revision", &before.revision)?];
    writes.extend(recount(before, after));
    let lost_at = |device: &EnrolledDevice| device.update.as_ref().and_then(|update| update.lost_at);
    let (from, to) = (lost_at(before), lost_at(after));
    // To the second: the same place must not be written twice in a transaction.
    let place = |at| key::watched_device(&after.label, at);
    if from.map(|at| place(at).sort) != to.map(|at| place(at).sort) {
        writes.extend(from.map(|at| Write::delete(place(at))));
        if let Some(at) = to {
            let device = after.label.clone();
            writes.push(Write::put(place(at), &Named { device })?);
        }
    }
    Ok(writes)
}

/// A device counts once for each release that it was offered. An update that another has overtaken before it was over
/// counts no more.
fn recount(before: &EnrolledDevice, after: &EnrolledDevice) -> Vec<Write> {
    let count =
        |update: &DeviceUpdate| Write::update(key::rollout_count(after.hardware, &update.version, &after.label));
    match (&before.update, &after.update) {
        (Some(from), Some(to)) if from.version == to.version => {
            if from.state == to.state {
                return Vec::new();
            }
            vec![count(to).add(from.state.word(), -1).add(to.state.word(), 1)]
        }
        (from, to) => {
            let overtaken = from.as_ref().filter(|update| !update.state.is_over());
            let left = overtaken.map(|update| count(update).add(update.state.word(), -1));
            let come = to.as_ref().map(|update| count(update).add(update.state.word(), 1));
            left.into_iter().chain(come).collect()
        }
    }
}

/// Registered devices of a hardware, by their labels.
pub async fn list(store: &Store, hardware: Hardware, page: &PageRequest) -> Result<Page<EnrolledDevice>, Error> {
    let found = store.query(&key::fleet(hardware), page, Order::Forwards).await?;
    let mut keys = Vec::with_capacity(found.items.len());
    for item in found.items {
        let Named { device } = serde_dynamo::from_item(item)?;
        keys.push(key::enrolled_device(&device));
    }
    let devices = store.batch_get(&keys).await?.into_iter().flatten();
    Ok(Page {
        items: devices.map(serde_dynamo::from_item).collect::<Result<_, _>>()?,
        next: found.next,
    })
}

/// How many devices are how far with a release.
pub async fn counts(store: &Store, hardware: Hardware, version: &FirmwareVersion) -> Result<Counts, Error> {
    let range = key::rollout_counts(hardware, version);
    let shards = store.query_all(&range, usize::from(key::COUNT_SHARDS)).await?;
    let mut sum = Counts::default();
    for shard in shards {
        sum += serde_dynamo::from_item(shard)?;
    }
    Ok(sum)
}

/// Devices that have been silent for too long: some of them, if they are many.
pub async fn silent(store: &Store, now: Timestamp) -> Result<Vec<DeviceLabel>, Error> {
    let until = key::watched_until(now);
    let mut found = Vec::new();
    for shard in 0..key::WATCH_SHARDS {
        let range = key::watched_devices(shard);
        for item in store.query_until(&range, &until, MOST_LOST_AT_ONCE).await? {
            let Named { device } = serde_dynamo::from_item(item)?;
            found.push(device);
        }
    }
    Ok(found)
}
