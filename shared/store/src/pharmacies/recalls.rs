//! Lots that must not be given out any more.

use domain::id::{OutboxId, StockMovementId, UserId};
use domain::pharmacy::Pharmacy;
use domain::pharmacy::lot::LotCode;
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

/// Once: a lot that was recalled stays so, for the reason that was given first.
pub async fn recall(
    store: &Store,
    pharmacy: &Pharmacy,
    recall: &Recall,
    (movement, low): (StockMovementId, OutboxId),
) -> Result<Recall, PharmacyError> {
    let mut turn = Turn::new();
    loop {
        if let Some(earlier) = recall_of(store, pharmacy, recall).await? {
            return Ok(earlier);
        }
        let seen = known(see(store, pharmacy.id, &recall.medicine).await?)?;
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
        batch.add(Write::put(place, recall)?.if_absent());
        if change.enter(&cause, &mut batch)? {
            batch.add_entries(store, &[told(low, pharmacy.id, recall.at)]).await?;
        }
        if batch.commit(store, false).await? {
            return Ok(recall.clone());
        }
        turn.next().await?;
    }
}
