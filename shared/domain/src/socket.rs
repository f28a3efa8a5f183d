//! The WebSocket API: who gets a connection, how one that broke is resumed, and what is listened to.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::id::{ConsultationId, SocketPlaceId, UserId};
use crate::refusal::{Kind, Refusal};

/// What clients name in `Sec-WebSocket-Protocol`: another version of the messages has another name.
pub const PROTOCOL: &str = "polyclinic.v1";

/// From asking for a ticket to connecting with it.
pub const TICKET_LIFE: SignedDuration = SignedDuration::from_secs(60);
/// API Gateway ends every connection after this, busy or not.
pub const CONNECTION_LIFE: SignedDuration = SignedDuration::from_hours(2);
/// How long whoever lost their connection may come back without a new ticket.
pub const RESUME_LIFE: SignedDuration = SignedDuration::from_mins(10);
/// API Gateway ends a connection on which nothing is said for ten minutes; networks between give up sooner.
pub const PING_SECONDS: u32 = 30;
/// Places that one person listens from at once; the oldest makes room.
pub const MOST_PLACES: usize = 10;
/// API Gateway carries no more in one message.
pub const LARGEST_MESSAGE_BYTES: usize = 128 * 1024;

/// What API Gateway calls a connection, such as `JKJaWcP9oAMCIQA=`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConnectionId(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not the name of a connection")]
pub struct MalformedConnectionId;

const LONGEST_CONNECTION_ID: usize = 128;

impl ConnectionId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ConnectionId {
    type Error = MalformedConnectionId;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_of_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=-_".contains(&byte);
        if text.is_empty() || text.len() > LONGEST_CONNECTION_ID || !text.bytes().all(is_of_base64) {
            return Err(MalformedConnectionId);
        }
        Ok(Self(text))
    }
}

impl From<ConnectionId> for String {
    fn from(id: ConnectionId) -> Self {
        id.0
    }
}

/// 256 random bits that open something. Shown to its owner only; a digest of it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct SocketSecret([u8; 32]);

/// SHA-256 of a secret of 256 random bits: nothing to guess, so nothing to make guessing slow for.
#[derive(Debug, Clone, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretDigest(String);

/// In constant time.
impl PartialEq for SecretDigest {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl SecretDigest {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl SocketSecret {
    /// `bytes` must come from the system's generator.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub fn text(&self) -> String {
        BASE64URL_NOPAD.encode(&self.0)
    }

    pub fn read(text: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        bytes.try_into().ok().map(Self)
    }

    pub fn digest(&self) -> SecretDigest {
        SecretDigest(HEXLOWER.encode(&Sha256::digest(self.0)))
    }
}

impl std::fmt::Debug for SocketSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

/// What a client comes back with: its place, and proof that it is its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResumeToken {
    pub place: SocketPlaceId,
    pub secret: SocketSecret,
}

impl ResumeToken {
    pub fn text(&self) -> String {
        format!("{}.{}", self.place, self.secret.text())
    }

    pub fn read(text: &str) -> Option<Self> {
        let (place, secret) = text.split_once('.')?;
        Some(Self {
            place: place.parse().ok()?,
            secret: SocketSecret::read(secret)?,
        })
    }
}

/// What can be listened to. Each channel has seats, and each seat one connection: whoever takes a seat later has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub enum Channel {
    /// What is for one person, wherever they are: a seat for each place that they listen from.
    User(UserId),
    /// A call: a seat for each who takes part.
    Consultation(ConsultationId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a channel, such as consultation/ and 24 hexadecimal digits")]
pub struct MalformedChannel;

impl std::fmt::Display for Channel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Channel::User(user) => write!(f, "user/{user}"),
            Channel::Consultation(id) => write!(f, "consultation/{id}"),
        }
    }
}

impl From<Channel> for String {
    fn from(channel: Channel) -> Self {
        channel.to_string()
    }
}

impl TryFrom<String> for Channel {
    type Error = MalformedChannel;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (kind, id) = text.split_once('/').ok_or(MalformedChannel)?;
        match kind {
            "user" => id.parse().map(Channel::User).map_err(|_| MalformedChannel),
            "consultation" => id.parse().map(Channel::Consultation).map_err(|_| MalformedChannel),
            _ => Err(MalformedChannel),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SocketRefused {
    #[error("The subprotocol must be {PROTOCOL}")]
    WrongProtocol,
    #[error("A ticket from POST /api/sockets/tickets is needed")]
    NoTicket,
    #[error("The ticket has been used or is over: ask for another")]
    TicketInvalid,
    #[error("The place cannot be resumed: connect with a ticket")]
    ResumeInvalid,
    #[error("This connection is over: connect again")]
    ConnectionOver,
    #[error("There is no such type of message")]
    UnknownType,
    #[error("A message is an object of JSON with a type")]
    MalformedMessage,
}

impl Refusal for SocketRefused {
    fn kind(&self) -> Kind {
        match self {
            SocketRefused::WrongProtocol | SocketRefused::UnknownType | SocketRefused::MalformedMessage => {
                Kind::BadRequest
            }
            SocketRefused::NoTicket
            | SocketRefused::TicketInvalid
            | SocketRefused::ResumeInvalid
            | SocketRefused::ConnectionOver => Kind::Unauthenticated,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            SocketRefused::WrongProtocol => "protocol_unsupported",
            SocketRefused::NoTicket => "ticket_missing",
            SocketRefused::TicketInvalid => "ticket_invalid",
            SocketRefused::ResumeInvalid => "resume_invalid",
            SocketRefused::ConnectionOver => "connection_over",
            SocketRefused::UnknownType => "message_type_unknown",
            SocketRefused::MalformedMessage => "message_malformed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    #[test]
    fn a_resume_token_survives_the_way_to_the_client_and_back() {
        let token = ResumeToken {
            place: SocketPlaceId::new(Timestamp::UNIX_EPOCH, [7; 6]),
            secret: SocketSecret::new([9; 32]),
        };
        assert_eq!(ResumeToken::read(&token.text()), Some(token.clone()));
        assert!(!format!("{token:?}").contains(&token.secret.text()));
        for text in ["", ".", "a.b", &token.text()[1..], &format!("{}A", token.text())] {
            assert_eq!(ResumeToken::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_channel_is_known_by_its_word() {
        let channel = Channel::Consultation(ConsultationId::new(Timestamp::UNIX_EPOCH, [1; 6]));
        assert_eq!(Channel::try_from(String::from(channel)), Ok(channel));
        for text in ["", "consultation", "consultation/", "consultation/x", "clinic/1"] {
            assert_eq!(Channel::try_from(text.to_owned()), Err(MalformedChannel), "{text}");
        }
    }

    #[test]
    fn names_of_connections_are_api_gateways() {
        for text in ["JKJaWcP9oAMCIQA=", "abc-_+/="] {
            assert_eq!(ConnectionId::try_from(text.to_owned()).unwrap().as_str(), text);
        }
        for text in ["", "a b", "a#b", &"a".repeat(129)] {
            assert!(ConnectionId::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
