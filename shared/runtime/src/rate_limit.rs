//! Counts calls against the limits of their class, while the caller is being found.
//!
//! A caller is a person where a good token says so, else a network address; classes that guard credentials count
//! addresses only. When storage does not answer in time, ordinary calls pass uncounted and are reported in the log;
//! calls with credentials are refused, since guessing must not become free.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use data_encoding::HEXLOWER;
use domain::network;
use domain::rate_limit::{Allowance, Quota};
use http::header::{HeaderName, HeaderValue};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use store::limits::{self, Bucket, Spent};
use store::table::{ItemAction, Table};
use store::{Error, Usage};

use crate::answer::Answer;
use crate::context::Context;
use crate::endpoint::RateClass;
use crate::need::Need;
use crate::problem::Problem;
use crate::request::Incoming;

/// What came of counting one call.
#[derive(Default)]
pub(crate) struct Counted {
    /// None where the class is not counted, or could not be.
    pub allowance: Option<Allowance>,
    pub refusal: Option<Problem>,
    /// Why a call could not be counted, for the log.
    pub fault: Option<String>,
    pub usage: Usage,
}

impl RateClass {
    pub(crate) const fn needs(self) -> &'static [Need] {
        match self {
            RateClass::Free => &[],
            _ => &[Need::Items(Table::Limits, &[ItemAction::Update])],
        }
    }

    fn quota(self) -> Option<Quota> {
        match self {
            RateClass::Free => None,
            RateClass::Ordinary | RateClass::Credentials => Some(Quota::per_minute(60)),
            RateClass::OpenForm => Some(Quota::per_minute(10)),
            RateClass::Diagnosis => Some(Quota::per_minute(20)),
            RateClass::Pictures | RateClass::Devices | RateClass::Connections | RateClass::Signals => {
                Some(Quota::per_minute(600))
            }
            RateClass::Polling => Some(Quota::per_minute(120)),
            RateClass::Messages => Some(Quota::per_minute(300)),
        }
    }

    fn counts_addresses_only(self) -> bool {
        matches!(
            self,
            RateClass::Credentials
                | RateClass::OpenForm
                | RateClass::Pictures
                | RateClass::Devices
                | RateClass::Connections
        )
    }

    fn name(self) -> &'static str {
        match self {
            RateClass::Free => "free",
            RateClass::Ordinary => "ordinary",
            RateClass::Credentials => "credentials",
            RateClass::OpenForm => "open-form",
            RateClass::Diagnosis => "diagnosis",
            RateClass::Pictures => "pictures",
            RateClass::Polling => "polling",
            RateClass::Devices => "devices",
            RateClass::Connections => "connections",
            RateClass::Messages => "messages",
            RateClass::Signals => "signals",
        }
    }
}

pub(crate) async fn count(context: &Context, request: &Incoming, class: RateClass) -> Counted {
    count_as(context, caller(context, request, class), class).await
}

/// `caller`: told apart from all others.
pub(crate) async fn count_as(context: &Context, caller: String, class: RateClass) -> Counted {
    let Some(quota) = class.quota().filter(|_| context.platform.settings.web.rate_limits) else {
        return Counted::default();
    };
    let bucket = Bucket {
        caller_hash: hash(&caller),
        class: class.name(),
    };
    let memory = &context.platform.buckets;
    // A meter of its own: what a request needs is one figure, what guards it another.
    let store = context.platform.store();
    let spending = limits::spend(&store, &bucket, quota, context.now, memory.last(&bucket));
    let spent = tokio::time::timeout(context.platform.settings.web.limiter_patience, spending).await;
    let spent = spent.unwrap_or_else(|_| {
        Err(Error::Unavailable(
            "the limits' table did not answer in time".to_owned(),
        ))
    });
    let counted = match spent {
        Ok(Spent::Passed { full_at_micros }) => {
            memory.keep(bucket, full_at_micros, context.now);
            Counted {
                allowance: Some(quota.allowance(full_at_micros, context.now)),
                ..Counted::default()
            }
        }
        Ok(Spent::Refused { full_at_micros }) => {
            memory.keep(bucket, full_at_micros, context.now);
            Counted {
                allowance: Some(quota.allowance(full_at_micros, context.now)),
                refusal: Some(quota.exceeded(full_at_micros, context.now).into()),
                ..Counted::default()
            }
        }
        Err(error) => uncounted(class, &error),
    };
    Counted {
        usage: store.usage(),
        ..counted
    }
}

fn uncounted(class: RateClass, error: &Error) -> Counted {
    let fault = format!("the call could not be counted: {error}");
    let refusal = matches!(class, RateClass::Credentials).then(|| Problem::unavailable(fault.clone()));
    Counted {
        refusal,
        fault: Some(fault),
        ..Counted::default()
    }
}

fn caller(context: &Context, request: &Incoming, class: RateClass) -> String {
    let claims = request.claims(context).ok().filter(|_| !class.counts_addresses_only());
    match claims {
        Some(claims) => format!("user {}", claims.sub),
        None => by_address(context),
    }
}

/// Whoever is behind one network address.
pub(crate) fn by_address(context: &Context) -> String {
    format!("address {}", network::subscriber(&context.client.address))
}

/// Not reversible by a look at the table alone; it does not outlive the call by more than a few days.
fn hash(caller: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(caller)[..16])
}

/// Adds how the caller stands to whatever the answer is.
pub(crate) fn with_headers(mut answer: Answer, allowance: Option<Allowance>) -> Answer {
    let Some(Allowance {
        limit,
        remaining,
        reset_seconds,
    }) = allowance
    else {
        return answer;
    };
    let values = [
        ("ratelimit-limit", limit.to_string()),
        ("ratelimit-remaining", remaining.to_string()),
        ("ratelimit-reset", reset_seconds.to_string()),
        ("ratelimit-policy", format!("{limit};w=60")),
    ];
    for (name, value) in values {
        if let Ok(value) = HeaderValue::try_from(value) {
            answer.headers.insert(HeaderName::from_static(name), value);
        }
    }
    answer
}

/// The buckets that this process has seen lately, so that a busy one costs one update and a spent one none.
#[derive(Default)]
pub(crate) struct BucketMemory(Mutex<HashMap<Bucket, i64>>);

/// The local product serves everybody from one process; Lambda seldom sees more than a few callers.
const MOST: usize = 4096;

impl BucketMemory {
    fn last(&self, bucket: &Bucket) -> Option<i64> {
        let buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.get(bucket).copied()
    }

    fn keep(&self, bucket: Bucket, full_at_micros: i64, now: Timestamp) {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST {
            buckets.retain(|_, full_at| *full_at >= now.as_microsecond());
        }
        if buckets.len() < MOST {
            let latest = buckets.entry(bucket).or_insert(full_at_micros);
            *latest = full_at_micros.max(*latest);
        }
    }
}
