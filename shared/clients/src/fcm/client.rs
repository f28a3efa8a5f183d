//! Hands a push to FCM and says whether it was taken.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{Uri, header};
use serde_json::{Value, json};

use super::access_token::AccessTokens;
use super::answer::{Refusal, refusal};
use super::service_account::ServiceAccount;
use super::{FcmError, FcmSettings};
use crate::clock::Clock;
use crate::https::{self, Answer, Connections, HttpsClient};
use crate::push::PushMessage;

/// Google asks for at least ten seconds.
const TIMEOUT: Duration = Duration::from_secs(10);
const MAX_BYTES: usize = 4_096;
const MAX_TOPIC_BYTES: usize = 2_048;

/// Whom a push goes to. Topics are for everyone who knows their name: never for what concerns one person.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Target<'a> {
    /// One app on one phone.
    Token(&'a str),
    /// Without `/topics/` before it.
    Topic(&'a str),
}

impl fmt::Debug for Target<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(_) => f.write_str("Token([redacted])"),
            Self::Topic(name) => f.debug_tuple("Topic").field(name).finish(),
        }
    }
}

/// Cheap to clone; all clones share one access token.
#[derive(Clone)]
pub struct FcmClient {
    https: HttpsClient,
    tokens: Arc<AccessTokens>,
    url: Uri,
    clock: Clock,
}

impl FcmClient {
    pub fn new(settings: &FcmSettings) -> Result<Self, FcmError> {
        let account = ServiceAccount::read(&settings.service_account_json)?;
        let token_url = settings.token_url.as_deref().unwrap_or(&account.token_uri);
        let token_url = https::url(token_url, "").ok_or(FcmError::Settings("the token URL is no URL"))?;
        let path = format!("/v1/projects/{}/messages:send", account.project_id);
        Ok(Self {
            https: HttpsClient::new(Connections::Kept).map_err(|_| FcmError::Settings("TLS"))?,
            url: https::url(&settings.base_url, &path).ok_or(FcmError::Settings("the base URL is no URL"))?,
            tokens: Arc::new(AccessTokens::new(account, token_url)),
            clock: Clock::default(),
        })
    }

    /// By another clock than the system's.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    pub async fn send(&self, target: Target<'_>, message: &PushMessage) -> Result<(), FcmError> {
        let body = write(target, message)?;
        let to_token = matches!(target, Target::Token(_));
        // An access token can be revoked before its end, so a refused one is renewed, once.
        for _ in 0..2 {
            let token = self.tokens.get(&self.https, self.clock.now()).await?;
            let answer = self.post(&body, &token).await?;
            if answer.status.is_success() {
                return Ok(());
            }
            match refusal(&answer, to_token, self.clock.now()) {
                Refusal::AccessToken => self.tokens.forget(&token).await,
                Refusal::Final(error) => return Err(error),
            }
        }
        Err(FcmError::Alarm("fresh access tokens are refused"))
    }

    async fn post(&self, body: &Value, token: &str) -> Result<Answer, FcmError> {
        let bearer = https::secret_header(&format!("Bearer {token}"));
        let bearer = bearer.ok_or(FcmError::Alarm("the access token is not printable"))?;
        let mut request = https::json(&self.url, body);
        request.headers_mut().insert(header::AUTHORIZATION, bearer);
        let answer = self.https.send(request, TIMEOUT).await;
        answer.map_err(|_| FcmError::unavailable())
    }
}

fn write(target: Target<'_>, message: &PushMessage) -> Result<Value, FcmError> {
    let (name, value, max_bytes) = match target {
        Target::Token("") => return Err(FcmError::TokenGone),
        Target::Token(token) => ("token", token, MAX_BYTES),
        Target::Topic(topic) if is_topic(topic) => ("topic", topic, MAX_TOPIC_BYTES),
        Target::Topic(_) => return Err(FcmError::Malformed),
    };
    message.check(max_bytes)?;
    let mut members = serde_json::Map::from_iter([(name.to_owned(), Value::from(value))]);
    members.extend(message.members());
    Ok(json!({ "message": members }))
}

pub(super) fn is_topic(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~%".contains(&byte);
    !name.is_empty() && name.bytes().all(plain)
}
