//! What people are told. How it is said is in [`crate::wording`]; no health data is ever said.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::email_address::EmailAddress;
use crate::id::{AppointmentId, PredictionId, ReviewRequestId, UserId};
use crate::phone_number::PhoneNumber;
use crate::scheduling::visit::Visit;

/// Something a person is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub enum Notice {
    SignedUp,
    SignedIn {
        /// Network address and program as the request showed them.
        address: String,
        user_agent: String,
        at: jiff::Timestamp,
    },
    EmailVerification {
        code: Confidential,
        link: Confidential,
    },
    PasswordResetCode {
        code: Confidential,
    },
    PasswordChanged,
    CodeForSignIn {
        code: Confidential,
    },
    ContactChangeCode {
        code: Confidential,
    },
    ContactChanged,
    /// A sign-in that had been copied was used: that device was signed out.
    SessionChainEnded,
    AccountSuspended,
    AccountRestored,
    AccountDeleted,
    DoctorApproved,
    DoctorRejected {
        reason: Option<String>,
    },
    ReviewRequested(Reference),
    ReviewSubmitted(Reference),
    ReviewRejected(Reference),
    /// A doctor who judged a reading wants the patient to see one.
    DoctorRefers(Reference),
    /// A doctor has signed a record for the patient.
    RecordSigned,
    /// A doctor has amended or withdrawn one.
    RecordAmended,
    /// A doctor has opened the patient's records in an emergency.
    EmergencyAccess,
    /// The same, for those who review it.
    EmergencyAccessOpened,
    AppointmentBooked(Visit),
    AppointmentMoved(Visit),
    AppointmentCancelled(Visit),
    /// A time that somebody waited for is held for them, for a while.
    AppointmentOffered(Visit),
    AppointmentReminder(Visit),
    FamilyLinkAsked,
    FamilyLinkAccepted,
    FamilyLinkEnded,
    TicketAnswered,
    /// Of a medicine at a pharmacy little is left.
    StockLow,
    /// Another admin has a pharmacy now, which the reader had.
    PharmacyTakenOver,
    /// What was set apart for a patient at a pharmacy is so no more.
    ReservationEnded,
    /// The archive of all that is kept of somebody can be fetched.
    ExportReady,
    ExportFailed,
    /// A vital sign is not as it should be.
    VitalsWarning,
    /// The same, where it cannot wait.
    VitalsUrgent,
    /// No readings have come for longer than somebody wants.
    VitalsSilent,
    /// What cannot wait, for those who follow somebody, when nobody has answered.
    FollowedVitalsUrgent(Reference),
    FirmwareAvailable {
        version: String,
    },
    /// A rollout stopped by itself, since too many devices failed.
    FirmwareHalted {
        version: String,
    },
}

/// What a notice is about: a result, a review of it, an appointment, somebody whom one follows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    pub request_id: Option<ReviewRequestId>,
    pub prediction_id: Option<PredictionId>,
    #[serde(default)]
    pub appointment_id: Option<AppointmentId>,
    #[serde(default)]
    pub patient_id: Option<UserId>,
}

impl Reference {
    pub fn of_patient(patient: UserId) -> Self {
        Self {
            patient_id: Some(patient),
            ..Self::default()
        }
    }
}

impl From<AppointmentId> for Reference {
    fn from(appointment: AppointmentId) -> Self {
        Self {
            appointment_id: Some(appointment),
            ..Self::default()
        }
    }
}

/// A code or a link that opens something; prints as `[redacted]`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Confidential(String);

/// Where a message goes when there is no account to ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", content = "address", rename_all = "snake_case")]
pub enum Destination {
    Email(EmailAddress),
    Phone(PhoneNumber),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarStep {
    Enter,
    Remove,
}

/// By which ways somebody with an account is told something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Channels {
    pub mail: bool,
    pub in_app: bool,
    pub push: bool,
    /// A text message where there is no app to push to.
    pub text_message: bool,
}

const MAIL_ONLY: Channels = Channels {
    mail: true,
    in_app: false,
    push: false,
    text_message: false,
};
const APP_ONLY: Channels = Channels {
    mail: false,
    in_app: true,
    push: true,
    text_message: false,
};
const EVERYWHERE: Channels = Channels {
    mail: true,
    in_app: true,
    push: true,
    text_message: false,
};
/// What must be known in time.
const IN_TIME: Channels = Channels {
    text_message: true,
    ..EVERYWHERE
};

