//! Changes that devices push: each is entered once, however often it is sent.

use domain::id::{RecordConflictId, UserId};
use domain::record::conflict::RecordConflict;
use domain::record::sync::{Edit, Verdict, judge};
use domain::record::{Pen, Record, RecordRefused, noted};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{RecordError, Turn, see, write};
use crate::outbox::Entry;
use crate::write::Write;
use crate::{Error, Store, key};

/// A device that was lost for longer and sends again meets its own change, as a conflict: nothing is lost then either.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(180 * 24);

/// Keeps the hash of a change apart from other hashes.
const CHANGE: &str = "pushed change";

/// One change as a device sends it.
pub struct Push<'a> {
    pub patient: UserId,
    pub edit: &'a Edit,
    /// Of the name that the device gave to this change.
    pub digest: &'a str,
    pub device: &'a str,
    pub pen: Pen,
    /// For the conflict, if it comes to one.
    pub conflict: RecordConflictId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "PushOutcome")]
pub enum Outcome {
    /// It is the record's newest version.
    Applied,
    /// The record was so already.
    AlreadySo,
    /// Both sides are kept until somebody decides.
    Conflict,
}

#[derive(Debug, Clone)]
pub struct Pushed {
    pub outcome: Outcome,
    /// The version that it became, or met.
    pub version: u64,
    pub conflict: Option<RecordConflictId>,
    /// Whether it had been entered before, and this is what became of it then.
    pub is_repeated: bool,
}

/// What became of a change, for whoever did not hear of it.
#[derive(Serialize, Deserialize)]
struct Remembered {
    /// A keyed hash of what was to change.
    #[serde(default)]
    said: Option<String>,
    outcome: Outcome,
    version: u64,
    conflict: Option<RecordConflictId>,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    expires_at: Timestamp,
}

pub async fn push(store: &Store, push: &Push<'_>, audit: &Entry) -> Result<Pushed, RecordError> {
    let (patient, edit) = (push.patient, push.edit);
    let memory = key::pushed_change(patient, push.digest);
    let said = crate::keyed_text(store, CHANGE, &edit.text()).await?;
    let mut turn = Turn::new();
    loop {
        let mut seen = see(store, patient, edit.record, std::slice::from_ref(&memory)).await?;
        if let Some(item) = seen.beside.pop().flatten() {
            let remembered: Remembered = serde_dynamo::from_item(item).map_err(Error::from)?;
            if remembered.said.as_ref().is_some_and(|before| *before != said) {
                return Err(RecordRefused::ChangeIdTaken.into());
            }
            return Ok(repeated(remembered));
        }
        let (outcome, after, conflict) = match judge(seen.record.as_ref(), patient, edit, push.pen)? {
            Verdict::Applied(record) => (Outcome::Applied, record, None),
            Verdict::AlreadySo(record) => (Outcome::AlreadySo, record, None),
            Verdict::Conflict => {
                let head = seen.record.as_ref().ok_or(RecordRefused::NotFound)?;
                let conflicting = Record {
                    open_conflicts: head.open_conflicts + 1,
                    ..head.clone()
                };
                (Outcome::Conflict, conflicting, Some(conflict_of(push, head)))
            }
        };
        let pushed = Pushed {
            outcome,
            version: after.version,
            conflict: conflict.as_ref().map(|conflict| conflict.id),
            is_repeated: false,
        };
        let mut others = vec![remember(push, &pushed, &said, &memory)?];
        if let Some(conflict) = conflict {
            let place = key::open_conflict(patient, conflict.record, conflict.id);
            others.push(store.sealed_put(place, &conflict).await?.if_absent());
        }
        if outcome == Outcome::AlreadySo {
            others.push(audit.noting(noted(Some(&after), &after)).write(store).await?);
            return match store.transact(others).await {
                Ok(()) => Ok(pushed),
                Err(Error::ConditionFailed(_)) => {
                    turn.next().await?;
                    continue;
                }
                Err(error) => Err(error.into()),
            };
        }
        match write(store, &seen, after, audit, others).await? {
            Some(_) => return Ok(pushed),
            None => turn.next().await?,
        }
    }
}

fn conflict_of(push: &Push<'_>, head: &Record) -> RecordConflict {
    RecordConflict {
        id: push.conflict,
        record: head.id,
        record_type: head.record_type,
        patient: push.patient,
        base_version: push.edit.base_version,
        met_version: head.version,
        theirs: push.edit.data.clone(),
        device: push.device.to_owned(),
        written_by: push.pen.person,
        noticed_at: push.pen.now,
        settled: None,
    }
}

fn remember(push: &Push<'_>, pushed: &Pushed, said: &str, place: &key::Key) -> Result<Write, Error> {
    let remembered = Remembered {
        said: Some(said.to_owned()),
        outcome: pushed.outcome,
        version: pushed.version,
        conflict: pushed.conflict,
        expires_at: push.pen.now + REMEMBERED,
    };
    Ok(Write::put(place.clone(), &remembered)?.if_absent())
}

fn repeated(remembered: Remembered) -> Pushed {
    Pushed {
        outcome: remembered.outcome,
        version: remembered.version,
        conflict: remembered.conflict,
        is_repeated: true,
    }
}
