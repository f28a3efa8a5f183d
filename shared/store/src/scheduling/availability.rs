//! What a doctor says of when they may be booked.

use domain::id::UserId;
use domain::scheduling::SchedulingRefused;
use domain::scheduling::availability::Availability;

use super::{ATTEMPTS, BookingError, earliest};
use crate::write::Write;
use crate::{Error, Store, key, pause};

/// Of a doctor who has said nothing, what that means.
pub async fn get_availability(store: &Store, doctor: UserId) -> Result<Availability, Error> {
    let said = store.get(&key::availability(doctor)).await?;
    Ok(said.unwrap_or_else(Availability::unsaid))
}

/// In place of the version that it names; of several at once, one is taken. Appointments stay as they are.
pub async fn set_availability(store: &Store, doctor: UserId, new: Availability) -> Result<Availability, BookingError> {
    let seen = new.version;
    let next = Availability {
        version: seen + 1,
        ..new
    };
    for attempt in 0..ATTEMPTS {
        let put = Write::put(key::availability(doctor), &next)?;
        let put = match seen {
            0 => put.if_absent(),
            _ => put.if_equals("version", &seen)?,
        };
        match store.transact(vec![put, earliest::offers(store, doctor).await?]).await {
            Ok(()) => return Ok(next),
            Err(Error::ConditionFailed(0)) => {
                let version = get_availability(store, doctor).await?.version;
                return Err(SchedulingRefused::AvailabilityChanged { version }.into());
            }
            // The doctor was approved at this moment, or somebody else writes when they are free.
            Err(Error::ConditionFailed(_) | Error::Contended) => pause::before_trying_again(attempt).await,
            Err(error) => return Err(error.into()),
        }
    }
    Err(SchedulingRefused::Busy.into())
}

/// Part of a booking: the hours that it was looked up in still hold.
pub(super) fn unchanged(doctor: UserId, availability: &Availability) -> Result<Write, Error> {
    let check = Write::check(key::availability(doctor));
    match availability.version {
        0 => Ok(check.if_absent()),
        version => check.if_equals("version", &version),
    }
}
