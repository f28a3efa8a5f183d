//! What doctors write and have not signed: in their own partition, so no list of a patient's ever meets it.

use domain::id::{RecordId, UserId};
use domain::record::draft::Draft;
use domain::record::{Data, RecordRefused};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{RecordError, Turn};
use crate::outbox::Entry;
use crate::query::Order;
use crate::sealing::Sealed;
use crate::treating;
use crate::write::Write;
use crate::{Error, Page, PageRequest, Store, key};

impl Sealed for Draft {
    const SEALED: &'static [&'static str] = &["data"];
}

/// Where a draft is, for the patient's partition: it goes with the patient too.
#[derive(Serialize, Deserialize)]
struct Drafted {
    id: RecordId,
    author: UserId,
    patient: UserId,
}

/// By its author alone.
pub async fn get_draft(store: &Store, author: UserId, id: RecordId) -> Result<Option<Draft>, Error> {
    store.get_sealed(&key::draft(author, id)).await
}

/// A doctor's own, by their ids, latest first.
pub async fn list_drafts(store: &Store, author: UserId, page: &PageRequest) -> Result<Page<Draft>, Error> {
    store
        .query_sealed(&key::drafts_by(author), page, Order::Backwards)
        .await
}

/// Once, however often it is sent.
pub async fn create_draft(store: &Store, draft: &Draft, audit: &Entry) -> Result<Draft, RecordError> {
    let mut turn = Turn::new();
    loop {
        let right = treating::right(store, draft.patient, draft.author, draft.created_at).await?;
        if let Some(there) = get_draft(store, draft.author, draft.id).await? {
            draft.must_be(&there)?;
            return Ok(there);
        }
        let pointer = Drafted {
            id: draft.id,
            author: draft.author,
            patient: draft.patient,
        };
        let place = key::draft(draft.author, draft.id);
        let mut writes = vec![
            store.sealed_put(place, draft).await?.if_absent(),
            Write::put(key::drafted(draft.patient, draft.author, draft.id), &pointer)?,
            audit.by(&right.why).write(store).await?,
        ];
        writes.extend(right.conditions);
        match store.transact(writes).await {
            Ok(()) => return Ok(draft.clone()),
            Err(Error::ConditionFailed(_)) => turn.next().await?,
            Err(error) => return Err(error.into()),
        }
    }
}

/// Of several changes of one version, one is made. `found`: as its author has found it.
pub async fn change_draft(
    store: &Store,
    found: &Draft,
    (base, data): (u64, Data),
    audit: &Entry,
    now: Timestamp,
) -> Result<Draft, RecordError> {
    let mut turn = Turn::new();
    loop {
        let right = treating::right(store, found.patient, found.author, now).await?;
        let before = again(store, found).await?;
        let after = before.changed(base, data.clone(), now)?;
        let put = store.sealed_put(key::draft(after.author, after.id), &after).await?;
        let mut writes = vec![
            put.if_equals("version", &before.version)?
                .if_equals("patient", &before.patient)?,
            audit.by(&right.why).write(store).await?,
        ];
        writes.extend(right.conditions);
        match store.transact(writes).await {
            Ok(()) => return Ok(after),
            Err(Error::ConditionFailed(_)) => turn.next().await?,
            Err(error) => return Err(error.into()),
        }
    }
}

/// Its author may always.
pub async fn remove_draft(store: &Store, found: &Draft, audit: &Entry) -> Result<(), RecordError> {
    let mut writes = removal(found.author, found.id, found.patient);
    writes[0] = writes[0].clone().if_equals("patient", &found.patient)?;
    writes.push(audit.write(store).await?);
    match store.transact(writes).await {
        Err(Error::ConditionFailed(_)) => Err(RecordRefused::DraftNotFound.into()),
        outcome => Ok(outcome?),
    }
}

/// As it is now: the same draft still, not another under its id.
pub(super) async fn again(store: &Store, found: &Draft) -> Result<Draft, RecordError> {
    let draft = get_draft(store, found.author, found.id).await?;
    let draft = draft.filter(|draft| draft.patient == found.patient);
    Ok(draft.ok_or(RecordRefused::DraftNotFound)?)
}

/// The draft, and that it is there.
pub(super) fn removal(author: UserId, id: RecordId, patient: UserId) -> Vec<Write> {
    vec![
        Write::delete(key::draft(author, id)),
        Write::delete(key::drafted(patient, author, id)),
    ]
}

/// When its author's account goes, or the patient's. Repeatable.
pub(crate) async fn forget_draft(
    store: &Store,
    (author, id): (UserId, RecordId),
    patient: UserId,
) -> Result<(), Error> {
    store.transact(removal(author, id, patient)).await
}
