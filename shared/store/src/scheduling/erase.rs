//! What goes with an account: a patient's visits, for both people in them; a doctor's hours, lists and places. Visits that a patient
//! has had stay theirs when the doctor goes. Repeatable.

use domain::id::UserId;
use domain::scheduling::appointment::Side;
use domain::scheduling::waiting::Waiting;

use super::change::Pointer;
use super::{ATTEMPTS, find, reminders, waitlist};
use crate::write::{Item, Write};
use crate::{Error, Store, key, pause};

/// A place in the list of somebody who is gone.
pub(crate) async fn erase_visit(store: &Store, user: UserId, item: Item, place: key::Key) -> Result<(), Error> {
    let Pointer { patient, appointment } = serde_dynamo::from_item(item)?;
    if patient != user {
        return store.write(Write::delete(place)).await;
    }
    for attempt in 0..ATTEMPTS {
        let Some(found) = find::get(store, patient, appointment).await? else {
            return store.write(Write::delete(place)).await;
        };
        let mut writes = vec![
            Write::delete(key::appointment(patient, appointment)).if_equals("version", &found.version)?,
            Write::delete(place.clone()),
            Write::delete(key::visit(found.doctor, found.starts_at, appointment)),
            Write::delete(key::appointment_holder(appointment.number())),
        ];
        let counts = key::visit_counts(found.doctor, Side::Doctor);
        // Of a doctor who is gone nothing is counted.
        if store.get_item(&counts).await?.is_some() {
            writes.push(Write::update(counts).add(found.status.word(), -1));
        }
        writes.extend(found.held_until.map(|end| Write::delete(key::held(end, appointment))));
        writes.extend(reminders::places(&found).map(Write::delete));
        match store.transact(writes).await {
            Err(Error::ConditionFailed(_) | Error::Contended) => pause::before_trying_again(attempt).await,
            outcome => return outcome,
        }
    }
    Err(Error::Contended)
}

/// A place on a waiting list, of a patient or of a doctor who is gone.
pub(crate) async fn erase_waiting(store: &Store, user: UserId, item: Item) -> Result<(), Error> {
    let waiting: Waiting = serde_dynamo::from_item(item)?;
    let (patient, doctor) = (waiting.patient, waiting.doctor);
    let mut writes = match patient == user {
        // Of a patient who is gone nothing is counted.
        true => vec![
            Write::delete(key::waits_for(patient, doctor)),
            Write::delete(key::waiting(doctor, waiting.id)),
        ],
        false => waitlist::removal(store, patient, doctor, waiting.id).await?,
    };
    if writes.is_empty() {
        writes.push(Write::delete(key::waiting(doctor, waiting.id)));
    }
    match store.transact(writes).await {
        // It comes again with the next go.
        Err(Error::ConditionFailed(_) | Error::Contended) => Ok(()),
        outcome => outcome,
    }
}

/// Nobody looks for their time any more.
pub(crate) async fn forget_doctor(store: &Store, doctor: UserId) -> Result<(), Error> {
    store.write(Write::delete(key::opening(doctor))).await
}
