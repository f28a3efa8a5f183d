//! Records that doctors opened in an emergency: found by patient and doctor, and listed for those who review it.

use domain::emergency::{EmergencyAccess, EmergencyRefused, Outcome, Reviewed};
use domain::id::{EmergencyAccessId, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::outbox::Entry;
use crate::query::{Order, place_in};
use crate::sealing::Sealed;
use crate::write::Write;
use crate::{Error, Page, PageRequest, RefusedOr, Store, accounts, key};

/// How often opening one is tried again while the doctor's account changes.
const ATTEMPTS: u32 = 8;

impl Sealed for EmergencyAccess {
    const SEALED: &'static [&'static str] = &["reason"];
}

pub type EmergencyError = RefusedOr<EmergencyRefused>;

impl From<EmergencyRefused> for EmergencyError {
    fn from(refused: EmergencyRefused) -> Self {
        Self::Refused(refused)
    }
}

#[derive(Serialize, Deserialize)]
struct Pointer {
    id: EmergencyAccessId,
}

/// Whether there is such a patient is not looked at: nobody learns it by asking. `entries`: what goes out and is noted
/// with it.
pub async fn open(store: &Store, access: &EmergencyAccess, entries: &[Entry]) -> Result<(), EmergencyError> {
    let id = access.id;
    for _ in 0..ATTEMPTS {
        let account = accounts::get_stored(store, access.doctor).await?;
        let doctor = account.filter(|stored| stored.account.sees_patients(access.opened_at));
        let doctor = doctor.ok_or(EmergencyRefused::NotVerified)?;
        let place = key::emergency(access.patient, access.doctor, id);
        let mut writes = vec![
            accounts::unchanged(&doctor)?,
            store.sealed_put(place, access).await?.if_absent(),
            store.sealed_put(key::listed_emergency(id), access).await?.if_absent(),
            Write::put(key::unreviewed_emergency(id), &Pointer { id })?,
        ];
        for entry in entries {
            writes.push(entry.write(store).await?);
        }
        match store.transact(writes).await {
            Err(Error::ConditionFailed(0)) => {}
            outcome => return Ok(outcome?),
        }
    }
    Err(Error::Unavailable("a doctor's account kept changing".to_owned()).into())
}

/// The one that a doctor may read by now, if any.
pub async fn standing(
    store: &Store,
    patient: UserId,
    doctor: UserId,
    now: Timestamp,
) -> Result<Option<EmergencyAccess>, Error> {
    let range = key::emergencies_by(patient, doctor);
    // All last as long, so the newest lasts longest.
    let Some(item) = store.query_all_backwards(&range, 1).await?.pop() else {
        return Ok(None);
    };
    let access: EmergencyAccess = store.open_item(&place_in(&range, &item)?, item).await?;
    Ok(Some(access).filter(|access| access.stands(now)))
}

/// Of all patients and doctors, newest first.
pub async fn list(store: &Store, only_unreviewed: bool, page: &PageRequest) -> Result<Page<EmergencyAccess>, Error> {
    if !only_unreviewed {
        let range = key::listed_emergencies();
        return store.query_sealed(&range, page, Order::Backwards).await;
    }
    let pointers = key::unreviewed_emergencies();
    let Page { items, next } = store.query_backwards::<Pointer>(&pointers, page).await?;
    let places: Vec<_> = items.iter().map(|pointer| key::listed_emergency(pointer.id)).collect();
    let items = store.batch_get_sealed(&places).await?;
    Ok(Page { items, next })
}

/// Once, by an admin who is one still.
pub async fn review(
    store: &Store,
    admin: UserId,
    id: EmergencyAccessId,
    outcome: Outcome,
    now: Timestamp,
) -> Result<EmergencyAccess, EmergencyError> {
    let place = key::listed_emergency(id);
    let access: Option<EmergencyAccess> = store.get_sealed(&place).await?;
    let access = access.ok_or(EmergencyRefused::NotFound)?;
    let reviewed = Reviewed {
        by: admin,
        at: now,
        outcome,
    };
    let mark = Write::update(place).set("reviewed", &reviewed)?;
    let writes = vec![
        mark.if_present().if_attribute_absent("reviewed"),
        Write::delete(key::unreviewed_emergency(id)),
        accounts::still_admin(admin)?,
    ];
    match store.transact(writes).await {
        Err(Error::ConditionFailed(0)) => Err(EmergencyRefused::AlreadyReviewed.into()),
        Err(error) => Err(error.into()),
        Ok(()) => Ok(EmergencyAccess {
            reviewed: Some(reviewed),
            ..access
        }),
    }
}

/// When the patient's account goes. The log of who read what stays.
pub(crate) async fn forget(store: &Store, id: EmergencyAccessId) -> Result<(), Error> {
    let places = [key::listed_emergency(id), key::unreviewed_emergency(id)];
    store.transact(places.map(Write::delete).into()).await
}
