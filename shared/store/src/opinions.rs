//! Clinicians' opinions on results, sealed, beside the results in their patient's partition: they go with either.

use domain::id::UserId;
use domain::opinion::{Draft, Given, MOST_OPINIONS, Opinion, OpinionRefused};
use domain::readings::ResultId;
use domain::signing::Signer;
use jiff::Timestamp;

use crate::outbox::Entry;
use crate::query::place_in;
use crate::sealing::Sealed;
use crate::write::{Item, Write};
use crate::{Error, RefusedOr, Store, accounts, key};

/// How often giving one is tried again while the same doctor gives others.
const ATTEMPTS: u32 = 8;
/// Keeps the proof of opinions apart from other proofs.
const SIGNATURE: &str = "opinion";

impl Sealed for Opinion {
    const SEALED: &'static [&'static str] = &["said", "signer", "judged", "signature"];
}

/// Why an opinion could not be given.
pub type OpinionError = RefusedOr<OpinionRefused>;

impl From<OpinionRefused> for OpinionError {
    fn from(refused: OpinionRefused) -> Self {
        Self::Refused(refused)
    }
}

/// Gives a doctor's opinion, signed, after any that they gave on the same reading; the same once more changes nothing.
/// Name and licence are those that the doctor's account holds at the moment of the write. `entries`: what goes out and
/// is noted with it.
pub async fn give(store: &Store, draft: &Draft, entries: &[Entry], now: Timestamp) -> Result<(), OpinionError> {
    let result = key::result(draft.patient, draft.result);
    for _ in 0..ATTEMPTS {
        let latest = latest(store, draft);
        let account = accounts::get_stored(store, draft.doctor);
        let (latest, account, result) = futures_util::try_join!(latest, account, store.get_item(&result))?;
        if latest.as_ref().is_some_and(|latest| latest.said == draft.said) {
            return Ok(());
        }
        let (account, result) = account.zip(result).ok_or(OpinionRefused::NotFound)?;
        let so_far = latest.map_or(0, |latest| latest.version);
        let noted = noted(draft, so_far, &result)?;
        let mut opinion = draft.by(Signer::of(&account.account), so_far + 1, now);
        opinion.signature = crate::keyed_text(store, SIGNATURE, &opinion.to_be_signed()).await?;
        let mut writes = vec![
            store.sealed_put(key::opinion(&opinion), &opinion).await?.if_absent(),
            accounts::unchanged(&account)?,
            noted,
        ];
        for entry in entries {
            writes.push(entry.write(store).await?);
        }
        match store.transact(writes).await {
            Err(Error::ConditionFailed(0..=2)) => {}
            outcome => return Ok(outcome?),
        }
    }
    Err(Error::Unavailable("a doctor kept giving opinions".to_owned()).into())
}

/// Notes it on the result, which must be there and as it was read, as far as the opinion depends on it.
fn noted(draft: &Draft, of_doctor: u32, result: &Item) -> Result<Write, OpinionError> {
    let given: Given = serde_dynamo::from_item(result.clone()).map_err(Error::from)?;
    draft.check_room(of_doctor, &given)?;
    let write = Write::update(key::result(draft.patient, draft.result));
    // One beyond the limit passes only while it changes the word, which it does once.
    let write = write.add("opinions", 1).if_present();
    let write = write.if_less_or_absent("opinions", i64::from(given.opinions.max(MOST_OPINIONS - 1)) + 1);
    match draft.referral_word().filter(|word| word.replaces(given.referral_word)) {
        Some(word) => Ok(write.set("referral_word", &word)?.if_unchanged("referral_word", result)),
        None => Ok(write),
    }
}

async fn latest(store: &Store, draft: &Draft) -> Result<Option<Opinion>, Error> {
    let range = key::opinions_by(draft.patient, draft.result, draft.reading, draft.doctor);
    let found = store.query_all_backwards(&range, 1).await?;
    Ok(store.open_items(&range, found).await?.pop())
}

/// All on a result: by reading, and each doctor's in their order.
pub async fn list(store: &Store, patient: UserId, result: ResultId) -> Result<Vec<Opinion>, Error> {
    let range = key::opinions(patient, result);
    let found = store.query_all(&range, most()).await?;
    store.open_items(&range, found).await
}

/// What removes all that there are on a result.
pub(crate) async fn removal(store: &Store, patient: UserId, result: ResultId) -> Result<Vec<Write>, Error> {
    let range = key::opinions(patient, result);
    let found = store.query_all(&range, most()).await?;
    let delete = |item| Ok(Write::delete(place_in(&range, item)?));
    found.iter().map(delete).collect()
}

/// Whether an opinion is as it was given.
pub async fn is_authentic(store: &Store, opinion: &Opinion) -> Result<bool, Error> {
    Ok(crate::keyed_text(store, SIGNATURE, &opinion.to_be_signed()).await? == opinion.signature)
}

fn most() -> usize {
    usize::try_from(MOST_OPINIONS + 1).unwrap_or(usize::MAX)
}
