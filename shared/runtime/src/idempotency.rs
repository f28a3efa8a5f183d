//! Requests that carry an `Idempotency-Key` are carried out once, however often they come.
//!
//! The handler's writes are held back until its answer is known; then the writes and the answer are committed in one
//! transaction. There is no moment at which the effect is there and its answer is not. The handler knows nothing of
//! it; see `store::ledger` for what it reads meanwhile, and what happens when a condition of a write does not hold.

use std::time::{Duration, Instant};

use data_encoding::HEXLOWER;
use domain::idempotency::{IdempotencyKey, IdempotencyRefused};
use domain::network;
use futures_util::future::BoxFuture;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Method, StatusCode};
use sha2::{Digest, Sha256};
use store::ledger::{self, Kept, NotCommitted, Reply, Request};
use store::table::{ItemAction, Table};

use crate::answer::Answer;
use crate::callers::Caller;
use crate::context::Context;
use crate::endpoint::Route;
use crate::need::Need;
use crate::problem::Problem;
use crate::request::Incoming;

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
/// On an answer that was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// What becomes of a POST that comes again with its `Idempotency-Key`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// It is answered as it was the first time.
    Replayed,
    /// It is handled once more, key or not. Says why that is right.
    HandledAgain(&'static str),
}

impl Retry {
    /// What keeping answers needs, beyond the writes themselves.
    pub(crate) fn needs(self, routes: &[Route]) -> &'static [Need] {
        match self.takes_keys(routes) {
            true => &[
                Need::Items(Table::Ledger, &[ItemAction::Get, ItemAction::Put]),
                Need::FieldKeys,
            ],
            false => &[],
        }
    }

    pub fn takes_keys(self, routes: &[Route]) -> bool {
        self == Retry::Replayed && routes.iter().any(|route| route.method == Method::POST)
    }
}

/// The key of a request that it has any use for.
pub(crate) fn key(request: &Incoming, retry: Retry) -> Result<Option<IdempotencyKey>, IdempotencyRefused> {
    if retry != Retry::Replayed || request.method != Method::POST {
        return Ok(None);
    }
    let Some(header) = request.headers.get(HEADER) else {
        return Ok(None);
    };
    let text = header.to_str().map_err(|_| IdempotencyRefused::Malformed)?;
    text.parse().map(Some)
}

/// The request as one that may come again. Whoever is nobody in particular is the network they call from.
pub(crate) fn identify<C: Caller>(context: &Context, caller: &C, key: &IdempotencyKey, request: &Incoming) -> Request {
    let who = caller.name();
    let who = who.unwrap_or_else(|| format!("address {}", network::subscriber(&context.client.address)));
    Request {
        hash: hash(&[who.as_bytes(), key.as_str().as_bytes()]),
        fingerprint: fingerprint(request),
    }
}

/// How long a request is handled anew because others were between, of the time that its function has.
pub(crate) fn patience(timeout_seconds: u16) -> Duration {
    Duration::from_secs(u64::from(timeout_seconds)) * 3 / 5
}

/// Compiled once for all endpoints. `handle` handles the request from its beginning, each time it is called.
pub(crate) async fn once<'a>(
    context: &Context,
    request: &Request,
    patience: Duration,
    handle: &(dyn Fn() -> BoxFuture<'a, Result<Answer, Problem>> + Sync),
) -> Result<Answer, Problem> {
    if let Some(kept) = ledger::find(&context.store, request, context.now).await? {
        return replay(request, kept);
    }
    let (since, mut attempt) = (Instant::now(), 0);
    loop {
        ledger::begin(&context.store);
        context.forget_pushes();
        match end(context, request, handle().await).await? {
            Ending::Kept(answer) => {
                context.carry_out_pushes().await;
                return Ok(answer);
            }
            Ending::Again if since.elapsed() < patience => ledger::wait(attempt).await,
            Ending::Again => return Err(Problem::unavailable("a request with a key kept meeting others")),
            Ending::NotKept(outcome) => {
                if let Some(kept) = ledger::find(&context.store, request, context.now).await? {
                    return replay(request, kept);
                }
                if outcome.is_ok() {
                    context.carry_out_pushes().await;
                }
                return *outcome;
            }
        }
        attempt += 1;
    }
}

/// What came of handling a request once.
enum Ending {
    Kept(Answer),
    /// This is the answer, unless another request with the key was faster: it may be the very reason for a refusal.
    NotKept(Box<Result<Answer, Problem>>),
    /// Something was not as the request found it: nothing has happened.
    Again,
}

