//! Devices that measure: whose they are, and by which token they prove it.

use domain::id::{UserId, VitalDeviceId};
use domain::vital::{MOST_DEVICES, VitalDevice, VitalRefused};

use super::ATTEMPTS;
use crate::outbox::Entry;
use crate::write::Write;
use crate::{Error, RefusedOr, Store, key, pause};

pub type VitalError = RefusedOr<VitalRefused>;

impl From<VitalRefused> for VitalError {
    fn from(refused: VitalRefused) -> Self {
        Self::Refused(refused)
    }
}

/// How many devices of a person are not revoked.
const COUNT: &str = "registered";
/// Of all that there ever were, the newest; revoked ones stay, since readings name them.
const MOST_LISTED: usize = 200;

pub async fn register(store: &Store, device: &VitalDevice, note: &Entry) -> Result<(), VitalError> {
    let place = key::vital_device(device.owner, device.id);
    let count = Write::update(key::vital_device_count(device.owner)).add(COUNT, 1);
    let writes = vec![
        store.sealed_put(place, device).await?.if_absent(),
        count.if_less_or_absent(COUNT, MOST_DEVICES),
        note.write(store).await?,
    ];
    store.transact(writes).await.map_err(|error| match error {
        Error::ConditionFailed(1) => VitalRefused::TooManyDevices.into(),
        other => other.into(),
    })
}

/// Those that a person has had, the oldest first.
pub async fn list_devices(store: &Store, owner: UserId) -> Result<Vec<VitalDevice>, Error> {
    let range = key::vital_devices(owner);
    let mut items = store.query_all_backwards(&range, MOST_LISTED).await?;
    items.reverse();
    store.open_items(&range, items).await
}

pub async fn get_device(store: &Store, owner: UserId, id: VitalDeviceId) -> Result<Option<VitalDevice>, Error> {
    store.get_sealed(&key::vital_device(owner, id)).await
}

/// Reads, changes and writes until nobody else was between. A rule that gives none leaves it as it is.
pub async fn change_device(
    store: &Store,
    (owner, id): (UserId, VitalDeviceId),
    rule: impl Fn(&VitalDevice) -> Result<Option<VitalDevice>, VitalRefused>,
    note: &Entry,
) -> Result<VitalDevice, VitalError> {
    for attempt in 0..ATTEMPTS {
        let before = get_device(store, owner, id)
            .await?
            .ok_or(VitalRefused::DeviceNotFound)?;
        let Some(after) = rule(&before)? else {
            crate::outbox::add(store, note).await?;
            return Ok(before);
        };
        let put = store.sealed_put(key::vital_device(owner, id), &after).await?;
        let mut writes = vec![put.if_equals("revision", &before.revision)?, note.write(store).await?];
        if before.revoked_at.is_none() && after.revoked_at.is_some() {
            writes.push(Write::update(key::vital_device_count(owner)).add(COUNT, -1));
        }
        match store.transact(writes).await {
            Err(Error::ConditionFailed(0)) => pause::before_trying_again(attempt).await,
            outcome => return Ok(outcome.map(|()| after)?),
        }
    }
    Err(Error::Contended.into())
}
