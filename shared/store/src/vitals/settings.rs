//! When a person wants to be told, and from where on.

use domain::id::UserId;
use domain::notice::Notice;
use domain::vital::watch::Step;
use domain::vital::{VitalRefused, VitalSettings};
use jiff::Timestamp;

use super::ATTEMPTS;
use super::head::{Queue, Seen, see};
use crate::outbox::Entry;
use crate::{Error, Store, key, pause};

/// Of a person who has said nothing, the defaults.
pub async fn get_settings(store: &Store, owner: UserId) -> Result<VitalSettings, Error> {
    let said = store.get_sealed(&key::vital_settings(owner)).await?;
    Ok(said.unwrap_or_default())
}

/// Puts what the rule makes of them in their place, with what follows for alarms that are open.
pub async fn set_settings<E: From<Error> + From<VitalRefused>>(
    store: &Store,
    (owner, now): (UserId, Timestamp),
    rule: impl Fn(&VitalSettings) -> Result<VitalSettings, VitalRefused>,
    note: &Entry,
    tell: impl Fn(UserId, Notice) -> Result<Entry, E>,
) -> Result<VitalSettings, E> {
    for attempt in 0..ATTEMPTS {
        let before = see(store, owner).await?;
        let seen = before.settings.version;
        let settings = VitalSettings {
            version: seen + 1,
            ..rule(&before.settings)?
        };
        let after = Seen {
            settings: settings.clone(),
            ..before
        };
        let step = Step::new(&after.head.watch, owner, &after.settings, now);
        let concluded = after.conclude(store, step, Queue::Exact, now, &tell).await?;
        let mut writes = concluded.into_writes(store, owner).await?;
        let put = store.sealed_put(key::vital_settings(owner), &settings).await?;
        writes.push(match seen {
            0 => put.if_absent(),
            _ => put.if_equals("version", &seen)?,
        });
        writes.push(note.write(store).await?);
        match store.transact_as_seen(writes).await {
            Ok(()) => return Ok(settings),
            Err(Error::ConditionFailed(_) | Error::Contended) => pause::before_trying_again(attempt).await,
            Err(error) => return Err(error.into()),
        }
    }
    Err(Error::Contended.into())
}
