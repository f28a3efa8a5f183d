//! Changing the key of sealed fields: makes a new key current, and walks over what lies under older ones.
//!
//! Each step does one page of one partition and then notes how far it came, so a walk may be cut off anywhere. Items are
//! sealed anew only as they were read; whoever changed one meanwhile has the newer truth, and another pass looks again.

use domain::id::RotationId;
use domain::key_rotation::{KeyRotation, Place, RotationRefused};
use jiff::Timestamp;

use crate::counters::Counter;
use crate::key::{Key, KeyRange, item_of};
use crate::query::{Order, sort_key, text};
use crate::sealing::{SEALED, key_id};
use crate::table::Table;
use crate::write::{Item, Write};
use crate::{Cursor, Error, PageRequest, Store, key};

/// Items of one step.
const PAGE: u16 = 25;

/// Where sealed items are: in some partitions of their own, and in those of everybody in the directory of users.
///
/// Not walked over is what expires, or is written anew before it does: it may end its days under the old key.
pub struct Subjects {
    pub partitions: &'static [(Table, &'static str)],
    pub of_members: &'static [Belongings],
}

impl Subjects {
    pub fn tables(&self) -> impl Iterator<Item = Table> {
        let partitions = self.partitions.iter().map(|(table, _)| *table);
        partitions.chain(self.of_members.iter().map(|belongings| belongings.table))
    }
}

/// Items of a member: in the partition whose name is this and the member's id, under sort keys that begin so.
pub struct Belongings {
    table: Table,
    partition: &'static str,
    sort_prefix: &'static str,
}

/// All there are today.
pub const SUBJECTS: Subjects = Subjects {
    partitions: &{
        let mut partitions = [(Table::Platform, key::TICKETS); 2 + key::REVIEWS.len()];
        partitions[1] = (Table::Identity, key::EMERGENCIES);
        let mut place = 0;
        while place < key::REVIEWS.len() {
            partitions[2 + place] = (Table::Diagnosis, key::REVIEWS[place]);
            place += 1;
        }
        partitions
    },
    of_members: &[
        Belongings {
            table: Table::Identity,
            partition: key::USER,
            sort_prefix: "",
        },
        Belongings {
            table: Table::Diagnosis,
            partition: key::PATIENT,
            sort_prefix: "",
        },
        Belongings {
            table: Table::Records,
            partition: key::PATIENT,
            sort_prefix: "",
        },
        Belongings {
            table: Table::Records,
            partition: key::AUTHOR,
            sort_prefix: "",
        },
        Belongings {
            table: Table::Scheduling,
            partition: key::PATIENT,
            sort_prefix: "",
        },
        Belongings {
            table: Table::Consultations,
            partition: key::PATIENT,
            sort_prefix: "",
        },
        Belongings {
            table: Table::Pharmacies,
            partition: key::PATIENT,
            sort_prefix: "",
        },
        Belongings {
            table: Table::Vitals,
            partition: key::PATIENT,
            sort_prefix: "",
        },
    ],
};

/// Why a change of keys could not be begun.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Refused(#[from] RotationRefused),
    #[error(transparent)]
    Store(#[from] Error),
}

/// What came of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// There is more to do at once.
    Went,
    /// There is nothing to do now.
    Rests,
}

/// Of several at once, one begins.
pub async fn start(store: &Store, id: RotationId, now: Timestamp) -> Result<KeyRotation, StartError> {
    let before = current(store).await?;
    if before.as_ref().is_some_and(|rotation| !rotation.is_finished()) {
        return Err(RotationRefused::Running.into());
    }
    let (ring, ring_write) = store.next_ring(now).await?;
    let rotation = KeyRotation::new(id, ring.current, now);
    let write = Write::put(key::key_rotation(), &rotation)?;
    let write = match before {
        Some(before) => write.if_equals("id", &before.id)?,
        None => write.if_absent(),
    };
    let done = store.transact(vec![ring_write, write]).await;
    done.map_err(|error| error.or_if_condition_failed(|_| StartError::from(RotationRefused::Running)))?;
    store.refresh_keys().await;
    Ok(rotation)
}

/// The latest change of keys, running or finished.
pub async fn current(store: &Store) -> Result<Option<KeyRotation>, Error> {
    store.get(&key::key_rotation()).await
}

/// Goes on with a change of keys, if one is running.
pub async fn step(store: &Store, subjects: &Subjects, now: Timestamp) -> Result<Step, Error> {
    let running = current(store).await?.filter(|rotation| !rotation.is_finished());
    let Some(before) = running.filter(|rotation| rotation.is_due(now)) else {
        return Ok(Step::Rests);
    };
    store.know_current_key(&before.new_key).await?;
    let after = walk(store, subjects, before.clone(), now).await?;
    save(store, &before, after, now).await
}

