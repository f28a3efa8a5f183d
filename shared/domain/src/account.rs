//! A person's account, and which sign-ups and log-ins are refused.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::email_address::EmailAddress;
use crate::id::{UserId, UserNumber};
use crate::refusal::{Kind, Refusal};
use crate::role::{FacialDermaRole, Role};
use crate::username::{MalformedUsername, Username};

/// What is known of a person. One account serves all products; their profiles are views on it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Account {
    pub id: UserId,
    pub number: UserNumber,
    pub username: Username,
    pub email: EmailAddress,
    pub role: Role,
    pub name: Option<String>,
    pub is_suspended: bool,
    /// Patients are verified by themselves; doctors by an admin, from their licence.
    pub is_verified: bool,
    pub practice: Practice,
    pub personal: Personal,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What a doctor says of their practice; empty for others.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Practice {
    pub license: Option<String>,
    pub specialization: Option<String>,
    pub clinic: Option<String>,
    pub experience_years: Option<u8>,
}

/// What a person has said of themselves; each stays empty until they say it.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Personal {
    pub age: Option<u8>,
    pub gender: Option<String>,
    pub height: Option<String>,
    pub weight: Option<String>,
    pub blood_group: Option<String>,
    pub phone: Option<String>,
    pub emergency_contact: Option<String>,
    pub address: Option<String>,
    pub allergies: Option<String>,
    pub medical_history: Vec<String>,
    pub picture: Option<crate::picture_link::PictureName>,
    pub bio: Option<String>,
    pub fees: Option<f64>,
}

/// Why a sign-up is refused. The sentences hold the words the old clients look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignUpRefused {
    #[error("All fields are required")]
    FieldsMissing,
    #[error("A valid email is required")]
    MalformedEmail,
    #[error("{0}")]
    MalformedUsername(#[from] MalformedUsername),
    #[error("{0}")]
    WeakPassword(#[from] crate::password::WeakPassword),
    #[error("Role must be patient or dermatologist")]
    UnknownRole,
    #[error("Administrators are not made by sign-up")]
    RoleNotAllowed,
    #[error("Experience must be a whole number of years from 0 to 100")]
    MalformedExperience,
    #[error("{field} must have at most {limit} characters")]
    TooLong { field: &'static str, limit: usize },
    #[error("Email or username already exists")]
    EmailTaken,
    #[error("Email or username already exists")]
    UsernameTaken,
}

impl Refusal for SignUpRefused {
    fn kind(&self) -> Kind {
        match self {
            SignUpRefused::RoleNotAllowed => Kind::Forbidden,
            _ => Kind::BadRequest,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            SignUpRefused::FieldsMissing => "fields_missing",
            SignUpRefused::MalformedEmail => "email_malformed",
            SignUpRefused::MalformedUsername(_) => "username_malformed",
            SignUpRefused::WeakPassword(_) => "password_weak",
            SignUpRefused::UnknownRole => "role_unknown",
            SignUpRefused::RoleNotAllowed => "role_not_allowed",
            SignUpRefused::MalformedExperience => "experience_malformed",
            SignUpRefused::TooLong { .. } => "field_too_long",
            SignUpRefused::EmailTaken => "email_taken",
            SignUpRefused::UsernameTaken => "username_taken",
        }
    }
}

/// Why a log-in is refused. Two texts tell an unknown name from a wrong password, since the facial-derma
/// document names them and its app reads them (decision D6); the time taken does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LogInRefused {
    #[error("All fields are required")]
    FieldsMissing,
    #[error("User Not Found")]
    UnknownUser,
    #[error("Invalid Password")]
    WrongPassword,
    #[error("Role mismatch. You are registered as a {}.", .0.word())]
    RoleMismatch(FacialDermaRole),
}

impl Refusal for LogInRefused {
    fn kind(&self) -> Kind {
        match self {
            LogInRefused::FieldsMissing => Kind::BadRequest,
            LogInRefused::UnknownUser | LogInRefused::WrongPassword => Kind::Unauthenticated,
            LogInRefused::RoleMismatch(_) => Kind::Forbidden,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            LogInRefused::FieldsMissing => "fields_missing",
            LogInRefused::UnknownUser => "user_not_found",
            LogInRefused::WrongPassword => "password_wrong",
            LogInRefused::RoleMismatch(_) => "role_mismatch",
        }
    }
}

/// The account behind a valid session is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("User not found")]
pub struct AccountGone;

impl Refusal for AccountGone {
    fn kind(&self) -> Kind {
        Kind::NotFound
    }

    fn code(&self) -> &'static str {
        "user_not_found"
    }
}

/// What a log-in name can be looked up by.
#[derive(Debug, Clone, PartialEq)]
pub enum LogInName {
    Email(EmailAddress),
    Username(Username),
}

impl LogInName {
    /// Anything that is neither cannot belong to an account.
    pub fn parse(text: &str) -> Option<Self> {
        if text.contains('@') {
            text.parse().ok().map(LogInName::Email)
        } else {
            text.trim().parse().ok().map(LogInName::Username)
        }
    }
}

/// Asking for `admin` is refused; asking for a doctor's role makes an unverified doctor (decision D1).
pub fn role_at_sign_up(asked: &str) -> Result<Role, SignUpRefused> {
    match asked {
        "patient" => Ok(Role::Patient),
        "dermatologist" | "doctor" => Ok(Role::Doctor),
        "admin" => Err(SignUpRefused::RoleNotAllowed),
        _ => Err(SignUpRefused::UnknownRole),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_signs_up_as_admin() {
        assert_eq!(role_at_sign_up("admin"), Err(SignUpRefused::RoleNotAllowed));
        assert_eq!(role_at_sign_up("Admin"), Err(SignUpRefused::UnknownRole));
        assert_eq!(role_at_sign_up("dermatologist"), Ok(Role::Doctor));
    }

    #[test]
    fn a_log_in_name_with_an_at_sign_is_an_address() {
        assert!(matches!(LogInName::parse("Ana@Example.org"), Some(LogInName::Email(_))));
        assert!(matches!(LogInName::parse("ana"), Some(LogInName::Username(_))));
        assert_eq!(LogInName::parse("ana@"), None);
        assert_eq!(LogInName::parse(""), None);
    }

    #[test]
    fn a_role_mismatch_names_the_role_in_the_products_word() {
        assert_eq!(
            LogInRefused::RoleMismatch(FacialDermaRole::Dermatologist).to_string(),
            "Role mismatch. You are registered as a dermatologist."
        );
    }
}
