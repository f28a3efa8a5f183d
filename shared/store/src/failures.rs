//! Failed sign-ins, counted for a name and the network they come from: a stranger's guesses lock the stranger out.

use domain::throttle::{
    FREE_FAILURES, FREE_FAILURES_AT_HOME, MEMORY, STRANGERS_AN_HOUR, SendBudget, SharedBy, lock_after,
};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::write::Write;
use crate::{Error, Store, budgets, key};

#[derive(Deserialize)]
struct Failures {
    count: u32,
    last_at: Timestamp,
}

/// Whether a guess may be made now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leave {
    Given,
    /// How long to wait.
    Refused(SignedDuration),
}

/// Counts a guess before it is made, so that many at once are not free. A right one is taken back with [`forget`].
pub async fn before_guess(
    store: &Store,
    name: &str,
    network: &str,
    is_home: bool,
    now: Timestamp,
) -> Result<Leave, Error> {
    let free = free(is_home);
    let key = place(store, name, network).await?;
    let count = Write::update(key.clone())
        .add("count", 1)
        .set("last_at", &now)?
        .set("expires_at", &(now + MEMORY).as_second())?
        .if_less_or_absent("count", i64::from(free));
    match store.write(count).await {
        Err(Error::ConditionFailed(_)) => {}
        Err(error) => return Err(error),
        Ok(()) if is_home => return Ok(Leave::Given),
        Ok(()) => return strangers_leave(store, name, now).await,
    }
    let Some(failures) = store.get::<Failures>(&key).await? else {
        return Ok(Leave::Given);
    };
    if let refused @ Leave::Refused(_) = failures.leave(free, now) {
        return Ok(refused);
    }
    let another = Write::update(key)
        .add("count", 1)
        .set("last_at", &now)?
        .if_equals("count", &failures.count)?;
    match store.write(another).await {
        Err(Error::ConditionFailed(_)) => Ok(Leave::Refused(lock_after(failures.count + 1, free))),
        Err(error) => Err(error),
        Ok(()) => Ok(Leave::Given),
    }
}

/// Whether one might be made now, without counting any: for proofs that cost nothing to check. A wrong one must then be
/// counted with [`before_guess`] before it is answered.
pub async fn leave(store: &Store, name: &str, network: &str, is_home: bool, now: Timestamp) -> Result<Leave, Error> {
    let failures = store.get::<Failures>(&place(store, name, network).await?).await?;
    Ok(failures.map_or(Leave::Given, |failures| failures.leave(free(is_home), now)))
}

impl Failures {
    fn leave(&self, free: u32, now: Timestamp) -> Leave {
        let free_at = self.last_at + lock_after(self.count, free);
        if now < free_at {
            return Leave::Refused(free_at.duration_since(now));
        }
        Leave::Given
    }
}

fn free(is_home: bool) -> u32 {
    if is_home { FREE_FAILURES_AT_HOME } else { FREE_FAILURES }
}

/// All strange networks together have a budget of guesses at one name too.
async fn strangers_leave(store: &Store, name: &str, now: Timestamp) -> Result<Leave, Error> {
    let window = SignedDuration::from_hours(1);
    let budget = SendBudget {
        by: SharedBy::Number,
        limit: STRANGERS_AN_HOUR,
        window,
    };
    let is_left = budgets::spend(store, &[(budget, format!("guesses:{name}"))], now).await?;
    Ok(if is_left { Leave::Given } else { Leave::Refused(window) })
}

/// After a right guess.
pub async fn forget(store: &Store, name: &str, network: &str) -> Result<(), Error> {
    store.write(Write::delete(place(store, name, network).await?)).await
}

async fn place(store: &Store, name: &str, network: &str) -> Result<key::Key, Error> {
    let name = store.blind_index("failures", &name.to_lowercase()).await?;
    Ok(key::failures(&name, &store.blind_index("network", network).await?))
}
