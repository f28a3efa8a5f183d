//! Lots that must not be given out any more.

use domain::id::{OutboxId, StockMovementId, UserId};
use domain::pharmacy::Pharmacy;
use domain::pharmacy::lot::{Lot, LotCode};
use domain::pharmacy::medicine::MedicineName;
use domain::pharmacy::movement::Kind;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::shelf::{Cause, Change, known, see};
use super::{Batch, PharmacyError, Turn, told};
use crate::write::Write;
use crate::{Error, Store, key};

/// That a lot was recalled, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recall {
    pub medicine: MedicineName,
    pub lot: LotCode,
    pub reason: String,
    pub by: UserId,
    pub at: Timestamp,
}

async fn recall_of(store: &Store, pharmacy: &Pharmacy, recall: &Recall) -> Result<Option<Recall>, Error> {
    store
        .get(&key::recall(pharmacy.id, &recall.medicine, &recall.lot))
        .await
}

/// Once: a lot that was recalled stays so, for the reason that was given first. What the shelf says of the lot is looked at each
/// time: it may have forgotten it, and got packs of it since.
pub async fn recall(
    store: &Store,
    pharmacy: &Pharmacy,
    recall: &Recall,
    (movement, low): (StockMovementId, OutboxId),
) -> Result<Recall, PharmacyError> {
    let mut turn = Turn::new();
    loop {
        let earlier = recall_of(store, pharmacy, recall).await?;
        let seen = known(see(store, pharmacy.id, &recall.medicine).await?)?;
        let is_kept_back = |lot: &Lot| lot.facts.recalled_at.is_some();
        if let Some(earlier) = &earlier
            && seen.shelf.lots.get(&recall.lot).is_none_or(is_kept_back)
        {
            return Ok(earlier.clone());
        }
        let mut after = seen.shelf.clone();
        after.recall(&recall.lot, recall.at)?;
        let change = Change {
            pharmacy,
            seen: Some(&seen),
            before: &seen.shelf,
            after: &after,
        };
        let cause = Cause {
            movement,
            kind: Kind::Discard,
            by: Some(recall.by),
            reason: Some(&recall.reason),
            patient: None,
            reservation: None,
            now: recall.at,
            is_exact: false,
        };
        let mut batch = Batch::default();
        let place = key::recall(pharmacy.id, &recall.medicine, &recall.lot);
        batch.add(match &earlier {
            None => Write::put(place, recall)?.if_absent(),
            Some(_) => Write::check(place).if_present(),
        });
        if change.enter(&cause, &mut batch)? {
            batch.add_entries(store, &[told(low, pharmacy.id, recall.at)]).await?;
        }
        if batch.commit(store, false).await? {
            return Ok(earlier.unwrap_or_else(|| recall.clone()));
        }
        turn.next().await?;
    }
}
