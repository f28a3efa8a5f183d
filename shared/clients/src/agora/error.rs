//! Why no token is made.

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AgoraError {
    #[error("the App ID must be 32 hexadecimal digits")]
    AppId,
    #[error("the App Certificate must be 32 hexadecimal digits")]
    Certificate,
    #[error("a token needs a service")]
    NoService,
    /// A channel is 1 to 64 bytes of the characters that Agora takes.
    #[error("the channel's name is not one that Agora takes")]
    Channel,
    #[error("a part is longer than a token can say")]
    TooLong,
    #[error("the time does not fit a token")]
    Clock,
}
