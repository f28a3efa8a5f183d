//! Exact totals, changed in the transaction of what they count. Each is spread over a few items, so that many changes
//! at once seldom meet.

use domain::role::Role;
use serde::Deserialize;

use crate::write::Write;
use crate::{Error, Store, key};

const SHARDS: u8 = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counter {
    Users,
    Patients,
    Doctors,
    Admins,
    Pending,
    Rejected,
    Predictions,
    ReviewRequests,
}

impl Counter {
    pub(crate) fn of_role(role: Role) -> Self {
        match role {
            Role::Patient => Counter::Patients,
            Role::Doctor => Counter::Doctors,
            Role::Admin => Counter::Admins,
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Counter::Users => "ALL",
            Counter::Patients => "patients",
            Counter::Doctors => "doctors",
            Counter::Admins => "admins",
            Counter::Pending => "pending",
            Counter::Rejected => "rejected",
            Counter::Predictions => "predictions",
            Counter::ReviewRequests => "review-requests",
        }
    }
}

#[derive(Deserialize)]
struct Shard {
    count: i64,
}

/// One more or one less, as part of a transaction.
pub(crate) fn change(counter: Counter, by: i64) -> Write {
    Write::update(key::counter_shard(counter.word(), fastrand::u8(..SHARDS))).add("count", by)
}

pub async fn read(store: &Store, counter: Counter) -> Result<u64, Error> {
    let items = store
        .query_all(&key::counter(counter.word()), usize::from(SHARDS))
        .await?;
    let mut total = 0;
    for item in items {
        total += serde_dynamo::from_item::<_, Shard>(item)?.count;
    }
    Ok(u64::try_from(total).unwrap_or(0))
}
