//! Family members: a link that both sides agree to, and grants by which one lets the other see something of theirs.
//!
//! A grant has a scope and an end, can be taken back at any moment, and is looked up with every request that uses it.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::id::{FamilyLinkId, UserId};
use crate::refusal::{Kind, Refusal};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Relationship {
    Spouse,
    Child,
    Parent,
    Sibling,
    Other,
}

impl Relationship {
    /// The same tie, seen from the other end.
    pub fn reversed(self) -> Self {
        match self {
            Relationship::Child => Relationship::Parent,
            Relationship::Parent => Relationship::Child,
            same => same,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LinkStatus {
    /// Waits for the other side: no contact data is shown.
    Pending,
    Active,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FamilyLink {
    pub id: FamilyLinkId,
    /// Who asked.
    pub asker: UserId,
    pub member: UserId,
    /// What the member is to the asker.
    pub relationship: Relationship,
    pub status: LinkStatus,
    pub linked_at: Timestamp,
}

impl FamilyLink {
    /// The other person and what they are to this one.
    pub fn seen_by(&self, user: UserId) -> (UserId, Relationship) {
        if user == self.asker {
            (self.member, self.relationship)
        } else {
            (self.asker, self.relationship.reversed())
        }
    }
}

/// What a caregiver may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    Profile,
    Predictions,
    Records,
    Prescriptions,
    Appointments,
    Vitals,
}

/// Leave for one caregiver to see something of the owner's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    pub owner: UserId,
    pub caregiver: UserId,
    pub link: FamilyLinkId,
    pub scopes: Vec<Scope>,
    pub granted_at: Timestamp,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
}

/// A grant without an end named lasts a year.
pub const USUAL_LIFE: SignedDuration = SignedDuration::from_hours(365 * 24);

impl Grant {
    pub fn allows(&self, scope: Scope, now: Timestamp) -> bool {
        now < self.expires_at && self.scopes.contains(&scope)
    }
}

/// When a grant ends: as asked, and for a minor not after the eighteenth birthday, when they decide for themselves.
pub fn grant_end(
    asked: Option<Timestamp>,
    owners_birth: Option<Date>,
    now: Timestamp,
) -> Result<Timestamp, FamilyRefused> {
    let end = asked.unwrap_or(now + USUAL_LIFE);
    // Whole seconds, as it is kept.
    let end = Timestamp::from_second(end.as_second()).unwrap_or(end);
    if end <= now {
        return Err(FamilyRefused::AlreadyOver);
    }
    let majority = owners_birth
        .and_then(|born| born.checked_add(18.years()).ok())
        .and_then(|day| {
            TimeZone::UTC
                .to_timestamp(day.to_datetime(jiff::civil::Time::midnight()))
                .ok()
        })
        .filter(|day| *day > now);
    Ok(majority.map_or(end, |majority| end.min(majority)))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FamilyRefused {
    #[error("Family member not found")]
    MemberNotFound,
    #[error("Family member already linked")]
    AlreadyLinked,
    #[error("You cannot link yourself")]
    Oneself,
    #[error("Family link not found")]
    LinkNotFound,
    #[error("The grant must end in the future")]
    AlreadyOver,
    #[error("The other side has not agreed to the link yet")]
    NotAgreed,
    #[error("At most 50 family members can be linked")]
    TooMany,
    /// The grant ended, was taken back or never was.
    #[error("You have no access to this person's data")]
    NoGrant,
}

impl Refusal for FamilyRefused {
    fn kind(&self) -> Kind {
        match self {
            FamilyRefused::LinkNotFound => Kind::NotFound,
            FamilyRefused::NotAgreed => Kind::Conflict,
            FamilyRefused::NoGrant => Kind::Forbidden,
            _ => Kind::BadRequest,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            FamilyRefused::MemberNotFound => "family_member_not_found",
            FamilyRefused::AlreadyLinked => "family_member_linked",
            FamilyRefused::Oneself => "family_member_oneself",
            FamilyRefused::LinkNotFound => "family_link_not_found",
            FamilyRefused::AlreadyOver => "grant_over",
            FamilyRefused::NotAgreed => "family_link_pending",
            FamilyRefused::TooMany => "family_links_too_many",
            FamilyRefused::NoGrant => "no_grant",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_minors_grant_ends_when_they_come_of_age() {
        let now: Timestamp = "2026-11-25T10:00:00Z".parse().unwrap();
        let end = grant_end(None, Some(date(2009, 3, 1)), now).unwrap();
        assert_eq!(end, "2027-03-01T00:00:00Z".parse().unwrap());
        assert_eq!(grant_end(None, Some(date(1990, 3, 1)), now), Ok(now + USUAL_LIFE));
        assert_eq!(grant_end(Some(now), None, now), Err(FamilyRefused::AlreadyOver));
    }

    #[test]
    fn a_grant_opens_its_scopes_until_it_ends() {
        let now = Timestamp::UNIX_EPOCH;
        let user = UserId::new(now, [1; 6]);
        let grant = Grant {
            owner: user,
            caregiver: UserId::new(now, [2; 6]),
            link: FamilyLinkId::new(now, [3; 6]),
            scopes: vec![Scope::Vitals],
            granted_at: now,
            expires_at: now + USUAL_LIFE,
        };
        assert!(grant.allows(Scope::Vitals, now));
        assert!(!grant.allows(Scope::Prescriptions, now));
        assert!(!grant.allows(Scope::Vitals, now + USUAL_LIFE));
    }
}
