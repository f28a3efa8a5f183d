//! A person's account, and which sign-ups and log-ins are refused.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::email_address::EmailAddress;
use crate::id::{UserId, UserNumber};
use crate::language::Language;
use crate::password::WeakPassword;
use crate::phone_number::PhoneNumber;
use crate::picture_link::PictureName;
use crate::refusal::{Kind, Refusal};
use crate::role::{FacialDermaRole, Role};
use crate::scheduling::zone::Zone;
use crate::session::Product;
use crate::username::{MalformedUsername, Username};
use crate::verification::{Verification, VerificationStatus};

/// What is known of a person. One account serves all products; their profiles are views on it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Account {
    pub id: UserId,
    pub number: UserNumber,
    pub username: Username,
    pub role: Role,
    pub is_suspended: bool,
    pub email: Option<EmailAddress>,
    /// Whether its owner has proved that they read it.
    #[serde(default)]
    pub email_is_proved: bool,
    pub phone: Option<PhoneNumber>,
    #[serde(default)]
    pub phone_is_proved: bool,
    pub name: Option<String>,
    /// Of doctors: how the check of their licence stands.
    pub verification: Option<Verification>,
    #[serde(default)]
    pub practice: Practice,
    #[serde(default)]
    pub personal: Personal,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What a doctor says of their practice; empty for others.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Practice {
    pub license: Option<String>,
    pub specialization: Option<String>,
    pub qualifications: Option<String>,
    pub clinic: Option<String>,
    pub experience_years: Option<u8>,
    /// For one consultation, in the clinic's currency.
    pub fee: Option<f64>,
}

/// What a person has said of themselves; each stays empty until they say it.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Personal {
    /// As stated; the date of birth, once known, says it better.
    pub age: Option<u8>,
    pub date_of_birth: Option<Date>,
    pub gender: Option<String>,
    pub height: Option<String>,
    pub weight: Option<String>,
    pub blood_group: Option<String>,
    pub emergency_contact: Option<String>,
    pub emergency_contact_name: Option<String>,
    pub emergency_contact_phone: Option<String>,
    pub address: Option<String>,
    pub allergies: Option<String>,
    pub medical_history: Vec<String>,
    pub picture: Option<PictureName>,
    /// The same picture, small: none of those who set theirs before there were any.
    pub thumbnail: Option<PictureName>,
    pub bio: Option<String>,
    #[serde(default)]
    pub language: Language,
    /// By whose clock they are told of times.
    #[serde(default)]
    pub time_zone: Option<Zone>,
}

impl Personal {
    /// All that storage holds of them: it goes when they are replaced or the account goes.
    pub fn pictures(&self) -> impl Iterator<Item = &PictureName> {
        self.picture.iter().chain(&self.thumbnail)
    }
}

impl Account {
    /// Handed in with a doctor's application.
    pub fn papers(&self) -> impl Iterator<Item = &PictureName> {
        self.verification.iter().flat_map(|check| &check.evidence)
    }

    /// See [`Standing::is_verified`].
    pub fn is_verified(&self, now: Timestamp) -> bool {
        let has_proved_contact = self.email_is_proved || self.phone_is_proved;
        is_verified(self.role, has_proved_contact, self.verification.as_ref(), now)
    }

    /// Whether this is a doctor who may see patients now.
    pub fn sees_patients(&self, now: Timestamp) -> bool {
        self.role == Role::Doctor && !self.is_suspended && self.is_verified(now)
    }

    /// Whether patients can find and book this person.
    pub fn is_listed(&self) -> bool {
        let is_approved = |check: &Verification| check.status == VerificationStatus::Approved;
        self.role == Role::Doctor && !self.is_suspended && self.verification.as_ref().is_some_and(is_approved)
    }

    /// In whole years.
    pub fn age(&self, now: Timestamp) -> Option<u8> {
        let today = crate::calendar::day_of(now);
        self.personal
            .date_of_birth
            .map(|born| age_on(today, born))
            .or(self.personal.age)
    }

    /// The name, or the user name of somebody who gave none.
    pub fn display_name(&self) -> &str {
        self.name.as_deref().unwrap_or(self.username.as_str())
    }
}

/// What every request reads of an account: the rights of the person as they are now.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Standing {
    pub role: Role,
    pub is_suspended: bool,
    #[serde(default)]
    pub email_is_proved: bool,
    #[serde(default)]
    pub phone_is_proved: bool,
    pub verification: Option<Verification>,
    /// Sessions of earlier epochs are over: signing out everywhere begins a new one.
    pub epoch: u32,
}

impl Standing {
    /// Doctors are verified by an admin, for as long as their licence lasts; others by proving a contact.
    pub fn is_verified(&self, now: Timestamp) -> bool {
        let has_proved_contact = self.email_is_proved || self.phone_is_proved;
        is_verified(self.role, has_proved_contact, self.verification.as_ref(), now)
    }
}

