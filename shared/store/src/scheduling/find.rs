//! Finding appointments: by their number, and in the lists of the two people in them.

use std::collections::BTreeMap;

use domain::id::{AppointmentId, AppointmentNumber, UserId};
use domain::scheduling::appointment::{Appointment, Side, Status};
use domain::scheduling::availability::{LONGEST, minutes};
use jiff::Timestamp;

use super::change::{NumberHolder, Pointer};
use crate::query::{Order, place_in, sort_key};
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
    /// Those that begin from a moment on and are still to be, the next first.
    Ahead(Timestamp),
    /// All, the latest first.
    LatestFirst,
}

impl Listing {
    fn shows(self, appointment: &Appointment) -> bool {
        match self {
            Listing::Ahead(now) => appointment.status_at(now).is_open(),
            Listing::LatestFirst => true,
        }
    }
}

/// Where a list has an appointment.
struct Place {
    sort: String,
    pointer: Pointer,
}

/// Places that are looked at for one page, so many at a time.
const MOST_LOOKS: usize = 20;
const PLACES: u16 = 100;

/// Of a person as the one or the other of the two people in them: whoever has changed roles may have been both. A page is
/// as long as it may be, however many it leaves out.
pub async fn list(
    store: &Store,
    person: UserId,
    side: Side,
    listing: Listing,
    page: &PageRequest,
) -> Result<Page<Appointment>, Error> {
    let (mut items, mut request) = (Vec::new(), page.clone());
    for _ in 0..MOST_LOOKS {
        let mut found = places(store, person, listing, &request).await?;
        found.items.retain(|place| place.pointer.side_of(person) == side);
        let mut shown = read(store, &found.items).await?;
        shown.retain(|appointment| listing.shows(appointment));
        let room = usize::from(page.limit).saturating_sub(items.len());
        let is_more = shown.len() > room;
        shown.truncate(room);
        if let Some(last) = shown.last().filter(|_| is_more) {
            let place = found.items.iter().find(|place| place.pointer.appointment == last.id);
            found.next = place.map(|place| Cursor::at(&place.sort));
        }
        items.extend(shown);
        request = PageRequest {
            limit: PLACES,
            after: found.next,
        };
        if request.after.is_none() || items.len() >= usize::from(page.limit) {
            break;
        }
    }
    let next = request.after;
    Ok(Page { items, next })
}

async fn places(store: &Store, person: UserId, listing: Listing, page: &PageRequest) -> Result<Page<Place>, Error> {
    let range = key::visits(person);
    let found = match listing {
        Listing::Ahead(moment) => {
            let start = || Cursor::at(&key::visits_from(moment));
            let request = PageRequest {
                limit: page.limit,
                after: Some(page.after.clone().unwrap_or_else(start)),
            };
            store.query(&range, &request, Order::Forwards).await?
        }
        Listing::LatestFirst => store.query(&range, page, Order::Backwards).await?,
    };
    let place = |item: Item| {
        let sort = sort_key(&item).unwrap_or_default().to_owned();
        let pointer = serde_dynamo::from_item(item)?;
        Ok(Place { sort, pointer })
    };
    Ok(Page {
        items: found.items.into_iter().map(place).collect::<Result<_, Error>>()?,
        next: found.next,
    })
}

/// Without those that went meanwhile.
async fn read(store: &Store, places: &[Place]) -> Result<Vec<Appointment>, Error> {
    let keys: Vec<_> = places
        .iter()
        .map(|place| key::appointment(place.pointer.patient, place.pointer.appointment))
        .collect();
    store.batch_get_sealed(&keys).await
}

/// How many appointments a person has of each status, as the one or the other of the two people in them.
pub async fn counts(store: &Store, person: UserId, side: Side) -> Result<BTreeMap<&'static str, u64>, Error> {
    let counts: Item = store
        .get_item(&key::visit_counts(person, side))
        .await?
        .unwrap_or_default();
    let number = |status: Status| -> u64 {
        let value = counts.get(status.word()).and_then(|value| value.as_n().ok());
        value.and_then(|text| text.parse().ok()).unwrap_or(0)
    };
    Ok(Status::ALL
        .into_iter()
        .map(|status| (status.word(), number(status)))
        .collect())
}

/// An appointment that something is to be done about now: its time was held for too long, or its patient is to be reminded.
pub struct Due {
    pub patient: UserId,
    pub appointment: AppointmentId,
    pub(super) place: key::Key,
}

/// Those that end by now, the earliest first.
pub async fn due(store: &Store, now: Timestamp, most: u16) -> Result<Vec<Due>, Error> {
    due_in(store, &key::all_held(), &key::held_until(now), most).await
}

pub(super) async fn due_in(store: &Store, range: &key::KeyRange, until: &str, most: u16) -> Result<Vec<Due>, Error> {
    let items = store.query_until(range, until, most).await?;
    let due = items.into_iter().map(|item| {
        let place = place_in(range, &item)?;
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
    let found = places(store, person, Listing::Ahead(from), page).await?;
    let visits = read(store, &found.items).await?.into_iter();
    let ahead = visits.filter(|visit| visit.status.is_open() && visit.ends_at > now);
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
