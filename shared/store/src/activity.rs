//! What happened to accounts, for admins: written in the transaction of the change, by month. Never health data.

use domain::account::Account;
use domain::calendar;
use domain::id::OutboxId;
use domain::role::Role;
use domain::verification::VerificationStatus;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::sealing::Sealed;
use crate::write::Write;
use crate::{Error, Store, key};

/// How long it is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(365 * 24);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Registered,
    Updated,
    RoleChanged,
    Suspended,
    Restored,
    Approved,
    Rejected,
    Deleted,
}

impl Action {
    pub fn word(self) -> &'static str {
        match self {
            Action::Registered => "registered",
            Action::Updated => "updated",
            Action::RoleChanged => "role_changed",
            Action::Suspended => "suspended",
            Action::Restored => "restored",
            Action::Approved => "approved",
            Action::Rejected => "rejected",
            Action::Deleted => "deleted",
        }
    }

    pub fn sentence(self) -> &'static str {
        match self {
            Action::Registered => "The account was made",
            Action::Updated => "The account was changed",
            Action::RoleChanged => "The role was changed",
            Action::Suspended => "The account was suspended",
            Action::Restored => "The suspension was lifted",
            Action::Approved => "The doctor was approved",
            Action::Rejected => "The doctor was rejected",
            Action::Deleted => "The account was deleted",
        }
    }

    fn between(before: Option<&Account>, after: Option<&Account>) -> Self {
        let (before, after) = match (before, after) {
            (None, _) => return Action::Registered,
            (_, None) => return Action::Deleted,
            (Some(before), Some(after)) => (before, after),
        };
        let status = |account: &Account| account.verification.as_ref().map(|check| check.status);
        match (status(before), status(after)) {
            _ if before.role != after.role => Action::RoleChanged,
            _ if !before.is_suspended && after.is_suspended => Action::Suspended,
            _ if before.is_suspended && !after.is_suspended => Action::Restored,
            (old, new @ Some(VerificationStatus::Approved)) if old != new => Action::Approved,
            (old, new @ Some(VerificationStatus::Rejected)) if old != new => Action::Rejected,
            _ => Action::Updated,
        }
    }
}

#[derive(Clone, Serialize, Deserialize)]
pub struct Event {
    pub id: OutboxId,
    pub action: Action,
    pub at: Timestamp,
    pub role: Role,
    pub name: String,
    pub email: Option<String>,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    expires_at: Timestamp,
}

impl Sealed for Event {
    const SEALED: &'static [&'static str] = &["name", "email"];
}

/// The line about a change, as part of its transaction.
pub(crate) async fn note(store: &Store, before: Option<&Account>, after: Option<&Account>) -> Result<Write, Error> {
    let account = after.or(before).ok_or(Error::Rejected("nothing changed".to_owned()))?;
    let at = account.updated_at;
    let mut random = [0; 6];
    getrandom::fill(&mut random).map_err(|error| Error::Unavailable(error.to_string()))?;
    let event = Event {
        id: OutboxId::new(at, random),
        action: Action::between(before, after),
        at,
        role: account.role,
        name: account.display_name().to_owned(),
        email: account.email.clone().map(String::from),
        expires_at: at + KEPT,
    };
    store.sealed_put(key::activity(&month(at), event.id), &event).await
}

/// The newest of this month and the one before.
pub async fn list(store: &Store, now: Timestamp, limit: usize) -> Result<Vec<Event>, Error> {
    let mut events = Vec::new();
    let first = calendar::day_of(now).first_of_month();
    let before = first.yesterday().unwrap_or(first);
    for month in [name(first), name(before)] {
        let items = store
            .query_all_backwards(&key::activities(&month), limit - events.len())
            .await?;
        for item in items {
            let sort = item
                .get("sk")
                .and_then(|value| value.as_s().ok())
                .cloned()
                .unwrap_or_default();
            let place = key::item_of(&key::activities(&month), &sort);
            events.push(store.open_item(&place, item).await?);
        }
        if events.len() >= limit {
            break;
        }
    }
    Ok(events)
}

fn month(at: Timestamp) -> String {
    name(calendar::day_of(at))
}

fn name(day: jiff::civil::Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}
