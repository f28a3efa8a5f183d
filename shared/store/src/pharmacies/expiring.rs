//! Lots that wait for the day on which they expire, by the clock of their pharmacy. From then on they count no more when low
//! stock is judged; nothing is given out of them in any case.

use domain::id::{OutboxId, PharmacyId, StockMovementId};
use domain::pharmacy::Pharmacy;
use domain::pharmacy::lot::{LotCode, end_of};
use domain::pharmacy::medicine::MedicineName;
use domain::pharmacy::movement::Kind;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::shelf::{Cause, Change, see};
use super::{Batch, PharmacyError, Turn, told};
use crate::key::Key;
use crate::query::place_in;
use crate::write::Write;
use crate::{Error, Store, key};

#[derive(Serialize, Deserialize)]
struct Waiting {
    pharmacy: PharmacyId,
    medicine: MedicineName,
    lot: LotCode,
}

/// A lot whose day has come.
pub struct ExpiredLot {
    place: Key,
    waiting: Waiting,
}

/// Its place in the queue. None where no clock ever shows the end of that day.
pub(super) fn wait(
    house: &Pharmacy,
    medicine: &MedicineName,
    lot: &LotCode,
    last: Date,
) -> Result<Option<Write>, Error> {
    let end = end_of(last, house.details.time_zone.as_ref());
    let waiting = Waiting {
        pharmacy: house.id,
        medicine: medicine.clone(),
        lot: lot.clone(),
    };
    let put = |end| Write::put(key::expiring_lot(end, house.id, medicine, lot), &waiting);
    end.map(put).transpose()
}

/// The first ones.
pub async fn expired_lots(store: &Store, now: Timestamp, most: u16) -> Result<Vec<ExpiredLot>, Error> {
    let range = key::expiring_lots();
    let items = store.query_until(&range, &key::due_by(now), most).await?;
    let lots = items.into_iter().map(|item| {
        let place = place_in(&range, &item)?;
        let waiting = serde_dynamo::from_item(item)?;
        Ok(ExpiredLot { place, waiting })
    });
    lots.collect()
}

/// `low`: for who is told that there is little left, in case.
pub async fn set_aside(
    store: &Store,
    lot: &ExpiredLot,
    (movement, low): (StockMovementId, OutboxId),
    now: Timestamp,
) -> Result<(), PharmacyError> {
    let mut turn = Turn::new();
    while !attempt(store, lot, (movement, low), now).await? {
        turn.next().await?;
    }
    Ok(())
}

async fn attempt(
    store: &Store,
    ExpiredLot { place, waiting }: &ExpiredLot,
    (movement, low): (StockMovementId, OutboxId),
    now: Timestamp,
) -> Result<bool, PharmacyError> {
    let mut batch = Batch::default();
    batch.add(Write::delete(place.clone()));
    let house = super::get(store, waiting.pharmacy).await?;
    let seen = see(store, waiting.pharmacy, &waiting.medicine).await?;
    let Some((house, seen)) = house.zip(seen) else {
        return batch.commit(store, false).await;
    };
    let moment = house.details.moment(now);
    let mut after = seen.shelf.clone();
    let is_new = after.set_expired_aside(moment);
    let lot = after.lots.get(&waiting.lot);
    if let Some(last) = lot
        .and_then(|lot| lot.facts.expiry)
        .filter(|last| *last >= moment.today)
    {
        // The pharmacy goes by another clock since, or the lot by another day.
        batch.writes_also(wait(&house, &waiting.medicine, &waiting.lot, last)?);
    }
    if is_new {
        let change = Change {
            pharmacy: &house,
            seen: Some(&seen),
            before: &seen.shelf,
            after: &after,
        };
        let cause = Cause {
            movement,
            kind: Kind::Count,
            by: None,
            reason: None,
            patient: None,
            reservation: None,
            now,
            is_exact: true,
        };
        if change.enter(&cause, &mut batch)? {
            batch.add_entries(store, &[told(low, house.id, now)]).await?;
        }
    }
    batch.commit(store, false).await
}
