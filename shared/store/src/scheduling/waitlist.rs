//! Waiting lists: who would take what becomes free of a doctor's time. A time is offered by holding it for one person after the
//! other; that it is held keeps it from all others meanwhile.

use domain::id::{AppointmentId, SlotNumber, UserId, WaitingId};
use domain::scheduling::SchedulingRefused;
use domain::scheduling::appointment::Appointment;
use domain::scheduling::hours::Stretch;
use domain::scheduling::waiting::{MOST_LISTS, OFFER_LIFE, Waiting};
use jiff::Timestamp;

use super::apart::Apart;
use super::{ATTEMPTS, Booking, BookingError, When, book, practice};
use crate::outbox::Entry;
use crate::query::Order;
use crate::write::Write;
use crate::{Cursor, Error, PageRequest, RefusedOr, Store, key, pause};

const WAITS: &str = "waits";
const OFFERED_UNTIL: &str = "offered_until";
/// Of one list, read at once.
const PAGE: u16 = 25;
/// Whom one time is offered to, looking down the list.
const MOST_ASKED: usize = 200;

/// Puts a patient on a doctor's list, once. A place whose time is over makes room.
pub async fn join(store: &Store, waiting: &Waiting, audit: &Entry) -> Result<(), BookingError> {
    let (patient, doctor, now) = (waiting.patient, waiting.doctor, waiting.joined_at);
    if [patient, waiting.joined_by].contains(&doctor) {
        return Err(SchedulingRefused::OwnDoctor.into());
    }
    for attempt in 0..ATTEMPTS {
        let practice = practice::one(store, doctor, now).await?;
        let practice = practice.ok_or(SchedulingRefused::NoDoctor)?;
        let place = key::waits_for(patient, doctor);
        let known: Option<Waiting> = store.get(&place).await?;
        if known.as_ref().is_some_and(|known| now < known.until) {
            return Err(SchedulingRefused::Waiting.into());
        }
        let put = Write::put(place, waiting)?;
        let (put, room) = match known {
            // In the place of one whose time is over.
            Some(lapsed) => (
                put.if_equals("id", &lapsed.id)?,
                Write::delete(key::waiting(doctor, lapsed.id)),
            ),
            None => (
                put.if_absent(),
                count(patient, 1).if_less_or_absent(WAITS, i64::from(MOST_LISTS)),
            ),
        };
        let writes = vec![
            put,
            practice.still_listed(),
            room,
            Write::put(key::waiting(doctor, waiting.id), waiting)?,
            audit.write(store).await?,
        ];
        match store.transact(writes).await {
            Ok(()) => return Ok(()),
            Err(Error::ConditionFailed(1)) => return Err(SchedulingRefused::NoDoctor.into()),
            Err(Error::ConditionFailed(2)) if !remove_all_lapsed(store, patient, now).await? => {
                return Err(SchedulingRefused::WaitingTooOften.into());
            }
            Err(Error::ConditionFailed(_) | Error::Contended) => pause::before_trying_again(attempt).await,
            Err(error) => return Err(error.into()),
        }
    }
    Err(SchedulingRefused::Busy.into())
}

fn count(patient: UserId, by: i64) -> Write {
    Write::update(key::waits_count(patient)).add(WAITS, by)
}

/// Gives whether there were any.
async fn remove_all_lapsed(store: &Store, patient: UserId, now: Timestamp) -> Result<bool, Error> {
    let mut own = list(store, patient).await?;
    own.retain(|waiting| waiting.until <= now);
    for lapsed in &own {
        remove_lapsed(store, lapsed).await?;
    }
    Ok(!own.is_empty())
}

/// A patient's own places.
pub async fn list(store: &Store, patient: UserId) -> Result<Vec<Waiting>, Error> {
    let items = store.query_all(&key::waits(patient), usize::from(MOST_LISTS)).await?;
    Ok(serde_dynamo::from_items(items)?)
}

pub async fn leave(store: &Store, patient: UserId, id: WaitingId, audit: &Entry) -> Result<(), BookingError> {
    let own = list(store, patient).await?;
    let waiting = own.into_iter().find(|waiting| waiting.id == id);
    let waiting = waiting.ok_or(SchedulingRefused::NotWaiting)?;
    let mut writes = removal_of(&waiting)?;
    writes.push(audit.write(store).await?);
    match store.transact(writes).await {
        Err(Error::ConditionFailed(_)) => Err(SchedulingRefused::NotWaiting.into()),
        outcome => Ok(outcome?),
    }
}

fn removal_of(waiting: &Waiting) -> Result<Vec<Write>, Error> {
    Ok(vec![
        Write::delete(key::waits_for(waiting.patient, waiting.doctor)).if_equals("id", &waiting.id)?,
        Write::delete(key::waiting(waiting.doctor, waiting.id)),
        count(waiting.patient, -1),
    ])
}

