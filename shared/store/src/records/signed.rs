//! Records that doctors sign and amend.

use domain::id::{RecordId, UserId};
use domain::record::draft::Draft;
use domain::record::signature::{Amendment, Signature};
use domain::record::{Record, RecordRefused, RecordVersion};
use jiff::Timestamp;

use super::{RecordError, Turn, drafts, see, write};
use crate::outbox::Entry;
use crate::{Error, Store, treating};

/// Keeps the proof of records apart from other proofs.
const SIGNATURE: &str = "record";

/// What goes into the transaction with it: the note in the patient's log, and what the patient is told.
pub struct Along<'a> {
    pub audit: &'a Entry,
    pub told: &'a Entry,
}

/// A draft becomes a record of its patient, who is told. Name and licence are those that the doctor's account holds at
/// the moment of the write. `found`: as its author has found it.
pub async fn sign(store: &Store, found: &Draft, along: Along<'_>, now: Timestamp) -> Result<Record, RecordError> {
    let (author, patient, id) = (found.author, found.patient, found.id);
    let mut turn = Turn::new();
    loop {
        let right = treating::right(store, patient, author, now).await?;
        let draft = drafts::again(store, found).await?;
        let seen = see(store, patient, id, &[]).await?;
        if seen.record.is_some() {
            return Err(RecordRefused::IdTaken.into());
        }
        let record = hashed(store, Record::from_draft(&draft, &right.hand)?).await?;
        let mut others = drafts::removal(author, id, patient);
        others[0] = others[0].clone().if_equals("version", &draft.version)?;
        others.push(along.told.write(store).await?);
        others.extend(right.conditions);
        match write(store, &seen, record, &along.audit.by(&right.why), others).await? {
            Some(record) => return Ok(record),
            None => turn.next().await?,
        }
    }
}

/// A doctor changes what is signed: of several amendments of one version, one is made.
pub async fn amend(
    store: &Store,
    (patient, id): (UserId, RecordId),
    amendment: &Amendment,
    doctor: UserId,
    along: Along<'_>,
    now: Timestamp,
) -> Result<Record, RecordError> {
    let mut turn = Turn::new();
    loop {
        let right = treating::right(store, patient, doctor, now).await?;
        let seen = see(store, patient, id, &[]).await?;
        let record = seen.record.as_ref().filter(|record| !record.is_erased);
        let record = record.ok_or(RecordRefused::NotFound)?;
        let amended = hashed(store, record.amended(amendment, &right.hand)?).await?;
        let mut others = vec![along.told.write(store).await?];
        others.extend(right.conditions);
        match write(store, &seen, amended, &along.audit.by(&right.why), others).await? {
            Some(record) => return Ok(record),
            None => turn.next().await?,
        }
    }
}

async fn hashed(store: &Store, record: Record) -> Result<Record, Error> {
    let text = record.to_be_signed().unwrap_or_default();
    let hash = crate::keyed_text(store, SIGNATURE, &text).await?;
    Ok(record.hashed(hash))
}

/// Whether a record says what was signed. What is unsigned says nothing of that kind.
pub async fn is_authentic(store: &Store, record: &Record) -> Result<bool, Error> {
    is_ours(store, record.to_be_signed(), record.signature.as_ref()).await
}

/// The same of one of its versions.
pub async fn is_version_authentic(store: &Store, patient: UserId, version: &RecordVersion) -> Result<bool, Error> {
    is_ours(store, version.to_be_signed(patient), version.signature.as_ref()).await
}

async fn is_ours(store: &Store, text: Option<String>, signature: Option<&Signature>) -> Result<bool, Error> {
    match text.zip(signature) {
        Some((text, signature)) => Ok(crate::keyed_text(store, SIGNATURE, &text).await? == signature.hash),
        None => Ok(false),
    }
}
