//! The OAuth 2 access token: asked for once, kept, and renewed by one caller at a time.

use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::FcmError;
use super::service_account::ServiceAccount;
use crate::https::{self, Answer, HttpsClient};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const TIMEOUT: Duration = Duration::from_secs(8);
/// How long before its end a token is renewed.
const RENEWAL: SignedDuration = SignedDuration::from_mins(5);
const MAX_LIFE: i64 = 3_600;

pub(super) struct AccessTokens {
    account: ServiceAccount,
    url: Uri,
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    token: Arc<str>,
    ends_at: Timestamp,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: i64,
}

impl AccessTokens {
    pub fn new(account: ServiceAccount, url: Uri) -> Self {
        Self {
            account,
            url,
            kept: Mutex::default(),
        }
    }

    /// While a renewal fails, a token goes on to its end.
    pub async fn get(&self, https: &HttpsClient, now: Timestamp) -> Result<Arc<str>, FcmError> {
        let mut kept = self.kept.lock().await;
        let left = kept.as_ref().map(|kept| kept.ends_at.duration_since(now));
        let valid = kept.as_ref().map(|kept| kept.token.clone());
        match (valid, left) {
            (Some(token), Some(left)) if left > RENEWAL => Ok(token),
            (valid, left) => match self.renew(https, now).await {
                Ok(fresh) => Ok(kept.insert(fresh).token.clone()),
                Err(error) => valid
                    .filter(|_| left.is_some_and(|left| left.is_positive()))
                    .ok_or(error),
            },
        }
    }

    /// After it was refused. One that another caller has renewed meanwhile stays.
    pub async fn forget(&self, token: &str) {
        let mut kept = self.kept.lock().await;
        kept.take_if(|kept| &*kept.token == token);
    }

    async fn renew(&self, https: &HttpsClient, now: Timestamp) -> Result<Kept, FcmError> {
        let assertion = self.account.assertion(now)?;
        let request = https::form(&self.url, &[("grant_type", GRANT), ("assertion", &assertion)]);
        let answer = https.send(request, TIMEOUT).await;
        let answer = answer.map_err(|_| FcmError::unavailable())?;
        if !answer.status.is_success() {
            return Err(refused(&answer, now));
        }
        let granted: Granted = answer.json().ok_or_else(FcmError::unavailable)?;
        let life = SignedDuration::from_secs(granted.expires_in.clamp(0, MAX_LIFE));
        Ok(Kept {
            token: granted.access_token.into(),
            ends_at: now + life,
        })
    }
}

fn refused(answer: &Answer, now: Timestamp) -> FcmError {
    match answer.status.as_u16() {
        429 | 500.. => FcmError::Unavailable {
            retry_after: super::answer::retry_after(answer, now),
        },
        _ => FcmError::Alarm("the service account gets no access token: its key was revoked, or our clock is wrong"),
    }
}
