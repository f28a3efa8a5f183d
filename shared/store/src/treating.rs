//! By what right a doctor writes for a patient, with the conditions that it still stands when the writing happens.

use domain::audit::Why;
use domain::family::{Grant, Scope};
use domain::id::UserId;
use domain::record::RecordRefused;
use domain::record::signature::Hand;
use domain::signing::Signer;
use jiff::Timestamp;

use crate::records::RecordError;
use crate::write::Write;
use crate::{Error, Store, accounts, care, key};

/// A right to write. An access in an emergency is none: it is for reading.
pub(crate) struct Right {
    pub why: Why,
    /// The doctor as they are now.
    pub hand: Hand,
    /// For the transaction of what is written: whoever loses the right at this moment writes nothing.
    pub conditions: [Write; 2],
}

pub(crate) async fn right(
    store: &Store,
    patient: UserId,
    doctor: UserId,
    now: Timestamp,
) -> Result<Right, RecordError> {
    let (account, tie) =
        futures_util::try_join!(accounts::get_stored(store, doctor), tie(store, patient, doctor, now))?;
    let account = account.ok_or(RecordRefused::SignerNotVerified)?;
    if !account.account.sees_patients(now) {
        return Err(RecordRefused::SignerNotVerified.into());
    }
    let (why, tie) = tie.ok_or(RecordRefused::NoRight)?;
    Ok(Right {
        why,
        hand: Hand {
            doctor,
            signer: Signer::of(&account.account),
            now,
        },
        conditions: [tie, accounts::unchanged(&account)?],
    })
}

async fn tie(store: &Store, patient: UserId, doctor: UserId, now: Timestamp) -> Result<Option<(Why, Write)>, Error> {
    let place = key::grant(patient, doctor);
    if let Some(item) = store.get_item(&place).await? {
        let grant: Grant = serde_dynamo::from_item(item.clone())?;
        if grant.allows(Scope::Records, now) {
            let unchanged = Write::check(place)
                .if_unchanged("scopes", &item)
                .if_unchanged("expires_at", &item);
            return Ok(Some((Why::Grant, unchanged)));
        }
    }
    match care::find(store, patient, doctor, now).await? {
        Some(care) => Ok(Some((Why::Care, care::unchanged(&care)?))),
        None => Ok(None),
    }
}
