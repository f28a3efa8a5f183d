//! The shell around every endpoint: find the caller and count the call at once, read the input, handle, answer; then
//! headers, compression and one line of telemetry.

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use domain::id::UserId;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::future::join;
use http::StatusCode;
use http::header::{self, HeaderName, HeaderValue};

use crate::answer::{Answer, Output};
use crate::callers::Caller;
use crate::context::{Context, Platform};
use crate::endpoint::Endpoint;
use crate::idempotency;
use crate::input::Input;
use crate::problem::Problem;
use crate::rate_limit::{self, Counted};
use crate::request::Incoming;
use crate::telemetry::{LimiterRecord, RequestRecord};

/// Below this, compression costs more than it saves.
const COMPRESS_FROM_BYTES: usize = 500;

pub(crate) async fn respond<E: Endpoint>(platform: Arc<Platform>, request: Incoming) -> Answer {
    let started = Instant::now();
    let context = Context::for_request(&platform, &request, E::ROUTES);
    let counting = rate_limit::count(&context, &request, E::RATE);
    let (mut counted, caller) = join(counting, E::Caller::identify(&context, &request)).await;
    let user = caller.as_ref().ok().and_then(Caller::user);
    let outcome = match counted.refusal.take() {
        Some(refusal) => Err(refusal),
        None => run::<E>(&context, &request, caller).await,
    };
    let ending = Ending {
        user,
        took: started.elapsed(),
        counted,
    };
    finish(&context, &request, E::NAME, ending, outcome)
}

async fn run<E: Endpoint>(
    context: &Context,
    request: &Incoming,
    caller: Result<E::Caller, Problem>,
) -> Result<Answer, Problem> {
    let caller = caller?;
    let Some(key) = idempotency::key(request, E::RETRY)? else {
        return handle::<E>(context, request, caller).await;
    };
    let again = idempotency::identify(context, &caller, &key, request);
    idempotency::once(context, &again, idempotency::patience(E::TIMEOUT_SECONDS), &|| {
        Box::pin(handle::<E>(context, request, caller.clone()))
    })
    .await
}

async fn handle<E: Endpoint>(context: &Context, request: &Incoming, caller: E::Caller) -> Result<Answer, Problem> {
    let input = E::Input::read(request).await?;
    E::handle(context, caller, input).await?.into_answer()
}

/// What is known of a request once it is done.
struct Ending {
    user: Option<UserId>,
    took: Duration,
    counted: Counted,
}

/// Everything that does not depend on the endpoint's type: compiled once.
fn finish(
    context: &Context,
    request: &Incoming,
    function: &'static str,
    ending: Ending,
    outcome: Result<Answer, Problem>,
) -> Answer {
    let Ending { user, took, counted } = ending;
    let mut problem_code = None;
    let mut cause = None;
    let answer = outcome.unwrap_or_else(|mut problem| {
        crate::dialect::reword(&mut problem, context.product, &request.path);
        problem_code = Some(problem.code);
        cause = problem.cause.take();
        problem_answer(problem, &context.request_id)
    });
    context.platform.telemetry.request(&RequestRecord {
        at: context.now,
        function,
        request_id: &context.request_id,
        user,
        method: request.method.as_str(),
        path: &request.path,
        status: answer.status.as_u16(),
        problem: problem_code,
        cause: cause.as_deref(),
        outer_fault: context.outer_fault.get().map(String::as_str),
        took,
        usage: context.store.usage(),
        limiter: LimiterRecord {
            round_trips: counted.usage.round_trips,
            fault: counted.fault.as_deref(),
        },
    });
    let answer = rate_limit::with_headers(compress(answer, request), counted.allowance);
    with_common_headers(answer, &context.request_id, took)
}

fn problem_answer(problem: Problem, request_id: &str) -> Answer {
    let status = problem.status;
    let allow = problem.allow.clone();
    let challenge = problem.challenge.header();
    let retry_after = problem.retry_after_seconds;
    let body = serde_json::to_vec(&problem.into_body(request_id)).unwrap_or_default();
    let mut answer = Answer::new(status, "application/problem+json", body);
    if status == StatusCode::UNAUTHORIZED {
        answer = answer.with(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    }
    if let Some(seconds) = retry_after {
        answer = answer.with(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    match allow.and_then(|methods| HeaderValue::try_from(methods).ok()) {
        Some(methods) => answer.with(header::ALLOW, methods),
        None => answer,
    }
}

fn compress(mut answer: Answer, request: &Incoming) -> Answer {
    let content_type = answer
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let is_json = content_type.is_some_and(|text| text.starts_with("application/") && text.ends_with("json"));
    let accepts = request.header(&header::ACCEPT_ENCODING).is_some_and(accepts_gzip);
    if !is_json || !accepts || answer.body.len() < COMPRESS_FROM_BYTES {
        return answer;
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    if let Ok(compressed) = encoder.write_all(&answer.body).and_then(|()| encoder.finish()) {
        answer.body = Bytes::from(compressed);
        answer
            .headers
            .insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        answer
            .headers
            .insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    }
    answer
}

fn accepts_gzip(accept_encoding: &str) -> bool {
    accept_encoding.split(',').any(|part| {
        let mut words = part.split(';').map(str::trim);
        words.next() == Some("gzip") && words.next() != Some("q=0")
    })
}

fn with_common_headers(mut answer: Answer, request_id: &str, took: Duration) -> Answer {
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in fixed {
        answer.headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    let varying = [
        (HeaderName::from_static("x-request-id"), request_id.to_owned()),
        (
            HeaderName::from_static("x-process-time"),
            format!("{:.6}", took.as_secs_f64()),
        ),
    ];
    for (name, value) in varying {
        if let Ok(value) = HeaderValue::try_from(value) {
            answer.headers.insert(name, value);
        }
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_used_only_where_it_is_wanted() {
        assert!(accepts_gzip("gzip"));
        assert!(accepts_gzip("br, gzip;q=0.5"));
        assert!(!accepts_gzip("br"));
        assert!(!accepts_gzip("gzip;q=0"));
        assert!(!accepts_gzip(""));
    }
}
