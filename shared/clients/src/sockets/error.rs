//! Why nothing could be sent over a connection.

use aws_sdk_apigatewaymanagement::error::{DisplayErrorContext, SdkError};

#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// Forget the connection. API Gateway says so too before a connection is quite open.
    #[error("the connection is gone")]
    Gone,
    /// Over 128 KB.
    #[error("the message is too large")]
    TooLarge,
    /// Its client does not keep up, or we send too much at once.
    #[error("the connection takes nothing more now")]
    Busy,
    /// Nothing is known about the message: it may have arrived.
    #[error("API Gateway is unavailable: {0}")]
    Unavailable(String),
    /// Rights or the endpoint: tell an operator.
    #[error("API Gateway refuses our account: {0}")]
    Alarm(String),
}

impl PushError {
    /// By status: API Gateway leaves some of these answers without a body.
    pub(super) fn read<E>(error: &SdkError<E>) -> Self
    where
        E: std::error::Error + 'static,
    {
        let status = match error {
            SdkError::ServiceError(context) => context.raw().status().as_u16(),
            SdkError::ResponseError(context) => context.raw().status().as_u16(),
            _ => 0,
        };
        let text = || DisplayErrorContext(error).to_string();
        match status {
            410 => Self::Gone,
            413 => Self::TooLarge,
            429 => Self::Busy,
            400..500 => Self::Alarm(text()),
            _ => Self::Unavailable(text()),
        }
    }
}
