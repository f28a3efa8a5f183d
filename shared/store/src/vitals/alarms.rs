//! Alarms: those that are open, what people answer, and what follows from time alone.

use domain::id::{UserId, VitalAlertId};
use domain::notice::Notice;
use domain::vital::watch::Step;
use domain::vital::{Alarm, VitalRefused};
use jiff::Timestamp;

use super::ATTEMPTS;
use super::head::{DuePerson, Queue, see};
use crate::outbox::Entry;
use crate::query::Order;
use crate::write::Write;
use crate::{Error, Page, PageRequest, Store, key, pause};

/// What somebody says to an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Acknowledge,
    Snooze(Timestamp),
}

/// Somebody whose alarms are due to be looked at.
pub struct Due {
    pub owner: UserId,
    due_at: Timestamp,
}

/// Those that are not over, the newest first.
pub async fn open(store: &Store, owner: UserId) -> Result<Vec<Alarm>, Error> {
    let head = see(store, owner).await?.head;
    Ok(head.watch.alarms().into_iter().cloned().collect())
}

/// All that there ever were, the newest first.
pub async fn past(store: &Store, owner: UserId, page: &PageRequest) -> Result<Page<Alarm>, Error> {
    store
        .query_sealed(&key::vital_alerts(owner), page, Order::Backwards)
        .await
}

/// Notes what `by` says to an alarm that is open.
pub async fn answer<E: From<Error> + From<VitalRefused>>(
    store: &Store,
    (owner, id): (UserId, VitalAlertId),
    (by, answer): (UserId, Answer),
    now: Timestamp,
    note: &Entry,
    tell: impl Fn(UserId, Notice) -> Result<Entry, E>,
) -> Result<Alarm, E> {
    for attempt in 0..ATTEMPTS {
        let seen = see(store, owner).await?;
        let mut step = Step::new(&seen.head.watch, owner, &seen.settings, now);
        let said = match answer {
            Answer::Acknowledge => step.acknowledge(id, by),
            Answer::Snooze(until) => step.snooze(id, until),
        };
        if let Err(refused) = said {
            let was: Option<Alarm> = store.get_sealed(&key::vital_alert(owner, id)).await?;
            return Err(was.map_or(refused, |_| VitalRefused::AlertOver).into());
        }
        let concluded = seen.conclude(store, step, Queue::MayBeEarly, now, &tell).await?;
        let alarms = concluded.head.watch.alarms();
        let alarm = alarms.into_iter().find(|alarm| alarm.id == id).cloned();
        let mut writes = concluded.into_writes(store, owner).await?;
        writes.push(note.write(store).await?);
        match store.transact_as_seen(writes).await {
            Ok(()) => return Ok(alarm.ok_or(VitalRefused::AlertOver)?),
            Err(Error::ConditionFailed(_) | Error::Contended) => pause::before_trying_again(attempt).await,
            Err(error) => return Err(error.into()),
        }
    }
    Err(Error::Contended.into())
}

/// Whose alarms are due: some of them, if they are many.
pub async fn due(store: &Store, now: Timestamp, most: u16) -> Result<Vec<Due>, Error> {
    let until = key::vitals_due_at(now + jiff::SignedDuration::from_millis(1));
    let mut found = Vec::new();
    for shard in 0..key::VITAL_DUE_SHARDS {
        for item in store.query_until(&key::vitals_due(shard), &until, most).await? {
            let DuePerson { user, due_at } = serde_dynamo::from_item(item)?;
            found.push(Due { owner: user, due_at });
        }
    }
    Ok(found)
}

/// Does what is due, if it still is.
pub async fn settle<E: From<Error>>(
    store: &Store,
    due: &Due,
    now: Timestamp,
    tell: impl Fn(UserId, Notice) -> Result<Entry, E>,
) -> Result<(), E> {
    for attempt in 0..ATTEMPTS {
        let seen = see(store, due.owner).await?;
        if !seen.head.is_queued_at(due.due_at) {
            // Of an account that is gone, or left over.
            return Ok(store
                .write(Write::delete(key::vital_due(due.owner, due.due_at)))
                .await?);
        }
        let step = Step::new(&seen.head.watch, due.owner, &seen.settings, now);
        let concluded = seen.conclude(store, step, Queue::Exact, now, &tell).await?;
        if concluded.is_same {
            return Ok(());
        }
        let writes = concluded.into_writes(store, due.owner).await?;
        match store.transact_as_seen(writes).await {
            Ok(()) => return Ok(()),
            Err(Error::ConditionFailed(_) | Error::Contended) => pause::before_trying_again(attempt).await,
            Err(error) => return Err(error.into()),
        }
    }
    Err(Error::Contended.into())
}
