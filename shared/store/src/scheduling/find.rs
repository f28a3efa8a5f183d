//! Finding appointments: by their number, and in the lists of the two people in them.

use std::collections::BTreeMap;

use domain::id::{AppointmentId, AppointmentNumber, UserId};
use domain::scheduling::appointment::{Appointment, Status};
use domain::scheduling::availability::{LONGEST, minutes};
use jiff::Timestamp;

use super::change::{NumberHolder, Pointer};
use crate::query::{Order, place_in};
use crate::write::{Item, Write};
use crate::{Cursor, Error, Page, PageRequest, Store, key};

/// Who is in an appointment: nothing that is said of it.
#[derive(Debug, Clone, Copy)]
pub struct Parties {
    pub patient: UserId,
    pub doctor: UserId,
    pub id: AppointmentId,
}

pub async fn parties(store: &Store, number: AppointmentNumber) -> Result<Option<Parties>, Error> {
    let holder: Option<NumberHolder> = store.get(&key::appointment_holder(number)).await?;
    Ok(holder.map(|holder| Parties {
        patient: holder.patient,
        doctor: holder.doctor,
        id: holder.appointment,
    }))
}

pub async fn get(store: &Store, patient: UserId, id: AppointmentId) -> Result<Option<Appointment>, Error> {
    store.get_sealed(&key::appointment(patient, id)).await
}

/// Which of a person's appointments, in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// From a moment on, the next first.
    From(Timestamp),
    /// All, the latest first.
    LatestFirst,
}

/// Of one of the two people in them.
pub async fn list(
    store: &Store,
    person: UserId,
    listing: Listing,
    page: &PageRequest,
) -> Result<Page<Appointment>, Error> {
    let range = key::visits(person);
    let found = match listing {
        Listing::From(moment) => {
            let start = || Cursor::at(&key::visits_from(moment));
            let request = PageRequest {
                limit: page.limit,
                after: Some(page.after.clone().unwrap_or_else(start)),
            };
            store.query(&range, &request, Order::Forwards).await?
        }
        Listing::LatestFirst => store.query(&range, page, Order::Backwards).await?,
    };
    let pointers: Vec<Pointer> = serde_dynamo::from_items(found.items)?;
    Ok(Page {
        items: read(store, &pointers).await?,
        next: found.next,
    })
}

/// Without those that went meanwhile.
async fn read(store: &Store, pointers: &[Pointer]) -> Result<Vec<Appointment>, Error> {
    let places: Vec<_> = pointers
        .iter()
        .map(|pointer| key::appointment(pointer.patient, pointer.appointment))
        .collect();
    store.batch_get_sealed(&places).await
}

/// How many appointments a person has of each status.
pub async fn counts(store: &Store, person: UserId) -> Result<BTreeMap<&'static str, u64>, Error> {
    let counts: Item = store.get_item(&key::visit_counts(person)).await?.unwrap_or_default();
    let number = |status: Status| -> u64 {
        let value = counts.get(status.word()).and_then(|value| value.as_n().ok());
        value.and_then(|text| text.parse().ok()).unwrap_or(0)
    };
    Ok(Status::ALL
        .into_iter()
        .map(|status| (status.word(), number(status)))
        .collect())
}

/// A time that was held for too long.
pub struct Due {
    pub patient: UserId,
    pub appointment: AppointmentId,
    place: key::Key,
}

/// Those that end by now, the earliest first.
pub async fn due(store: &Store, now: Timestamp, most: u16) -> Result<Vec<Due>, Error> {
    let range = key::all_held();
    let items = store.query_until(&range, &key::held_until(now), most).await?;
    let due = items.into_iter().map(|item| {
        let place = place_in(&range, &item)?;
        let Pointer { patient, appointment } = serde_dynamo::from_item(item)?;
        Ok(Due {
            patient,
            appointment,
            place,
        })
    });
    due.collect()
}

/// Of an appointment that is not there any more.
pub async fn drop_due(store: &Store, due: &Due) -> Result<(), Error> {
    store.write(Write::delete(due.place.clone())).await
}

/// A person's visits that are not over yet, as patient or as doctor: some of them at a time.
pub async fn visits_ahead(
    store: &Store,
    person: UserId,
    now: Timestamp,
    page: &PageRequest,
) -> Result<Page<Parties>, Error> {
    // What began before may not have ended.
    let from = now - minutes(LONGEST);
    let found = list(store, person, Listing::From(from), page).await?;
    let ahead = found
        .items
        .into_iter()
        .filter(|visit| visit.status.is_open() && visit.ends_at > now);
    Ok(Page {
        items: ahead
            .map(|visit| Parties {
                patient: visit.patient,
                doctor: visit.doctor,
                id: visit.id,
            })
            .collect(),
        next: found.next,
    })
}
