//! Why a consultation is not made, not joined or not shown.

use crate::consultation::message::{LONGEST_MESSAGE, MOST_BY_GUEST};
use crate::consultation::signal::LARGEST_SIGNAL_BYTES;
use crate::consultation::{MOST_GUESTS, MOST_INVITES};
use crate::refusal::{FieldError, Kind, Refusal};

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConsultationRefused {
    /// Also one of other people.
    #[error("Consultation not found")]
    NotFound,
    /// The same, for whoever wants to join (contract #74).
    #[error("Consultation not found or access denied")]
    NotFoundToJoin,
    #[error("Consultation is not active")]
    NotActive,
    #[error("Only the patient or the doctor can create this consultation")]
    NeitherOfThem,
    #[error("Only patients whom you treat, or who have let you in, can be called to a consultation")]
    NoCare,
    #[error("Doctor not found")]
    NoDoctor,
    #[error("The person named is no verified doctor")]
    NotADoctor,
    #[error("Nobody consults themselves")]
    Oneself,
    #[error("The time must be to come, within a year")]
    TimeOutOfRange,
    #[error("{field} must have at most {limit} characters")]
    TooLong { field: &'static str, limit: usize },
    #[error("The doctor has not admitted you yet")]
    NotAdmitted,
    #[error("A consultation that has begun is ended, not cancelled")]
    HasBegun,
    #[error("Cannot send signal on behalf of another user")]
    AnothersName,
    #[error("The signal must go to somebody else in the consultation")]
    NoAddressee,
    #[error("The body names another consultation than the path")]
    AnotherConsultation,
    #[error("A signal may have {LARGEST_SIGNAL_BYTES} bytes of JSON")]
    SignalTooLarge,
    #[error("Too many signals wait for the other side")]
    MailboxFull,
    /// Of the same participant, who has joined once more.
    #[error("A newer connection of yours has taken over")]
    TakenOver,
    /// Over the WebSocket API.
    #[error("Subscribe to the consultation first, and name the connection that this gives")]
    NotSubscribed,
    #[error("At most {MOST_GUESTS} guests can be invited at a time, and {MOST_INVITES} in all")]
    TooManyInvites,
    #[error("Invite not found")]
    NoInvite,
    /// Only whoever holds its token learns so much.
    #[error("The invite was used, has expired or was taken back: ask for a new one")]
    InviteGone,
    #[error("A message must have 1 to {LONGEST_MESSAGE} characters")]
    MalformedMessage,
    #[error("client_id must have 1 to 100 characters")]
    MalformedClientId,
    #[error("Another message was sent under this client_id")]
    AnotherMessage,
    #[error("The consultation has as many messages as it can have")]
    TooManyMessages,
    #[error("A guest can write at most {MOST_BY_GUEST} messages")]
    TooManyByGuest,
    #[error("Channel must not be empty")]
    EmptyChannel,
    /// Also one of other people, and one whose call is over.
    #[error("Channel not found")]
    NoChannel,
}

use ConsultationRefused as R;

impl Refusal for ConsultationRefused {
    fn kind(&self) -> Kind {
        match self {
            R::NotFound | R::NoDoctor | R::NoInvite | R::NoChannel => Kind::NotFound,
            R::InviteGone => Kind::Gone,
            R::NotFoundToJoin | R::NotActive | R::EmptyChannel => Kind::BadRequest,
            R::NeitherOfThem | R::NoCare | R::AnothersName => Kind::Forbidden,
            R::NotADoctor
            | R::Oneself
            | R::TimeOutOfRange
            | R::TooLong { .. }
            | R::NoAddressee
            | R::AnotherConsultation
            | R::MalformedMessage
            | R::MalformedClientId => Kind::Invalid,
            R::NotAdmitted
            | R::HasBegun
            | R::TakenOver
            | R::NotSubscribed
            | R::TooManyInvites
            | R::AnotherMessage
            | R::TooManyMessages
            | R::TooManyByGuest => Kind::Conflict,
            R::SignalTooLarge => Kind::TooLarge,
            R::MailboxFull => Kind::TooManyRequests,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            R::NotFound | R::NotFoundToJoin => "consultation_not_found",
            R::NotActive => "consultation_not_active",
            R::NeitherOfThem => "consultation_of_others",
            R::NoCare => "patient_not_in_care",
            R::NoDoctor => "doctor_not_found",
            R::NotADoctor => "not_a_doctor",
            R::Oneself => "consultation_with_oneself",
            R::TimeOutOfRange => "time_out_of_range",
            R::TooLong { .. } => "field_too_long",
            R::NotAdmitted => "not_admitted",
            R::HasBegun => "consultation_has_begun",
            R::AnothersName => "signal_from_another",
            R::NoAddressee => "signal_to_nobody",
            R::AnotherConsultation => "another_consultation",
            R::SignalTooLarge => "signal_too_large",
            R::MailboxFull => "mailbox_full",
            R::TakenOver => "connection_taken_over",
            R::NotSubscribed => "not_subscribed",
            R::TooManyInvites => "invites_too_many",
            R::NoInvite => "invite_not_found",
            R::InviteGone => "invite_gone",
            R::MalformedMessage => "message_malformed",
            R::MalformedClientId => "client_id_malformed",
            R::AnotherMessage => "client_id_used",
            R::TooManyMessages | R::TooManyByGuest => "messages_too_many",
            R::EmptyChannel => "channel_empty",
            R::NoChannel => "channel_not_found",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let field = match self {
            R::NotADoctor | R::Oneself => "doctor_id",
            R::TimeOutOfRange => "scheduled_time",
            R::TooLong { field, limit: _ } => field,
            R::NoAddressee => "to_user_id",
            R::AnotherConsultation => "consultation_id",
            R::MalformedMessage => "text",
            R::MalformedClientId => "client_id",
            _ => return Vec::new(),
        };
        vec![FieldError::new("body", field, "invalid", self)]
    }

    fn retry_after_seconds(&self) -> Option<u64> {
        matches!(self, R::MailboxFull).then_some(1)
    }
}

/// The operator has given no project of Agora.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Video channels are not set up here")]
pub struct VideoNotSetUp;

impl Refusal for VideoNotSetUp {
    fn kind(&self) -> Kind {
        Kind::NotSetUp
    }

    fn code(&self) -> &'static str {
        "video_not_set_up"
    }
}
