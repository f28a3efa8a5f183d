//! Treatment suggestions: what admins have changed, added or taken away lies over those that come with the product.
//! No two have the same name, decided by conditions on one item per name.

use domain::id::TreatmentId;
use domain::treatment::{self, Treatment, TreatmentRefused};
use jiff::Timestamp;
use serde::Serialize;

use crate::activity::Line;
use crate::write::Write;
use crate::{Error, RefusedOr, Store, key};

/// Added ones, at most.
const MOST_ADDED: i64 = 400;
/// Changed and added ones that are read: more than there can be.
const MOST: usize = 500;
/// How often a change is tried again while others change the same suggestion.
const ATTEMPTS: u32 = 8;

const ADDED: &str = "added";

#[derive(Serialize)]
struct NameOf {
    id: TreatmentId,
}

/// Why a suggestion could not be written.
pub type TreatmentError = RefusedOr<TreatmentRefused>;

impl From<TreatmentRefused> for TreatmentError {
    fn from(refused: TreatmentRefused) -> Self {
        Self::Refused(refused)
    }
}

/// By name.
pub async fn all(store: &Store) -> Result<Vec<Treatment>, Error> {
    let stored = store.query_all(&key::treatments(), MOST).await?;
    let mut all: Vec<Treatment> = serde_dynamo::from_items(stored)?;
    let is_changed = |shipped: &Treatment| all.iter().any(|stored| stored.id == shipped.id);
    let unchanged: Vec<Treatment> = treatment::shipped()
        .into_iter()
        .filter(|shipped| !is_changed(shipped))
        .collect();
    all.extend(unchanged);
    all.retain(|treatment| !treatment.is_removed);
    all.sort_by_key(Treatment::key);
    Ok(all)
}

/// By its name, another name of the same condition, or its id.
pub async fn find(store: &Store, name: &str) -> Result<Treatment, TreatmentError> {
    let all = all(store).await?;
    let found = treatment::find(&all, name).cloned();
    Ok(found.ok_or(TreatmentRefused::NotFound)?)
}

/// Of several with one name at once, one is added.
pub async fn add(store: &Store, new: &Treatment, line: Line) -> Result<(), TreatmentError> {
    let mut writes = vec![
        Write::put(key::treatment(new.id), new)?.if_absent(),
        count(1).if_less_or_absent(ADDED, MOST_ADDED),
        line.write()?,
    ];
    writes.extend(take_name(new)?);
    store.transact(writes).await.map_err(|error| match error {
        Error::ConditionFailed(1) => TreatmentRefused::TooMany.into(),
        Error::ConditionFailed(_) => TreatmentRefused::NameTaken.into(),
        other => other.into(),
    })
}

fn count(more: i64) -> Write {
    Write::update(key::treatment_count()).add(ADDED, more)
}

/// Reads, changes and writes until nobody else was between.
pub async fn change(
    store: &Store,
    name: &str,
    line: Line,
    change: impl Fn(&Treatment) -> Result<Treatment, TreatmentRefused>,
) -> Result<Treatment, TreatmentError> {
    for _ in 0..ATTEMPTS {
        let before = find(store, name).await?;
        let after = change(&before)?;
        let put = Write::put(key::treatment(after.id), &after)?;
        let mut writes = vec![as_it_was(put, &before)?, line.write()?];
        if before.key() != after.key() {
            writes.extend(give_up_name(&before));
            writes.extend(take_name(&after)?);
        }
        match store.transact(writes).await {
            Err(Error::ConditionFailed(0)) => {}
            Err(Error::ConditionFailed(_)) => return Err(TreatmentRefused::NameTaken.into()),
            outcome => return Ok(outcome.map(|()| after)?),
        }
    }
    Err(busy().into())
}

pub async fn remove(store: &Store, name: &str, line: Line, now: Timestamp) -> Result<(), TreatmentError> {
    for _ in 0..ATTEMPTS {
        let before = find(store, name).await?;
        let place = key::treatment(before.id);
        let gone = if before.is_shipped() {
            Write::put(place, &before.removed(now))?
        } else {
            Write::delete(place)
        };
        let mut writes = vec![as_it_was(gone, &before)?, line.write()?];
        writes.extend(give_up_name(&before));
        if !before.is_shipped() {
            writes.push(count(-1));
        }
        match store.transact(writes).await {
            Err(Error::ConditionFailed(0)) => {}
            outcome => return Ok(outcome?),
        }
    }
    Err(busy().into())
}

fn as_it_was(write: Write, before: &Treatment) -> Result<Write, Error> {
    match before.revision {
        0 => Ok(write.if_absent()),
        revision => write.if_equals("revision", &revision),
    }
}

/// The name that one came with is its own until its item says otherwise; all others are noted.
fn take_name(treatment: &Treatment) -> Result<Vec<Write>, Error> {
    let name = treatment.key();
    let noted = key::treatment_name(&name);
    if treatment.has_shipped_name() {
        return Ok(vec![Write::check(noted).if_absent()]);
    }
    let mut writes = vec![Write::put(noted, &NameOf { id: treatment.id })?.if_absent()];
    // What people know one that comes with the product by is its own too.
    if let Some(shipped) = treatment::shipped_under(&name).filter(|shipped| *shipped != treatment.id) {
        writes.push(Write::check(key::treatment(shipped)).if_equals("gave_up_name", &true)?);
    }
    Ok(writes)
}

fn give_up_name(treatment: &Treatment) -> Option<Write> {
    let is_noted = !treatment.has_shipped_name();
    is_noted.then(|| Write::delete(key::treatment_name(&treatment.key())))
}

fn busy() -> Error {
    Error::Unavailable("a treatment suggestion kept changing".to_owned())
}
