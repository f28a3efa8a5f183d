//! The head of a person's vital signs: what alarms remember, and the version that every change is made over.

use domain::family::{LinkStatus, Scope};
use domain::id::UserId;
use domain::notice::Notice;
use domain::vital::watch::{Outcome, Step, To, Watch};
use domain::vital::{MOST_FOLLOWERS, VitalSettings};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::outbox::Entry;
use crate::sealing::Sealed;
use crate::write::{Item, Write};
use crate::{Error, Store, families, key};

#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Head {
    /// 0 where there is none.
    version: u64,
    /// Where it stands in the queue of those to be looked at.
    due_at: Option<Timestamp>,
    /// Whether anything was ever set apart.
    pub has_quarantined: bool,
    pub watch: Watch,
}

impl Sealed for Head {
    const SEALED: &'static [&'static str] = &["watch"];
}

#[derive(Serialize, Deserialize)]
pub(super) struct DuePerson {
    pub user: UserId,
    pub due_at: Timestamp,
}

/// A person as they were read.
pub(super) struct Seen {
    pub owner: UserId,
    pub head: Head,
    pub settings: VitalSettings,
}

/// Whether an earlier time to look again may stay in the queue: then who looks finds nothing to do, and moves it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Queue {
    Exact,
    MayBeEarly,
}

pub(super) async fn see(store: &Store, owner: UserId) -> Result<Seen, Error> {
    let keys = [key::vital_head(owner), key::vital_settings(owner)];
    let mut found = store.batch_get(&keys).await?.into_iter();
    let (head, settings) = (found.next().flatten(), found.next().flatten());
    Ok(Seen {
        owner,
        head: opened(store, &keys[0], head).await?,
        settings: opened(store, &keys[1], settings).await?,
    })
}

async fn opened<T: Sealed + Default>(store: &Store, place: &key::Key, item: Option<Item>) -> Result<T, Error> {
    match item {
        Some(item) => store.open_item(place, item).await,
        None => Ok(T::default()),
    }
}

/// Whoever has leave to see the person's vital signs now and is to be told, in their order.
async fn followers(store: &Store, seen: &Seen, now: Timestamp) -> Result<Vec<UserId>, Error> {
    let wanted = match &seen.settings.followers {
        Some(wanted) => wanted.clone(),
        None => {
            let links = families::list(store, seen.owner).await?;
            let agreed = links.iter().filter(|link| link.status == LinkStatus::Active);
            agreed.map(|link| link.seen_by(seen.owner).0).collect()
        }
    };
    let mut grants = families::list_grants(store, seen.owner, &wanted).await?;
    grants.retain(|grant| grant.owner == seen.owner && grant.allows(Scope::Vitals, now));
    grants.sort_by_key(|grant| match &seen.settings.followers {
        Some(wanted) => (wanted.iter().position(|id| *id == grant.caregiver), None),
        None => (None, Some(grant.granted_at)),
    });
    let ids = grants.into_iter().map(|grant| grant.caregiver);
    Ok(ids.take(MOST_FOLLOWERS).collect())
}

impl Seen {
    /// Ends a step under the settings that were read: what is written for it, the head first. `tell`: the entry that tells
    /// somebody something.
    pub async fn conclude<E: From<Error>>(
        &self,
        store: &Store,
        step: Step<'_>,
        queue: Queue,
        now: Timestamp,
        tell: &impl Fn(UserId, Notice) -> Result<Entry, E>,
    ) -> Result<Concluded, E> {
        let followers = match step.wants_followers() {
            true => followers(store, self, now).await?,
            false => Vec::new(),
        };
        let Outcome { watch, told, changed } = step.finish(&followers);
        let next = watch.next_deadline(&self.settings, &followers, now);
        let (due_at, moves) = self.queued(next, queue)?;
        let mut writes = moves;
        for alarm in &changed {
            let place = key::vital_alert(self.owner, alarm.id);
            writes.push(store.sealed_put(place, alarm).await?);
        }
        for told in &told {
            let whom = match told.to {
                To::Owner => self.owner,
                To::Follower(follower) => follower,
            };
            writes.push(tell(whom, told.notice(self.owner))?.write(store).await?);
        }
        let is_same = watch == self.head.watch && due_at == self.head.due_at;
        Ok(Concluded {
            head: Head {
                version: self.head.version + 1,
                due_at,
                has_quarantined: self.head.has_quarantined,
                watch,
            },
            writes,
            is_same,
        })
    }

    fn queued(&self, next: Option<Timestamp>, queue: Queue) -> Result<(Option<Timestamp>, Vec<Write>), Error> {
        let old = self.head.due_at;
        let is_early = old.is_some_and(|old| next.is_none_or(|next| old <= next));
        if queue == Queue::MayBeEarly && is_early {
            return Ok((old, Vec::new()));
        }
        // To the millisecond: the same place must not be written twice in a transaction.
        let next = next.and_then(|next| Timestamp::from_millisecond(next.as_millisecond()).ok());
        if next == old {
            return Ok((old, Vec::new()));
        }
        let mut writes: Vec<Write> = old
            .map(|old| Write::delete(key::vital_due(self.owner, old)))
            .into_iter()
            .collect();
        if let Some(due_at) = next {
            let user = self.owner;
            writes.push(Write::put(key::vital_due(user, due_at), &DuePerson { user, due_at })?);
        }
        Ok((next, writes))
    }
}

/// What a step leads to.
pub(super) struct Concluded {
    pub head: Head,
    pub writes: Vec<Write>,
    /// Whether the head is as it was.
    pub is_same: bool,
}

impl Concluded {
    /// All that is to be written, the head first: whoever was overtaken finds that out by its condition.
    pub async fn into_writes(self, store: &Store, owner: UserId) -> Result<Vec<Write>, Error> {
        let mut writes = vec![self.head.write(store, owner).await?];
        writes.extend(self.writes);
        Ok(writes)
    }
}

impl Head {
    /// The next version after one that was read and is not changed.
    pub fn next(&self) -> Self {
        Self {
            version: self.version + 1,
            ..self.clone()
        }
    }

    pub fn is_queued_at(&self, at: Timestamp) -> bool {
        self.due_at == Some(at)
    }

    /// Over the version before it.
    pub async fn write(&self, store: &Store, owner: UserId) -> Result<Write, Error> {
        let put = store.sealed_put(key::vital_head(owner), self).await?;
        match self.version - 1 {
            0 => Ok(put.if_absent()),
            before => put.if_equals("version", &before),
        }
    }
}

/// With its place in the queue.
pub(crate) async fn erase_head(store: &Store, owner: UserId, item: Item) -> Result<(), Error> {
    #[derive(Deserialize)]
    struct Queued {
        due_at: Option<Timestamp>,
    }
    let Queued { due_at } = serde_dynamo::from_item(item)?;
    let queued = due_at.map(|due_at| Write::delete(key::vital_due(owner, due_at)));
    let mut writes = vec![Write::delete(key::vital_head(owner))];
    writes.extend(queued);
    store.transact(writes).await
}
