//! Lists of people: for admins by role and application, for patients the doctors they may choose.

use domain::account::Account;
use domain::id::UserId;
use domain::role::Role;
use jiff::Timestamp;
use serde::Deserialize;

use crate::counters::{self, Counter};
use crate::{Error, Store, Window, accounts, key};

/// Who is on a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    Everyone,
    Role(Role),
    /// Doctors who wait for an admin.
    Pending,
    Rejected,
}

impl List {
    fn counter(self) -> Counter {
        match self {
            List::Everyone => Counter::Users,
            List::Role(role) => Counter::of_role(role),
            List::Pending => Counter::Pending,
            List::Rejected => Counter::Rejected,
        }
    }
}

/// Part of a list, with how many it has in all.
pub struct Part {
    pub accounts: Vec<Account>,
    pub total: u64,
}

/// Numbered pages cost more the deeper they go, so there is an end to it.
pub const DEEPEST: usize = 10_000;

#[derive(Deserialize)]
struct Listed {
    user: UserId,
    #[serde(default)]
    valid_until: Option<Timestamp>,
}

/// Ids are time-ordered, so this is by age.
pub async fn list(store: &Store, list: List, newest_first: bool, window: Window) -> Result<Part, Error> {
    let wanted = window.skip.min(DEEPEST) + window.limit;
    let range = key::directory(list.counter().word());
    let reads = async {
        if newest_first {
            store.query_all_backwards(&range, wanted).await
        } else {
            store.query_all(&range, wanted).await
        }
    };
    let (items, total) = futures_util::try_join!(reads, counters::read(store, list.counter()))?;
    let users = items
        .into_iter()
        .skip(window.skip)
        .map(|item| Ok(serde_dynamo::from_item::<_, Listed>(item)?.user))
        .collect::<Result<Vec<UserId>, Error>>()?;
    Ok(Part {
        accounts: accounts::get_many(store, &users).await?,
        total,
    })
}

/// How many doctors a search looks through.
const MOST_DOCTORS: usize = 1000;

/// Approved doctors whose approval still holds, by the beginning of their user name or name; newest first without one.
pub async fn find_doctors(store: &Store, beginning: &str, window: Window, now: Timestamp) -> Result<Part, Error> {
    let items = if beginning.is_empty() {
        store.query_all_backwards(&key::all_doctors(), MOST_DOCTORS).await?
    } else {
        let range = key::doctors_beginning_with(&beginning.to_lowercase());
        store.query_all(&range, MOST_DOCTORS).await?
    };
    let mut users: Vec<UserId> = Vec::new();
    for item in items {
        let listed: Listed = serde_dynamo::from_item(item)?;
        let holds = listed.valid_until.is_none_or(|end| now < end);
        if holds && !users.contains(&listed.user) {
            users.push(listed.user);
        }
    }
    let total = users.len() as u64;
    let page: Vec<UserId> = users.into_iter().skip(window.skip).take(window.limit).collect();
    Ok(Part {
        accounts: accounts::get_many(store, &page).await?,
        total,
    })
}