async fn walk(store: &Store, subjects: &Subjects, before: KeyRotation, now: Timestamp) -> Result<KeyRotation, Error> {
    let mut rotation = before;
    let Some(range) = at_hand(store, subjects, &mut rotation.cursor).await? else {
        return Ok(rotation.after_pass(now));
    };
    let page = PageRequest {
        limit: PAGE,
        after: rotation.cursor.item.as_deref().map(Cursor::at),
    };
    let page = store.query(&range, &page, Order::Forwards).await?;
    for item in page.items {
        match seal_anew(store, &range, &item, &rotation.new_key).await? {
            Outcome::Nothing => {}
            Outcome::Sealed => {
                rotation.items_done += 1;
                rotation.pass_found_some = true;
            }
            Outcome::Overtaken => rotation.pass_found_some = true,
            Outcome::Unreadable => rotation.items_unreadable += 1,
        }
    }
    rotation.cursor.item = page.next.map(|cursor| cursor.sort_key().to_owned());
    if rotation.cursor.item.is_none() && !advance(store, subjects, &mut rotation.cursor).await? {
        return Ok(rotation.after_pass(now));
    }
    Ok(rotation)
}

/// The partition that a pass is in; none where there is none at all.
async fn at_hand(store: &Store, subjects: &Subjects, cursor: &mut Place) -> Result<Option<KeyRange>, Error> {
    if let Some((table, partition)) = subjects.partitions.get(cursor.listed) {
        return Ok(Some(key::whole_partition(*table, partition)));
    }
    if cursor.member.is_none() {
        cursor.member = next_member(store, None).await?;
    }
    let id = cursor
        .member
        .as_deref()
        .and_then(|member| member.strip_prefix(key::USER));
    let belongings = subjects.of_members.get(cursor.part);
    Ok(id.zip(belongings).map(|(id, belongings)| KeyRange {
        table: belongings.table,
        partition: format!("{}{id}", belongings.partition),
        sort_prefix: belongings.sort_prefix.to_owned(),
    }))
}

/// To the next partition. `false` at the end of the pass.
async fn advance(store: &Store, subjects: &Subjects, cursor: &mut Place) -> Result<bool, Error> {
    if cursor.listed < subjects.partitions.len() {
        cursor.listed += 1;
        return Ok(true);
    }
    cursor.part += 1;
    if cursor.part < subjects.of_members.len() {
        return Ok(true);
    }
    cursor.part = 0;
    cursor.member = next_member(store, cursor.member.as_deref()).await?;
    Ok(cursor.member.is_some())
}

/// By their sort keys in the directory, which begin with [`key::USER`].
async fn next_member(store: &Store, after: Option<&str>) -> Result<Option<String>, Error> {
    let page = PageRequest {
        limit: 1,
        after: after.map(Cursor::at),
    };
    let directory = key::directory(Counter::Users.word());
    let page = store.query(&directory, &page, Order::Forwards).await?;
    Ok(page.items.first().and_then(sort_key).map(str::to_owned))
}

enum Outcome {
    /// It has no sealed part, or one under the new key.
    Nothing,
    Sealed,
    /// Somebody else changed the item meanwhile.
    Overtaken,
    Unreadable,
}

async fn seal_anew(store: &Store, range: &KeyRange, item: &Item, new_key: &str) -> Result<Outcome, Error> {
    let (Some(sort), Some(sealed)) = (sort_key(item), text(item, SEALED)) else {
        return Ok(Outcome::Nothing);
    };
    if key_id(sealed) == Some(new_key) {
        return Ok(Outcome::Nothing);
    }
    let key: Key = item_of(range, sort);
    let anew = match store.seal_anew(&key, sealed).await {
        Err(Error::Sealed(_)) => return Ok(Outcome::Unreadable),
        anew => anew?,
    };
    let write = Write::update(key).set(SEALED, &anew)?.if_equals(SEALED, &sealed)?;
    match store.write(write).await {
        Ok(()) => Ok(Outcome::Sealed),
        Err(Error::ConditionFailed(_)) => Ok(Outcome::Overtaken),
        Err(error) => Err(error),
    }
}

/// With the end of the change, the old keys retire; not while there is something that they might still open.
async fn save(store: &Store, before: &KeyRotation, mut after: KeyRotation, now: Timestamp) -> Result<Step, Error> {
    after.steps += 1;
    let write = Write::put(key::key_rotation(), &after)?;
    let mut writes = vec![write.if_equals("id", &before.id)?.if_equals("steps", &before.steps)?];
    if after.is_finished() && after.items_unreadable == 0 {
        writes.push(store.stored_ring().await?.retire_old(now)?);
    }
    match store.transact(writes).await {
        // Another walker is at it.
        Err(Error::ConditionFailed(_)) => Ok(Step::Rests),
        Err(error) => Err(error),
        Ok(()) if after.is_finished() || !after.is_due(now) => Ok(Step::Rests),
        Ok(()) => Ok(Step::Went),
    }
}
