//! Google's keys: fetched when needed, kept for as long as Google says.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use http::{Method, Request, Uri, header};
use http_body_util::Full;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use super::{FirebaseError, KeySet};
use crate::https::{self, Answer, Connections, HttpsClient};

const TIMEOUT: Duration = Duration::from_secs(2);
/// Whoever invents key ids can make us ask this often, and no oftener.
const BETWEEN_FETCHES: SignedDuration = SignedDuration::from_mins(1);
/// After a failure, so that callers do not queue up for one time-out each.
const AFTER_FAILURE: SignedDuration = SignedDuration::from_secs(5);
/// Bounds on what the answer says, so that a wrong header neither causes a fetch per token nor keeps keys for ever.
const LIFE_SECONDS: std::ops::RangeInclusive<i64> = 60..=86_400;

pub struct FirebaseKeys {
    https: HttpsClient,
    url: Uri,
    kept: RwLock<Option<Kept>>,
    /// Held while fetching. Whoever finds the key among the kept ones does not wait for it.
    attempt: Mutex<Attempt>,
}

#[derive(Clone)]
struct Kept {
    keys: Arc<KeySet>,
    until: Timestamp,
}

#[derive(Default)]
struct Attempt {
    at: Option<Timestamp>,
    failed: bool,
}

impl FirebaseKeys {
    pub fn new(url: &str) -> Result<Self, FirebaseError> {
        Ok(Self {
            https: HttpsClient::new(Connections::OnePerRequest).map_err(|_| FirebaseError::Settings("TLS"))?,
            url: https::url(url, "").ok_or(FirebaseError::Settings("the URL of the keys is no URL"))?,
            kept: RwLock::default(),
            attempt: Mutex::default(),
        })
    }

    /// The keys, with `key_id` among them if Google publishes it. Kept keys go on within their time when a fetch fails.
    pub async fn for_key(&self, key_id: &str, now: Timestamp) -> Result<Arc<KeySet>, FirebaseError> {
        if let Some(keys) = self.kept(now).filter(|keys| keys.has(key_id)) {
            return Ok(keys);
        }
        let mut attempt = self.attempt.lock().await;
        // Another caller may have fetched them meanwhile.
        let kept = self.kept(now);
        if let Some(keys) = &kept
            && (keys.has(key_id) || attempt.is_within(BETWEEN_FETCHES, now))
        {
            return Ok(keys.clone());
        }
        if attempt.failed && attempt.is_within(AFTER_FAILURE, now) {
            return Err(FirebaseError::Unavailable);
        }
        let fetched = self.fetch(now).await;
        *attempt = Attempt {
            at: Some(now),
            failed: fetched.is_none(),
        };
        match fetched {
            Some(fresh) => {
                let keys = fresh.keys.clone();
                *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(fresh);
                Ok(keys)
            }
            None => kept.ok_or(FirebaseError::Unavailable),
        }
    }

    fn kept(&self, now: Timestamp) -> Option<Arc<KeySet>> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref()
            .filter(|kept| now < kept.until)
            .map(|kept| kept.keys.clone())
    }

    async fn fetch(&self, now: Timestamp) -> Option<Kept> {
        let mut request = Request::new(Full::default());
        *request.method_mut() = Method::GET;
        *request.uri_mut() = self.url.clone();
        let answer = self.https.send(request, TIMEOUT).await.ok()?;
        if !answer.status.is_success() {
            return None;
        }
        let keys = KeySet::from_jwks(&answer.body)?;
        Some(Kept {
            keys: Arc::new(keys),
            until: now + SignedDuration::from_secs(life_seconds(&answer)),
        })
    }
}

impl Attempt {
    fn is_within(&self, time: SignedDuration, now: Timestamp) -> bool {
        self.at.is_some_and(|at| now.duration_since(at) < time)
    }
}

/// `max-age`, less the time the answer spent in caches on the way.
fn life_seconds(answer: &Answer) -> i64 {
    let directives = answer.header(header::CACHE_CONTROL).unwrap_or_default();
    let max_age = directives.split(',').find_map(|directive| {
        let (name, value) = directive.trim().split_once('=')?;
        let is_max_age = name.eq_ignore_ascii_case("max-age");
        is_max_age.then(|| value.trim_matches('"').parse::<i64>().ok())?
    });
    let age = answer
        .header(header::AGE)
        .and_then(|age| age.trim().parse::<i64>().ok());
    let left = max_age.unwrap_or(0).saturating_sub(age.unwrap_or(0).max(0));
    left.clamp(*LIFE_SECONDS.start(), *LIFE_SECONDS.end())
}
