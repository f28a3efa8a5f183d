//! How much may be sent: counters by window, counted up in the database and never read first.

use domain::throttle::SendBudget;
use jiff::Timestamp;

use crate::write::Write;
use crate::{Error, Store, key};

/// Counts one against each budget, narrowest first. `false` at the first that is spent: what lies before it stays
/// counted, so that a flood uses up its own narrow budgets and not everybody's.
pub async fn spend(store: &Store, budgets: &[(SendBudget, String)], now: Timestamp) -> Result<bool, Error> {
    for (budget, value) in budgets {
        let window = budget.window.as_secs();
        let start = now.as_second() - now.as_second().rem_euclid(window);
        let index = store.blind_index("budget", value).await?;
        let count = Write::update(key::budget(budget.by.word(), &index, window, start))
            .add("spent", 1)
            .set("expires_at", &(start + window))?
            .if_less_or_absent("spent", i64::from(budget.limit));
        match store.write(count).await {
            Err(Error::ConditionFailed(_)) => return Ok(false),
            Err(error) => return Err(error),
            Ok(()) => {}
        }
    }
    Ok(true)
}
