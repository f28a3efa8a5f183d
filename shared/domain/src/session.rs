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
}

impl Refusal for NotAllowed {
    fn kind(&self) -> Kind {
        Kind::Forbidden
    }

    fn code(&self) -> &'static str {
        match self {
            NotAllowed::Suspended => "account_suspended",
            NotAllowed::AdminOnly => "admin_only",
        }
    }
}
