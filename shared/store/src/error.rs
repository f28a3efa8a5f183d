//! What can go wrong between us and the data.

use aws_sdk_dynamodb::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use domain::refusal::{FieldError, Kind, Refusal};

use crate::MalformedCursor;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A write expected something that is not so. Holds the place of the write in its transaction, from 0.
    #[error("write {0} found something else than it expected")]
    ConditionFailed(usize),
    /// Others write the same items at this moment, or storage is throttled or away.
    #[error("storage is busy or away: {0}")]
    Unavailable(String),
    /// Others write the same items, however often it was tried.
    #[error("a transaction met others")]
    Contended,
    /// A cursor that is of no page of this list.
    #[error("cursor: {0}")]
    Cursor(#[from] MalformedCursor),
    /// Storage refused the call: our mistake.
    #[error("storage refused the call: {0}")]
    Rejected(String),
    /// An item is not what its type says: our mistake.
    #[error("an item cannot be read or written: {0}")]
    Malformed(#[from] serde_dynamo::Error),
    /// A sealed item was moved, changed, or sealed under a key that we do not have.
    #[error("a sealed item cannot be opened: {0}")]
    Sealed(&'static str),
}

impl Error {
    /// Maps a failed condition, which always means something to the caller, and passes the rest on.
    pub fn or_if_condition_failed<E: From<Error>>(self, meaning: impl FnOnce(usize) -> E) -> E {
        match self {
            Error::ConditionFailed(place) => meaning(place),
            other => E::from(other),
        }
    }

    pub(crate) fn from_sdk<E, R>(error: SdkError<E, R>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
        R: std::fmt::Debug,
    {
        let code = error.code().unwrap_or_default().to_owned();
        let text = DisplayErrorContext(&error).to_string();
        match code.as_str() {
            "ConditionalCheckFailedException" => Error::ConditionFailed(0),
            // S3: such an object is there, or is being written by somebody else.
            "PreconditionFailed" | "ConditionalRequestConflict" => Error::ConditionFailed(0),
            "ValidationException" | "ResourceNotFoundException" | "AccessDeniedException" | "AccessDenied" => {
                Error::Rejected(text)
            }
            // KMS: another key than the one that wrapped, or none at all.
            "NotFoundException" | "InvalidCiphertextException" | "IncorrectKeyException" => Error::Rejected(text),
            _ => Error::Unavailable(text),
        }
    }
}

impl Refusal for Error {
    fn kind(&self) -> Kind {
        match self {
            Error::ConditionFailed(_) => Kind::Conflict,
            Error::Unavailable(_) | Error::Contended => Kind::Unavailable,
            Error::Cursor(_) => Kind::Invalid,
            Error::Rejected(_) | Error::Malformed(_) | Error::Sealed(_) => Kind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Error::ConditionFailed(_) => "changed_meanwhile",
            Error::Unavailable(_) | Error::Contended => "storage_unavailable",
            Error::Cursor(_) => "validation_error",
            Error::Rejected(_) | Error::Malformed(_) | Error::Sealed(_) => "internal",
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Error::Cursor(malformed) => vec![FieldError::new("query", "cursor", "invalid", malformed)],
            _ => Vec::new(),
        }
    }
}

/// Why something could not be written: a rule refuses it, or the store fails.
#[derive(Debug, thiserror::Error)]
pub enum RefusedOr<R: Refusal> {
    #[error(transparent)]
    Refused(R),
    #[error(transparent)]
    Store(Error),
}

impl<R: Refusal> From<Error> for RefusedOr<R> {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

impl<R: Refusal> RefusedOr<R> {
    fn cause(&self) -> &dyn Refusal {
        match self {
            Self::Refused(refused) => refused,
            Self::Store(error) => error,
        }
    }
}

impl<R: Refusal> Refusal for RefusedOr<R> {
    fn kind(&self) -> Kind {
        self.cause().kind()
    }

    fn code(&self) -> &'static str {
        self.cause().code()
    }

    fn fields(&self) -> Vec<FieldError> {
        self.cause().fields()
    }

    fn retry_after_seconds(&self) -> Option<u64> {
        self.cause().retry_after_seconds()
    }

    fn members(&self) -> serde_json::Map<String, serde_json::Value> {
        self.cause().members()
    }
}