/// Longer names of programs say no more to a person, and are a place for others' words.
const LONGEST_USER_AGENT: usize = 100;
/// An admin's reason in an e-mail.
const LONGEST_REASON: usize = 500;
const LONGEST_VERSION: usize = 40;

impl Notice {
    pub fn signed_in(address: &str, user_agent: &str, at: jiff::Timestamp) -> Self {
        Notice::SignedIn {
            address: address.to_owned(),
            user_agent: one_line(user_agent, LONGEST_USER_AGENT),
            at,
        }
    }

    pub fn doctor_rejected(reason: Option<&str>) -> Self {
        let reason = reason.map(|reason| one_line(reason, LONGEST_REASON));
        Notice::DoctorRejected {
            reason: reason.filter(|reason| !reason.trim().is_empty()),
        }
    }

    pub fn firmware_available(version: &str) -> Self {
        Notice::FirmwareAvailable {
            version: one_line(version, LONGEST_VERSION),
        }
    }

    pub fn firmware_halted(version: &str) -> Self {
        Notice::FirmwareHalted {
            version: one_line(version, LONGEST_VERSION),
        }
    }

    /// The word clients know it by.
    pub fn kind(&self) -> &'static str {
        match self {
            Notice::SignedUp => "signed_up",
            Notice::SignedIn { .. } => "signed_in",
            Notice::EmailVerification { .. } => "email_verification",
            Notice::PasswordResetCode { .. } => "password_reset_code",
            Notice::PasswordChanged => "password_changed",
            Notice::CodeForSignIn { .. } => "code_for_sign_in",
            Notice::ContactChangeCode { .. } => "contact_change_code",
            Notice::ContactChanged => "contact_changed",
            Notice::SessionChainEnded => "session_chain_ended",
            Notice::AccountSuspended => "account_suspended",
            Notice::AccountRestored => "account_restored",
            Notice::AccountDeleted => "account_deleted",
            Notice::DoctorApproved => "verification_approved",
            Notice::DoctorRejected { .. } => "verification_rejected",
            Notice::ReviewRequested(_) => "review_requested",
            Notice::ReviewSubmitted(_) => "review_submitted",
            Notice::ReviewRejected(_) => "review_rejected",
            Notice::DoctorRefers(_) => "doctor_refers",
            Notice::RecordSigned => "record_signed",
            Notice::RecordAmended => "record_amended",
            Notice::EmergencyAccess => "emergency_access",
            Notice::EmergencyAccessOpened => "emergency_access_opened",
            Notice::AppointmentBooked(_) => "appointment_booked",
            Notice::AppointmentMoved(_) => "appointment_moved",
            Notice::AppointmentCancelled(_) => "appointment_cancelled",
            Notice::AppointmentOffered(_) => "appointment_offered",
            Notice::AppointmentReminder(_) => "appointment_reminder",
            Notice::FamilyLinkAsked => "family_link_asked",
            Notice::FamilyLinkAccepted => "family_link_accepted",
            Notice::FamilyLinkEnded => "family_link_ended",
            Notice::TicketAnswered => "ticket_answered",
            Notice::StockLow => "stock_low",
            Notice::PharmacyTakenOver => "pharmacy_taken_over",
            Notice::ReservationEnded => "reservation_ended",
            Notice::ExportReady => "export_ready",
            Notice::ExportFailed => "export_failed",
            Notice::VitalsWarning => "vitals_warning",
            Notice::VitalsUrgent => "vitals_urgent",
            Notice::VitalsSilent => "vitals_silent",
            Notice::FollowedVitalsUrgent(_) => "followed_vitals_urgent",
            Notice::FirmwareAvailable { .. } => "firmware_available",
            Notice::FirmwareHalted { .. } => "firmware_halted",
        }
    }

    /// Codes go to one place only, and never to a screen that others may see.
    pub fn channels(&self) -> Channels {
        match self {
            Notice::SignedUp
            | Notice::SignedIn { .. }
            | Notice::EmailVerification { .. }
            | Notice::PasswordResetCode { .. }
            | Notice::CodeForSignIn { .. }
            | Notice::ContactChangeCode { .. }
            | Notice::AccountDeleted => MAIL_ONLY,
            Notice::VitalsWarning | Notice::VitalsSilent | Notice::FirmwareAvailable { .. } => APP_ONLY,
            Notice::AppointmentReminder(_) | Notice::VitalsUrgent | Notice::FollowedVitalsUrgent(_) => IN_TIME,
            Notice::FirmwareHalted { .. } => EVERYWHERE,
            Notice::PasswordChanged
            | Notice::ContactChanged
            | Notice::SessionChainEnded
            | Notice::AccountSuspended
            | Notice::AccountRestored
            | Notice::DoctorApproved
            | Notice::DoctorRejected { .. }
            | Notice::ReviewRequested(_)
            | Notice::ReviewSubmitted(_)
            | Notice::ReviewRejected(_)
            | Notice::DoctorRefers(_)
            | Notice::RecordSigned
            | Notice::RecordAmended
            | Notice::EmergencyAccess
            | Notice::EmergencyAccessOpened
            | Notice::AppointmentBooked(_)
            | Notice::AppointmentMoved(_)
            | Notice::AppointmentCancelled(_)
            | Notice::AppointmentOffered(_)
            | Notice::FamilyLinkAsked
            | Notice::FamilyLinkAccepted
            | Notice::FamilyLinkEnded
            | Notice::TicketAnswered
            | Notice::StockLow
            | Notice::PharmacyTakenOver
            | Notice::ReservationEnded
            | Notice::ExportReady
            | Notice::ExportFailed => EVERYWHERE,
        }
    }

    /// Whether what it tells of may have ended sessions, or what may be done in them.
    pub fn ends_sessions(&self) -> bool {
        matches!(
            self,
            Notice::PasswordChanged | Notice::ContactChanged | Notice::SessionChainEnded | Notice::AccountSuspended
        )
    }

    /// What clients open when the notice is touched.
    pub fn reference(&self) -> Reference {
        match self {
            Notice::ReviewRequested(reference)
            | Notice::ReviewSubmitted(reference)
            | Notice::ReviewRejected(reference)
            | Notice::DoctorRefers(reference)
            | Notice::FollowedVitalsUrgent(reference) => *reference,
            _ => self.visit().map(|visit| visit.appointment.into()).unwrap_or_default(),
        }
    }

    /// The visit that it is about.
    pub fn visit(&self) -> Option<&Visit> {
        match self {
            Notice::AppointmentBooked(visit)
            | Notice::AppointmentMoved(visit)
            | Notice::AppointmentCancelled(visit)
            | Notice::AppointmentOffered(visit)
            | Notice::AppointmentReminder(visit) => Some(visit),
            _ => None,
        }
    }

    /// What a calendar is to do with its visit.
    pub fn for_calendar(&self) -> Option<(&Visit, CalendarStep)> {
        match self {
            Notice::AppointmentBooked(visit) | Notice::AppointmentMoved(visit) => Some((visit, CalendarStep::Enter)),
            Notice::AppointmentCancelled(visit) => Some((visit, CalendarStep::Remove)),
            _ => None,
        }
    }

    /// The code to be typed in, if that is what the notice brings.
    pub fn code(&self) -> Option<&Confidential> {
        match self {
            Notice::EmailVerification { code, .. }
            | Notice::PasswordResetCode { code }
            | Notice::CodeForSignIn { code }
            | Notice::ContactChangeCode { code } => Some(code),
            _ => None,
        }
    }
}

impl Confidential {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Confidential {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Confidential {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Confidential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

fn one_line(text: &str, longest: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(longest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_never_shows_in_a_log() {
        let notice = Notice::PasswordResetCode { code: "042137".into() };
        assert!(!format!("{notice:?}").contains("042137"));
    }

    #[test]
    fn what_cannot_wait_comes_also_to_who_has_a_number_alone() {
        let followed = Notice::FollowedVitalsUrgent(Reference::default());
        for notice in [Notice::VitalsUrgent, followed] {
            assert!(notice.channels().text_message, "{notice:?}");
        }
        assert!(!Notice::VitalsWarning.channels().text_message);
    }

    #[test]
    fn a_reason_is_one_line_or_nothing() {
        let reason = |text| match Notice::doctor_rejected(Some(text)) {
            Notice::DoctorRejected { reason } => reason,
            _ => None,
        };
        assert_eq!(reason(" \r\n"), None);
        assert_eq!(reason("a\r\nb"), Some("ab".to_owned()));
        assert_eq!(reason(&"x".repeat(9000)).map(|text| text.len()), Some(LONGEST_REASON));
    }
}
