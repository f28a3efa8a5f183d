//! Why a try failed, and whether another may do better.

use clients::fcm::FcmError;
use clients::mail::MailError;
use clients::sns::SnsError;
use clients::twilio::{Advice, TwilioError};
use runtime::Problem;
use store::outbox::Reason;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failure {
    pub reason: Reason,
    /// What an operator repairs passes too: credentials, a provider's account.
    pub may_pass: bool,
}

impl Failure {
    pub fn passing(reason: Reason) -> Self {
        Self { reason, may_pass: true }
    }

    pub fn lasting(reason: Reason) -> Self {
        Self {
            reason,
            may_pass: false,
        }
    }

    pub fn of_text_message(error: &SnsError) -> Self {
        match error {
            SnsError::Unavailable => Self::passing(Reason::TextMessageUnavailable),
            SnsError::Alarm(_) => Self::passing(Reason::NotSetUp),
            SnsError::TokenGone | SnsError::Unwritable(_) | SnsError::Invalid => {
                Self::lasting(Reason::TextMessageRefused)
            }
        }
    }

    /// Of a device that is still there.
    pub fn of_sns_push(error: &SnsError) -> Self {
        match error {
            SnsError::Unavailable => Self::passing(Reason::PushUnavailable),
            SnsError::Alarm(_) => Self::passing(Reason::NotSetUp),
            SnsError::TokenGone | SnsError::Unwritable(_) | SnsError::Invalid => Self::lasting(Reason::PushRefused),
        }
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Unavailable(_) => Self::passing(Reason::StorageUnavailable),
            _ => Self::passing(Reason::Unexpected),
        }
    }
}

/// Of settings and secrets.
impl From<Problem> for Failure {
    fn from(_: Problem) -> Self {
        Self::passing(Reason::NotSetUp)
    }
}

impl From<MailError> for Failure {
    fn from(error: MailError) -> Self {
        match error {
            MailError::Unavailable(_) | MailError::TimedOut => Self::passing(Reason::MailUnavailable),
            MailError::Settings(_) => Self::passing(Reason::NotSetUp),
            MailError::Malformed(_) | MailError::Refused(_) => Self::lasting(Reason::MailRefused),
        }
    }
}

/// Of a device that is still there.
impl From<FcmError> for Failure {
    fn from(error: FcmError) -> Self {
        match error {
            FcmError::Quota { .. } | FcmError::Unavailable { .. } => Self::passing(Reason::PushUnavailable),
            FcmError::Settings(_) | FcmError::Alarm(_) => Self::passing(Reason::NotSetUp),
            FcmError::TokenGone | FcmError::Unwritable(_) | FcmError::Malformed => Self::lasting(Reason::PushRefused),
        }
    }
}

impl From<TwilioError> for Failure {
    fn from(error: TwilioError) -> Self {
        match error.advice() {
            Advice::TryAgain | Advice::Wait => Self::passing(Reason::VerificationUnavailable),
            Advice::Alarm => Self::passing(Reason::NotSetUp),
            Advice::Correct | Advice::OfferCall | Advice::Refuse | Advice::AskForNewCode => {
                Self::lasting(Reason::VerificationRefused)
            }
        }
    }
}
