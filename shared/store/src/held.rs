//! Writes that a request holds back, to carry them all out at once at its end: see [`crate::ledger`].
//!
//! A write that is held is taken for done. What the request reads shows it, and if one of its conditions turns out not
//! to hold, nothing of the request has happened: it is handled anew, and this time that write fails when it is made, so
//! that the request goes the way it would have gone.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::picture_link::PictureName;

use crate::key::{Key, KeyRange, item_of};
use crate::page::{Cursor, PageRequest};
use crate::query::{Order, sort_key};
use crate::write::{Item, Write};
use crate::{Error, Store};

/// What one request holds back; none where writes are carried out at once.
#[derive(Clone, Default)]
pub(crate) struct Holder(Arc<Mutex<Option<Held>>>);

#[derive(Default)]
struct Held {
    /// In the order that they were made in.
    calls: Vec<Call>,
    /// Stored already, and to be removed if nothing comes to show them.
    pictures: Vec<PictureName>,
    /// Uploaded files that were used, and go once the writes are carried out: until then the request may need them again.
    used_files: Vec<String>,
    /// How often which write's condition failed so far, and how often it must still be told.
    failed: HashMap<Place, u32>,
    to_tell: HashMap<Place, u32>,
}

/// Writes that came together.
#[derive(Clone)]
struct Call {
    writes: Vec<Write>,
    basis: Basis,
}

/// What writes rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Basis {
    /// What is read anew wherever one of their conditions does not hold.
    Seen,
    Conditions,
}

/// Which write of a call.
type Place = (Key, usize);

/// What is carried out together.
pub(crate) struct Gathered(Vec<Call>);

impl Gathered {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn writes(&self) -> Vec<Write> {
        self.0.iter().flat_map(|call| call.writes.iter().cloned()).collect()
    }

    /// Whether some of it rests on what was read, so that trying it again as it is would be in vain.
    pub fn is_as_seen(&self) -> bool {
        self.0.iter().any(|call| call.basis == Basis::Seen)
    }
}

impl Holder {
    fn lock(&self) -> MutexGuard<'_, Option<Held>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn take(&mut self, writes: &[Write], basis: Basis) -> Result<(), Error> {
        for (place, write) in writes.iter().enumerate() {
            let to_tell = self.to_tell.get_mut(&(write.key.clone(), place));
            if let Some(left) = to_tell.filter(|left| **left > 0) {
                *left -= 1;
                return Err(Error::ConditionFailed(place));
            }
        }
        let is_held = |write: &Write| self.of(|held| *held == write.key).next().is_some();
        if let Some(twice) = writes.iter().find(|write| is_held(write)) {
            // DynamoDB takes each item once in a transaction.
            let key = &twice.key;
            let text = format!(
                "a request that holds its writes back writes {} {} twice",
                key.partition, key.sort
            );
            return Err(Error::Rejected(text));
        }
        self.calls.push(Call {
            writes: writes.to_vec(),
            basis,
        });
        Ok(())
    }

    fn of<'a>(&'a self, is_wanted: impl Fn(&Key) -> bool + 'a) -> impl Iterator<Item = &'a Write> {
        let writes = self.calls.iter().flat_map(|call| &call.writes);
        writes.filter(move |write| is_wanted(&write.key))
    }
}

impl Store {
    /// From here on writes are held back; what was held before is forgotten, but not what failed.
    pub(crate) fn start_holding(&self) {
        let mut held = self.held.lock();
        let failed = held.take().map(|held| held.failed).unwrap_or_default();
        *held = Some(Held {
            to_tell: failed.clone(),
            failed,
            ..Held::default()
        });
    }

    pub(crate) fn is_holding(&self) -> bool {
        self.held.lock().is_some()
    }

    /// What came of a write if it is held back; none where it must be carried out.
    pub(crate) fn hold(&self, writes: &[Write], basis: Basis) -> Option<Result<(), Error>> {
        self.held.lock().as_mut().map(|held| held.take(writes, basis))
    }

    pub(crate) fn gathered(&self) -> Gathered {
        let held = self.held.lock();
        Gathered(held.as_ref().map(|held| held.calls.clone()).unwrap_or_default())
    }

    /// The write at this place of all that were gathered had a condition that did not hold. Where it rests on what was read,
    /// there is nothing to tell: the request reads anew.
    pub(crate) fn note_failure(&self, gathered: &Gathered, place: usize) {
        let places = gathered.0.iter().flat_map(|call| {
            let writes = call.writes.iter().enumerate();
            writes.map(|(place, write)| (call.basis, place, write))
        });
        let failed = places.into_iter().nth(place);
        if let (Some((Basis::Conditions, place, write)), Some(held)) = (failed, self.held.lock().as_mut()) {
            *held.failed.entry((write.key.clone(), place)).or_default() += 1;
        }
    }

    /// So that a picture goes again if its request comes to nothing.
    pub(crate) fn note_picture(&self, name: &PictureName) {
        if let Some(held) = self.held.lock().as_mut() {
            held.pictures.push(name.clone());
        }
    }

    pub(crate) fn held_pictures(&self) -> Vec<PictureName> {
        let mut held = self.held.lock();
        held.as_mut()
            .map(|held| std::mem::take(&mut held.pictures))
            .unwrap_or_default()
    }

    /// Whether the removal of an uploaded file waits for the writes; where none are held, it does not.
    pub(crate) fn hold_removal(&self, object: &str) -> bool {
        let mut held = self.held.lock();
        held.as_mut()
            .map(|held| held.used_files.push(object.to_owned()))
            .is_some()
    }

    pub(crate) fn held_removals(&self) -> Vec<String> {
        let mut held = self.held.lock();
        held.as_mut()
            .map(|held| std::mem::take(&mut held.used_files))
            .unwrap_or_default()
    }

    /// An item as it will be.
    pub(crate) fn with_held(&self, key: &Key, found: Option<Item>) -> Result<Option<Item>, Error> {
        match self.held.lock().as_ref() {
            None => Ok(found),
            Some(held) => held
                .of(|held| held == key)
                .try_fold(found, |item, write| write.applied_to(item)),
        }
    }

    /// A page of a range as it will be. It may be longer by what is new.
    pub(crate) fn with_held_in(
        &self,
        range: &KeyRange,
        page: &PageRequest,
        order: Order,
        next: Option<&Cursor>,
        mut items: Vec<Item>,
    ) -> Result<Vec<Item>, Error> {
        let held = self.held.lock();
        let Some(held) = held.as_ref() else { return Ok(items) };
        let is_in_range = |key: &Key| {
            item_of(range, &key.sort) == *key
                && key.sort.starts_with(&range.sort_prefix)
                && page
                    .after
                    .as_ref()
                    .is_none_or(|after| order.compare(&key.sort, after.sort_key()).is_gt())
                && next.is_none_or(|next| order.compare(&key.sort, next.sort_key()).is_le())
        };
        for write in held.of(is_in_range) {
            let compare = |item: &Item| order.compare(sort_key(item).unwrap_or_default(), &write.key.sort);
            match items.binary_search_by(compare) {
                Ok(place) => {
                    let after = write.applied_to(Some(items.remove(place)))?;
                    items.splice(place..place, after).for_each(drop);
                }
                Err(place) => items.splice(place..place, write.applied_to(None)?).for_each(drop),
            }
        }
        Ok(items)
    }
}

impl Order {
    fn compare(self, one: &str, other: &str) -> Ordering {
        match self {
            Order::Forwards => one.cmp(other),
            Order::Backwards => other.cmp(one),
        }
    }
}
