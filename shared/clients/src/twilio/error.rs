//! What can go wrong with a code, named after what its sender should do about it.

use thiserror::Error;

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TwilioError {
    /// The settings cannot be used; only a person can repair them.
    #[error("the Twilio settings are unusable: {0}")]
    Settings(&'static str),
    /// The number, or the form of the code.
    #[error("Twilio does not take the number or the form of the code")]
    Invalid,
    #[error("the number is a landline, which gets no text messages")]
    Landline,
    /// By rules against fraud, or for this country.
    #[error("Twilio does not send to this number")]
    Blocked,
    /// Five wrong codes: nothing helps before the verification expires.
    #[error("all checks of this verification are used up")]
    TooManyChecks,
    /// Five messages within ten minutes: nothing helps before the verification expires.
    #[error("all messages of this verification are used up")]
    TooManySends,
    /// Nothing was sent.
    #[error("Twilio is asked too often")]
    Busy,
    /// Nothing was checked: the code is as good as before.
    #[error("Twilio is asked too often to check now")]
    NotChecked,
    /// The code may have been checked, and with that used up.
    #[error("it is not known whether the code was checked")]
    CheckLost,
    /// Nothing is known about a message: the same code may arrive twice.
    #[error("Twilio is unavailable")]
    Unavailable,
    /// Credentials, service or a switched-off feature. Holds Twilio's code, or the HTTP status.
    #[error("Twilio refuses our account or service: {0}")]
    Refused(u32),
    /// An answer that is not documented. Holds Twilio's code, or the HTTP status.
    #[error("Twilio gave an answer that is not documented: {0}")]
    Unexpected(u32),
}

/// What to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// Let the person look at what they typed.
    Correct,
    /// Offer a call instead of a text message.
    OfferCall,
    /// Say that this number cannot be used.
    Refuse,
    /// Let the person ask for a new code.
    AskForNewCode,
    /// Let the person try again in a while.
    Wait,
    /// The program may start again, once, after a short delay.
    TryAgain,
    /// Tell an operator.
    Alarm,
}

impl TwilioError {
    /// Whether a program may start once more. Never so after a check.
    pub fn may_retry(&self) -> bool {
        matches!(self, Self::Busy | Self::Unavailable)
    }

    pub fn advice(&self) -> Advice {
        match self {
            Self::Invalid => Advice::Correct,
            Self::Landline => Advice::OfferCall,
            Self::Blocked => Advice::Refuse,
            Self::CheckLost => Advice::AskForNewCode,
            Self::TooManyChecks | Self::TooManySends | Self::NotChecked => Advice::Wait,
            Self::Busy | Self::Unavailable => Advice::TryAgain,
            Self::Settings(_) | Self::Refused(_) | Self::Unexpected(_) => Advice::Alarm,
        }
    }
}