fn is_verified(role: Role, has_proved_contact: bool, check: Option<&Verification>, now: Timestamp) -> bool {
    match role {
        Role::Doctor => check.is_some_and(|check| check.holds(now)),
        Role::Patient | Role::Admin => has_proved_contact,
    }
}

fn age_on(today: Date, born: Date) -> u8 {
    let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
    let years = i32::from(today.year()) - i32::from(born.year()) - i32::from(!had_birthday);
    u8::try_from(years.max(0)).unwrap_or(u8::MAX)
}

/// Why a sign-up is refused. The sentences hold the words the old clients of each product look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignUpRefused {
    #[error("All fields are required")]
    FieldsMissing,
    #[error("A valid email is required")]
    MalformedEmail,
    #[error("{0}")]
    MalformedUsername(#[from] MalformedUsername),
    #[error("{0}")]
    WeakPassword(#[from] WeakPassword),
    #[error("Role must be patient or dermatologist")]
    UnknownRole,
    #[error("Administrators are not made by sign-up")]
    RoleNotAllowed,
    #[error("Experience must be a whole number of years from 0 to 100")]
    MalformedExperience,
    #[error("{field} must have at most {limit} characters")]
    TooLong { field: &'static str, limit: usize },
    #[error("{}", taken_sentence(*.product, *.what))]
    Taken { what: Unique, product: Product },
}

/// What no two accounts share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unique {
    Email,
    Phone,
    Username,
    License,
    /// The number is random: try again with another.
    Number,
}

fn taken_sentence(product: Product, what: Unique) -> &'static str {
    match (product, what) {
        (_, Unique::License) => "License number already registered; it exists on another account",
        (Product::Derma, Unique::Username) => "Username already taken",
        (Product::Derma, Unique::Email) => "Email already registered",
        (Product::Telemedicine, Unique::Email) => "User with this email already exists",
        (_, Unique::Phone) => "User with this phone number already exists",
        _ => "Email or username already exists",
    }
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
            SignUpRefused::Taken { what, .. } => what.taken_code(),
        }
    }
}

impl Unique {
    pub fn taken_code(self) -> &'static str {
        match self {
            Unique::Email => "email_taken",
            Unique::Phone => "phone_taken",
            Unique::Username => "username_taken",
            Unique::License => "license_taken",
            Unique::Number => "number_taken",
        }
    }
}

/// Why a log-in is refused. Two facial-derma texts tell an unknown name from a wrong password, since that document
/// names them and its app reads them (decision D6); the time taken does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LogInRefused {
    #[error("All fields are required")]
    FieldsMissing,
    #[error("User Not Found")]
    UnknownUser,
    #[error("Invalid Password")]
    WrongPassword,
    /// The derma product's one answer, a 400.
    #[error("Invalid username/email or password")]
    DermaMismatch,
    /// The telemedicine product's one answer.
    #[error("Invalid phone/email or password")]
    TelemedicineMismatch,
    #[error("Role mismatch. You are registered as a {}.", .0.word())]
    RoleMismatch(FacialDermaRole),
    /// The next three with the operator's strict switch only (decision D2).
    #[error("Email not verified. Please verify your email first.")]
    EmailNotVerified,
    #[error("Your account is pending admin approval.")]
    PendingApproval,
    #[error("Your verification was rejected.")]
    VerificationRejected,
    #[error("Too many failed sign-ins. Please wait and try again later.")]
    Locked { seconds: u32 },
}

impl Refusal for LogInRefused {
    fn kind(&self) -> Kind {
        match self {
            LogInRefused::FieldsMissing | LogInRefused::DermaMismatch => Kind::BadRequest,
            LogInRefused::UnknownUser | LogInRefused::WrongPassword | LogInRefused::TelemedicineMismatch => {
                Kind::Unauthenticated
            }
            LogInRefused::Locked { .. } => Kind::TooManyRequests,
            _ => Kind::Forbidden,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            LogInRefused::FieldsMissing => "fields_missing",
            LogInRefused::UnknownUser => "user_not_found",
            LogInRefused::WrongPassword => "password_wrong",
            LogInRefused::DermaMismatch | LogInRefused::TelemedicineMismatch => "credentials_wrong",
            LogInRefused::RoleMismatch(_) => "role_mismatch",
            LogInRefused::EmailNotVerified => "email_not_verified",
            LogInRefused::PendingApproval => "approval_pending",
            LogInRefused::VerificationRejected => "verification_rejected",
            LogInRefused::Locked { .. } => "sign_in_locked",
        }
    }

    fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            LogInRefused::Locked { seconds } => Some(u64::from(*seconds)),
            _ => None,
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
    Phone(PhoneNumber),
    Username(Username),
}

impl LogInName {
    /// Anything that is neither cannot belong to an account.
    pub fn parse(text: &str) -> Option<Self> {
        if text.contains('@') {
            return text.parse().ok().map(LogInName::Email);
        }
        // A user name may begin with a plus too; then it is no number.
        let phone = text.parse().ok().map(LogInName::Phone);
        phone.or_else(|| text.trim().parse().ok().map(LogInName::Username))
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