/// Part of what offers a time to somebody who waits: they have no other offer. Of two times that become free at once, each goes
/// to somebody else.
pub(super) fn offered(doctor: UserId, id: WaitingId, until: Timestamp, now: Timestamp) -> Result<Write, Error> {
    let place = Write::update(key::waiting(doctor, id)).set(OFFERED_UNTIL, &until.as_millisecond())?;
    Ok(place
        .if_present()
        .if_less_or_absent(OFFERED_UNTIL, now.as_millisecond() + 1))
}

/// Part of declining what was offered, if its place is still there.
pub(super) async fn declined(
    store: &Store,
    doctor: UserId,
    id: WaitingId,
    now: Timestamp,
) -> Result<Option<Write>, Error> {
    let place = key::waiting(doctor, id);
    let is_there = store.get_item(&place).await?.is_some();
    let update = Write::update(place).set(OFFERED_UNTIL, &now.as_millisecond())?;
    Ok(is_there.then(|| update.if_present()))
}

/// What takes a place off the list, if it is still there.
pub(super) async fn removal(
    store: &Store,
    patient: UserId,
    doctor: UserId,
    id: WaitingId,
) -> Result<Vec<Write>, Error> {
    let waiting: Option<Waiting> = store.get(&key::waits_for(patient, doctor)).await?;
    match waiting.filter(|waiting| waiting.id == id) {
        Some(waiting) => removal_of(&waiting),
        None => Ok(Vec::new()),
    }
}

/// A time that became free, and whom it was offered to last.
#[derive(Debug, Clone, Copy)]
pub struct Freed {
    pub doctor: UserId,
    pub time: Stretch,
    pub slot: Option<SlotNumber>,
    pub passed: Option<WaitingId>,
}

/// Holds a time for the next who wants it and can come. None where there is nobody, or the time is gone.
pub async fn offer<E: From<BookingError> + From<Error>>(
    store: &Store,
    freed: &Freed,
    id: AppointmentId,
    now: Timestamp,
    entries: impl Fn(&Appointment) -> Result<Vec<Entry>, E>,
) -> Result<Option<Appointment>, E> {
    let range = key::waitlist(freed.doctor);
    let mut after = freed.passed.map(|id| Cursor::at(&key::waiting(freed.doctor, id).sort));
    let mut asked = 0;
    while asked < MOST_ASKED {
        let request = PageRequest { limit: PAGE, after };
        let page = store.query(&range, &request, Order::Forwards).await?;
        for item in page.items {
            asked += 1;
            let waiting: Waiting = serde_dynamo::from_item(item).map_err(Error::from)?;
            if waiting.until <= now {
                remove_lapsed(store, &waiting).await?;
                continue;
            }
            if !waiting.wants(freed.time) || waiting.has_offer(now) {
                continue;
            }
            match hold(store, freed, &waiting, id, now, &entries).await? {
                Held::Yes(appointment) => return Ok(Some(*appointment)),
                Held::NotThem => {}
                Held::Gone => return Ok(None),
            }
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    Ok(None)
}

enum Held {
    Yes(Box<Appointment>),
    /// They have something else then or another offer, or are gone.
    NotThem,
    /// Somebody has booked it.
    Gone,
}

async fn hold<E: From<BookingError> + From<Error>>(
    store: &Store,
    freed: &Freed,
    waiting: &Waiting,
    id: AppointmentId,
    now: Timestamp,
    entries: &impl Fn(&Appointment) -> Result<Vec<Entry>, E>,
) -> Result<Held, E> {
    let booking = Booking {
        id,
        patient: waiting.patient,
        booked_by: waiting.joined_by,
        hold: Some(OFFER_LIFE),
        waiting: Some(waiting.id),
        reason: None,
        skin_record: None,
        now,
    };
    let minutes = freed.time.until.duration_since(freed.time.from).as_mins();
    let when = match freed.slot {
        Some(slot) => When::Slot(slot),
        None => When::At {
            from: freed.time.from,
            minutes: u16::try_from(minutes).ok(),
        },
    };
    let booked = book::<Apart<E>>(store, &booking, Some(freed.doctor), when, |appointment| {
        entries(appointment).map_err(Apart::Other)
    });
    match booked.await {
        Ok(appointment) => Ok(Held::Yes(Box::new(appointment))),
        Err(Apart::Booking(RefusedOr::Refused(
            SchedulingRefused::PatientBusy | SchedulingRefused::NotFound | SchedulingRefused::NotWaiting,
        ))) => Ok(Held::NotThem),
        // Nothing is known of the time: it must be tried again.
        Err(Apart::Booking(RefusedOr::Refused(SchedulingRefused::Busy))) => {
            Err(BookingError::from(SchedulingRefused::Busy).into())
        }
        Err(Apart::Booking(RefusedOr::Refused(_))) => Ok(Held::Gone),
        Err(Apart::Booking(error)) => Err(error.into()),
        Err(Apart::Other(error)) => Err(error),
    }
}

/// At once, whatever becomes of the request that came upon it.
async fn remove_lapsed(store: &Store, waiting: &Waiting) -> Result<(), Error> {
    match store.transact_now(removal_of(waiting)?).await {
        Err(Error::ConditionFailed(_) | Error::Contended) => Ok(()),
        outcome => outcome,
    }
}