async fn end(context: &Context, request: &Request, outcome: Result<Answer, Problem>) -> Result<Ending, Problem> {
    let (store, now) = (&context.store, context.now);
    let not_kept = |outcome| Ok(Ending::NotKept(Box::new(outcome)));
    let committed = match &outcome {
        Ok(_) if !ledger::has_writes(store) => return not_kept(outcome),
        Ok(answer) => ledger::commit(store, Some((request, &reply(answer)?)), now).await,
        Err(problem) if problem.status.is_server_error() => {
            ledger::discard(store).await?;
            return not_kept(outcome);
        }
        // What is refused may have been counted and noted.
        Err(_) => ledger::commit(store, None, now).await,
    };
    match (committed, outcome) {
        (Ok(()), Ok(answer)) => {
            if let Err(error) = ledger::finish(store).await {
                context.note_file_stays(&error);
            }
            Ok(Ending::Kept(answer))
        }
        (Ok(()), refused) => not_kept(refused),
        // Whether it has happened is not known: then its own answer is there.
        (Err(NotCommitted::Store(error)), _) => not_kept(Err(error.into())),
        (Err(NotCommitted::Taken), _) => {
            ledger::discard(store).await?;
            not_kept(Err(Problem::unavailable("a kept answer came and went")))
        }
        (Err(NotCommitted::Again), _) => {
            ledger::discard(store).await?;
            Ok(Ending::Again)
        }
    }
}

fn reply(answer: &Answer) -> Result<Reply, Problem> {
    let unreadable = |error: String| Problem::internal(format!("an answer cannot be kept: {error}"));
    let text = |value: &HeaderValue| {
        value
            .to_str()
            .map(str::to_owned)
            .map_err(|error| unreadable(error.to_string()))
    };
    let headers = answer
        .headers
        .iter()
        .map(|(name, value)| Ok((name.as_str().to_owned(), text(value)?)));
    Ok(Reply {
        status: answer.status.as_u16(),
        headers: headers.collect::<Result<_, Problem>>()?,
        body: std::str::from_utf8(&answer.body)
            .map_err(|error| unreadable(error.to_string()))?
            .to_owned(),
    })
}

fn replay(request: &Request, kept: Kept) -> Result<Answer, Problem> {
    if kept.fingerprint != request.fingerprint {
        return Err(IdempotencyRefused::OtherRequest.into());
    }
    let malformed = |error: http::Error| Problem::internal(format!("a kept answer is malformed: {error}"));
    let Reply { status, headers, body } = kept.reply;
    let status = StatusCode::from_u16(status).map_err(|error| malformed(error.into()))?;
    let mut answer = Answer {
        body: body.into(),
        ..Answer::empty(status)
    };
    for (name, value) in headers {
        let name = HeaderName::try_from(name).map_err(|error| malformed(error.into()))?;
        let value = HeaderValue::try_from(value).map_err(|error| malformed(error.into()))?;
        answer.headers.append(name, value);
    }
    Ok(answer.with(REPLAYED, HeaderValue::from_static("true")))
}

/// Method and address as well: a key belongs to one thing that is wanted.
fn fingerprint(request: &Incoming) -> String {
    let target = [request.method.as_str(), &request.path, &request.query];
    let mut parts: Vec<&[u8]> = target.iter().map(|text| text.as_bytes()).collect();
    let content_type = request.header(&CONTENT_TYPE).unwrap_or_default();
    match multer::parse_boundary(content_type) {
        // Clients draw a new boundary each time they send a form.
        Ok(boundary) if !boundary.is_empty() => parts.extend(between(&request.body, boundary.as_bytes())),
        _ => parts.push(&request.body),
    }
    hash(&parts)
}

fn between<'a>(mut bytes: &'a [u8], separator: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    while let Some(place) = bytes.windows(separator.len()).position(|window| window == separator) {
        parts.push(&bytes[..place]);
        bytes = &bytes[place + separator.len()..];
    }
    parts.push(bytes);
    parts
}

/// Each part with its length before it, so that no two lists look alike.
fn hash(parts: &[&[u8]]) -> String {
    let mut sha256 = Sha256::new();
    for part in parts {
        sha256.update(part.len().to_be_bytes());
        sha256.update(part);
    }
    HEXLOWER.encode(&sha256.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boundary_does_not_count() {
        let parts = between(b"--XY\r\nfile\r\n--XY--", b"XY");
        assert_eq!(parts, [b"--".as_slice(), b"\r\nfile\r\n--", b"--"]);
        assert_eq!(parts, between(b"--Z\r\nfile\r\n--Z--", b"Z"));
    }

    #[test]
    fn lists_that_join_alike_are_not_alike() {
        assert_ne!(hash(&[b"ab", b"c"]), hash(&[b"a", b"bc"]));
    }
}
