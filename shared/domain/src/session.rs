//! One signed-in device of a person.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::id::{SessionId, UserId};
use crate::refusal::{Kind, Refusal};
use crate::role::Role;

/// The product a person signed in through; it decides how long an access token lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Product {
    Dental,
    Derma,
    Telemedicine,
    FacialDerma,
    Diabetes,
}

impl Product {
    /// Derma and facial-derma clients cannot refresh, so theirs live a day.
    pub fn access_token_life(self) -> SignedDuration {
        match self {
            Product::Derma | Product::FacialDerma => SignedDuration::from_hours(24),
            Product::Telemedicine => SignedDuration::from_mins(30),
            Product::Dental => SignedDuration::from_hours(1),
            Product::Diabetes => SignedDuration::from_hours(2),
        }
    }

    /// How long a device stays signed in, counted from the sign-in.
    pub fn session_life(self) -> SignedDuration {
        match self {
            Product::Derma | Product::FacialDerma => self.access_token_life(),
            Product::Telemedicine => SignedDuration::from_hours(7 * 24),
            Product::Dental | Product::Diabetes => SignedDuration::from_hours(60 * 24),
        }
    }

    /// Whether its clients keep a refresh token.
    pub fn refreshes(self) -> bool {
        self.session_life() > self.access_token_life()
    }
}

/// For how long the refresh token before the current one still gets its successor: requests in flight at the same
/// moment, and answers that a bad network lost. After that it must have been copied.
pub const REFRESH_GRACE: SignedDuration = SignedDuration::from_secs(30);

/// What a refresh token's number in its chain says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshTurn {
    /// The current one: the chain moves on.
    Next,
    /// The one before, within the grace: gets the same successor again.
    Again,
    /// An old one: somebody has a copy.
    Reused,
}

/// `presented` and `current` count refreshes since the sign-in; `moved_at` is when the current one was made.
pub fn refresh_turn(presented: u32, current: u32, moved_at: Timestamp, now: Timestamp) -> RefreshTurn {
    if presented == current {
        return RefreshTurn::Next;
    }
    let is_previous = presented.checked_add(1) == Some(current);
    if is_previous && now.duration_since(moved_at) < REFRESH_GRACE {
        return RefreshTurn::Again;
    }
    RefreshTurn::Reused
}

/// What every request reads: the rights of the person as they are now, not as they were when the token was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    pub id: SessionId,
    pub user_id: UserId,
    pub role: Role,
    pub is_suspended: bool,
    pub is_verified: bool,
    pub product: Product,
    pub created_at: Timestamp,
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub expires_at: Timestamp,
}

impl Session {
    /// A doctor whose approval holds.
    pub fn is_verified_doctor(&self) -> bool {
        self.role == Role::Doctor && self.is_verified
    }

    pub fn is_over(&self, now: Timestamp) -> bool {
        now >= self.expires_at
    }
}

/// Why a bearer is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotSignedIn {
    #[error("No token, authorization denied")]
    NoToken,
    #[error("Token is not valid")]
    InvalidToken,
}

impl Refusal for NotSignedIn {
    fn kind(&self) -> Kind {
        Kind::Unauthenticated
    }

    fn code(&self) -> &'static str {
        match self {
            NotSignedIn::NoToken => "token_missing",
            NotSignedIn::InvalidToken => "token_invalid",
        }
    }
}

/// Why somebody who is signed in may not do this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAllowed {
    #[error("Your account is suspended")]
    Suspended,
    #[error("Admin access required")]
    AdminOnly,
    #[error("Only patients can do this")]
    PatientsOnly,
    #[error("Only doctors can do this")]
    DoctorsOnly,
    #[error("Only verified doctors can do this")]
    VerifiedDoctorsOnly,
    #[error("Access denied. Required roles: {}", RoleList(.0))]
    WrongRole(&'static [Role]),
    #[error("Not allowed")]
    SelfOrAdminOnly,
}

struct RoleList<'a>(&'a [Role]);

impl std::fmt::Display for RoleList<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words: Vec<&str> = self.0.iter().map(|role| role.word()).collect();
        f.write_str(&words.join(", "))
    }
}

impl Refusal for NotAllowed {
    fn kind(&self) -> Kind {
        Kind::Forbidden
    }

    fn code(&self) -> &'static str {
        match self {
            NotAllowed::Suspended => "account_suspended",
            NotAllowed::AdminOnly => "admin_only",
            NotAllowed::PatientsOnly => "patients_only",
            NotAllowed::DoctorsOnly => "doctors_only",
            NotAllowed::VerifiedDoctorsOnly => "verified_doctors_only",
            NotAllowed::WrongRole(_) => "role_wrong",
            NotAllowed::SelfOrAdminOnly => "not_allowed",
        }
    }
}

/// Why a refresh token is not taken: one sentence for all causes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RefreshRefused {
    #[error("Refresh token required")]
    Missing,
    #[error("Invalid or expired refresh token")]
    Invalid,
}

impl Refusal for RefreshRefused {
    fn kind(&self) -> Kind {
        Kind::Unauthenticated
    }

    fn code(&self) -> &'static str {
        match self {
            RefreshRefused::Missing => "refresh_token_missing",
            RefreshRefused::Invalid => "refresh_token_invalid",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_refresh_token_has_a_grace() {
        let moved_at = Timestamp::UNIX_EPOCH;
        let soon = moved_at + SignedDuration::from_secs(29);
        assert_eq!(refresh_turn(4, 4, moved_at, soon), RefreshTurn::Next);
        assert_eq!(refresh_turn(3, 4, moved_at, soon), RefreshTurn::Again);
        assert_eq!(
            refresh_turn(3, 4, moved_at, moved_at + REFRESH_GRACE),
            RefreshTurn::Reused
        );
        assert_eq!(refresh_turn(2, 4, moved_at, soon), RefreshTurn::Reused);
        // One that was never given out: its signature would have to be forged.
        assert_eq!(refresh_turn(5, 4, moved_at, soon), RefreshTurn::Reused);
        assert_eq!(refresh_turn(u32::MAX, 0, moved_at, soon), RefreshTurn::Reused);
    }

    #[test]
    fn a_refusal_lists_the_roles_that_may() {
        let refused = NotAllowed::WrongRole(&[Role::Patient, Role::Admin]);
        assert_eq!(refused.to_string(), "Access denied. Required roles: patient, admin");
    }
}
