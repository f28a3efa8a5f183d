//! What happened to accounts and what admins did to treatment suggestions and pharmacies, for admins: written in the transaction of what happened, by month. Never health data.
//!
//! A line names a person by id only and is read together with their account, so there is nothing in it to seal, and
//! nothing to remove when the account goes.

use std::collections::HashMap;

use domain::account::Account;
use domain::calendar;
use domain::id::{OutboxId, UserId};
use domain::role::Role;
use domain::verification::VerificationStatus;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::accounts::{self, StoredAccount};
use crate::sessions::StoredSession;
use crate::write::Write;
use crate::{Error, Store, key};

/// How long a line is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(365 * 24);
/// Months that a line may lie back.
const MONTHS: usize = 13;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Registered,
    SignedIn,
    Updated,
    PasswordChanged,
    RoleChanged,
    Suspended,
    Restored,
    Approved,
    Rejected,
    Deleted,
    TreatmentAdded,
    TreatmentChanged,
    TreatmentRemoved,
    PharmacyChanged,
    PharmacyTakenOver,
}

impl Action {
    pub fn word(self) -> &'static str {
        match self {
            Action::Registered => "registered",
            Action::SignedIn => "signed_in",
            Action::Updated => "updated",
            Action::PasswordChanged => "password_changed",
            Action::RoleChanged => "role_changed",
            Action::Suspended => "suspended",
            Action::Restored => "restored",
            Action::Approved => "approved",
            Action::Rejected => "rejected",
            Action::Deleted => "deleted",
            Action::TreatmentAdded => "treatment_added",
            Action::TreatmentChanged => "treatment_changed",
            Action::TreatmentRemoved => "treatment_removed",
            Action::PharmacyChanged => "pharmacy_changed",
            Action::PharmacyTakenOver => "pharmacy_taken_over",
        }
    }

    pub fn sentence(self) -> &'static str {
        match self {
            Action::Registered => "The account was made",
            Action::SignedIn => "Somebody signed in",
            Action::Updated => "The account was changed",
            Action::PasswordChanged => "The password was changed",
            Action::RoleChanged => "The role was changed",
            Action::Suspended => "The account was suspended",
            Action::Restored => "The suspension was lifted",
            Action::Approved => "The doctor was approved",
            Action::Rejected => "The doctor was rejected",
            Action::Deleted => "The account was deleted",
            Action::TreatmentAdded => "A treatment suggestion was added",
            Action::TreatmentChanged => "A treatment suggestion was changed",
            Action::TreatmentRemoved => "A treatment suggestion was removed",
            Action::PharmacyChanged => "A pharmacy or its staff was changed",
            Action::PharmacyTakenOver => "A pharmacy was taken over",
        }
    }

    fn between(before: &StoredAccount, after: &StoredAccount) -> Self {
        let (old, new) = (&before.account, &after.account);
        let newly_reviewed = reviewed(after).filter(|review| Some(*review) != reviewed(before));
        match newly_reviewed {
            _ if old.role != new.role => Action::RoleChanged,
            _ if !old.is_suspended && new.is_suspended => Action::Suspended,
            _ if old.is_suspended && !new.is_suspended => Action::Restored,
            Some((VerificationStatus::Approved, _)) => Action::Approved,
            Some((VerificationStatus::Rejected, _)) => Action::Rejected,
            _ if before.password_hash != after.password_hash => Action::PasswordChanged,
            _ => Action::Updated,
        }
    }
}

fn reviewed(stored: &StoredAccount) -> Option<(VerificationStatus, Option<Timestamp>)> {
    let check = stored.account.verification.as_ref();
    check.map(|check| (check.status, check.reviewed_at))
}

/// As it is stored.
#[derive(Clone, Serialize, Deserialize)]
pub struct Line {
    id: OutboxId,
    action: Action,
    at: Timestamp,
    user: UserId,
    role: Option<Role>,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    expires_at: Timestamp,
}

/// As it is read.
pub struct Event {
    pub id: OutboxId,
    pub action: Action,
    pub at: Timestamp,
    /// At that time, or now where it was not noted.
    pub role: Option<Role>,
    /// None for somebody whose account is gone.
    pub account: Option<Account>,
}

/// The line about a change of an account. None for what its owner does not see, such as a new epoch; all else moves
/// `updated_at`.
pub(crate) fn of_change(
    before: Option<&StoredAccount>,
    after: Option<&StoredAccount>,
    now: Option<Timestamp>,
) -> Result<Option<Write>, Error> {
    let (action, stored) = match (before, after) {
        (None, Some(new)) => (Action::Registered, new),
        (Some(old), None) => (Action::Deleted, old),
        (Some(old), Some(new)) if old.account.updated_at != new.account.updated_at => (Action::between(old, new), new),
        _ => return Ok(None),
    };
    let at = now.unwrap_or(stored.account.updated_at);
    let mut random = [0; 6];
    getrandom::fill(&mut random).map_err(|error| Error::Unavailable(error.to_string()))?;
    let line = Line {
        id: OutboxId::new(at, random),
        action,
        at,
        user: stored.account.id,
        role: Some(stored.account.role),
        expires_at: at + KEPT,
    };
    line.write().map(Some)
}

pub(crate) fn of_sign_in(session: &StoredSession) -> Result<Write, Error> {
    let line = Line {
        id: session.id.into(),
        action: Action::SignedIn,
        at: session.created_at,
        user: session.user_id,
        role: None,
        expires_at: session.created_at + KEPT,
    };
    line.write()
}

impl Line {
    /// What somebody did to what everybody reads.
    pub fn new(id: OutboxId, action: Action, by: UserId, role: Role, now: Timestamp) -> Self {
        Self {
            id,
            action,
            at: now,
            user: by,
            role: Some(role),
            expires_at: now + KEPT,
        }
    }

    pub(crate) fn write(&self) -> Result<Write, Error> {
        Write::put(key::activity(&month(calendar::day_of(self.at)), self.id), self)
    }
}

/// Newest first. A new line a minute fills a page from one month; where little happens, months before are read too.
pub async fn list(store: &Store, now: Timestamp, limit: usize) -> Result<Vec<Event>, Error> {
    let mut lines: Vec<Line> = Vec::new();
    let mut day = calendar::day_of(now).first_of_month();
    for _ in 0..MONTHS {
        let range = key::activities(&month(day));
        let items = store.query_all_backwards(&range, limit - lines.len()).await?;
        lines.extend(serde_dynamo::from_items::<_, Line>(items)?);
        if lines.len() >= limit {
            break;
        }
        day = day.yesterday().map_or(day, Date::first_of_month);
    }
    let mut users: Vec<UserId> = lines.iter().map(|line| line.user).collect();
    users.sort_unstable();
    users.dedup();
    let accounts = accounts::get_many(store, &users).await?;
    let accounts: HashMap<UserId, Account> = accounts.into_iter().map(|account| (account.id, account)).collect();
    let event = |line: Line| {
        let account = accounts.get(&line.user).cloned();
        Event {
            id: line.id,
            action: line.action,
            at: line.at,
            role: line.role.or(account.as_ref().map(|account| account.role)),
            account,
        }
    };
    Ok(lines.into_iter().map(event).collect())
}

fn month(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}
