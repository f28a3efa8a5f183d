//! Who is to be reminded of a visit, and when: an item for each reminder that is still to go out, written and removed in the
//! transaction that gives the visit its time, so there is none of a time that is no more.

use domain::scheduling::appointment::Appointment;
use jiff::Timestamp;

use super::change::Pointer;
use super::find::{self, Due};
use crate::outbox::Entry;
use crate::write::Write;
use crate::{Error, Store, key};

pub(super) fn places(appointment: &Appointment) -> impl Iterator<Item = key::Key> {
    let id = appointment.id;
    let reminders = appointment.reminders().into_iter();
    reminders.map(move |(due_at, reminder)| key::reminder(due_at, id, reminder))
}

/// What becomes of an appointment's reminders. What would be due already is left out.
pub(super) fn changes(before: Option<&Appointment>, after: &Appointment, now: Timestamp) -> Result<Vec<Write>, Error> {
    let pointer = Pointer {
        patient: after.patient,
        appointment: after.id,
    };
    let new = after.reminders();
    if before.map(Appointment::reminders).unwrap_or_default() == new {
        return Ok(Vec::new());
    }
    let removed = before
        .into_iter()
        .flat_map(places)
        .map(|place| Ok(Write::delete(place)));
    let ahead = new.into_iter().filter(|(due_at, _)| *due_at > now);
    let put = ahead.map(|(due_at, reminder)| Write::put(key::reminder(due_at, after.id, reminder), &pointer));
    removed.chain(put).collect()
}

/// Those that are due by then, the earliest first.
pub async fn due(store: &Store, until: Timestamp, most: u16) -> Result<Vec<Due>, Error> {
    find::due_in(store, &key::all_reminders(), &key::reminders_until(until), most).await
}

/// Puts what reminds in place of a reminder that is due: once, and not where the visit has got another time meanwhile, which
/// removes the item. Whoever did not come to be reminded before the visit began is not reminded.
pub async fn send<E: From<Error>>(
    store: &Store,
    due: &Due,
    now: Timestamp,
    entry: impl Fn(&Appointment) -> Result<Entry, E>,
) -> Result<(), E> {
    let appointment = find::get(store, due.patient, due.appointment).await?;
    let appointment = appointment.filter(|found| found.is_to_come(now));
    let mut writes = vec![Write::delete(due.place.clone()).if_present()];
    if let Some(appointment) = appointment {
        writes.push(entry(&appointment)?.write(store).await?);
    }
    match store.transact(writes).await {
        // Somebody else did it, or the visit was changed; of the latter the next run sees what is left.
        Err(Error::ConditionFailed(_) | Error::Contended) => Ok(()),
        other => Ok(other?),
    }
}
