//! What pharmacies keep of somebody whose account is gone. Balances and ledgers stay as they are, without the person.

use domain::id::{OutboxId, StockMovementId, UserId};
use domain::pharmacy::PharmacyRefused;
use domain::pharmacy::movement::Received;
use domain::pharmacy::reservation::Reservation;

use jiff::Timestamp;

use super::PharmacyError;
use super::reservations::{Ending, end};
use crate::key::Key;
use crate::write::{Item, Write};
use crate::{Error, RefusedOr, Store, key};

/// What is still held is free for others.
pub(crate) async fn erase_reservation(store: &Store, place: Key, item: Item, now: Timestamp) -> Result<(), Error> {
    let reservation: Reservation = store.open_item(&place, item).await?;
    let (patient, id) = (reservation.patient, reservation.id);
    let noted = OutboxId::from(id);
    let ending = Ending {
        by: None,
        movement: StockMovementId::of(id, now),
        low: noted.derived("low"),
        entries: &[],
        now,
        is_at_once: true,
    };
    let ended = end(store, (patient, id), &ending, |seen| Ok(seen.dropped(now))).await;
    match ended {
        Ok(_) | Err(RefusedOr::Refused(PharmacyRefused::NoReservation)) => {}
        Err(error) => return Err(failure(error)),
    }
    let gone = [
        key::reservation_holder(id),
        key::kept_reservation(reservation.pharmacy, id),
        place,
    ];
    store.transact(gone.map(Write::delete).into()).await
}

fn failure(error: PharmacyError) -> Error {
    match error {
        RefusedOr::Store(error) => error,
        RefusedOr::Refused(refused) => Error::Unavailable(refused.to_string()),
    }
}

/// The ledger keeps how much was given out, and to whom no more.
pub(crate) async fn erase_received(store: &Store, place: Key, item: Item) -> Result<(), Error> {
    let received: Received = store.open_item(&place, item).await?;
    let mut writes = vec![Write::delete(place)];
    for (lot, _) in &received.lots {
        let line = key::ledger_line(received.pharmacy, &received.medicine, lot, received.id);
        writes.push(Write::update(line).set("patient", &None::<UserId>)?.if_present());
    }
    store.transact(writes).await
}
