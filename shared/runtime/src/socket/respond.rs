//! The shell around every [`Socket`]: count and read the event at once, handle, answer, and one line of telemetry.
//!
//! Nothing here fails towards API Gateway: what goes wrong is said to the client as a message, or as the status of the
//! handshake.

use std::sync::Arc;
use std::time::Instant;

use domain::id::UserId;
use futures_util::future::{BoxFuture, join};
use serde_json::Value;

use super::answer::problem_message;
use super::event::Envelope;
use super::{Arrived, Socket, SocketAnswer, SocketEvent, SocketKind, SocketOutput};
use crate::context::{Context, Platform};
use crate::problem::Problem;
use crate::rate_limit::{self, Counted};
use crate::telemetry::{LimiterRecord, RequestRecord};

pub(crate) type RespondSocket = fn(Arc<Platform>, Value) -> BoxFuture<'static, Result<SocketAnswer, Problem>>;

/// Fails only where the event is not one.
pub(crate) async fn respond<S: Socket>(platform: Arc<Platform>, event: Value) -> Result<SocketAnswer, Problem> {
    let started = Instant::now();
    let arrived = Arrived::read(event)?;
    let context = Context::for_socket(&platform, &arrived);
    let who = match S::Event::KIND {
        SocketKind::Message => format!("connection {}", arrived.connection.as_str()),
        SocketKind::Opening | SocketKind::Closing => rate_limit::by_address(&context),
    };
    let counting = rate_limit::count_as(&context, who, S::RATE);
    let (mut counted, event) = join(counting, S::Event::read(&context, &arrived)).await;
    let user = event.as_ref().ok().and_then(SocketEvent::user);
    let outcome = match (counted.refusal.take(), event) {
        (Some(refusal), _) | (None, Err(refusal)) => Err(refusal),
        (None, Ok(event)) => S::handle(&context, event).await.and_then(SocketOutput::into_message),
    };
    let ending = Ending {
        function: S::NAME,
        kind: S::Event::KIND,
        user,
        started,
        counted,
    };
    Ok(finish(&context, &arrived, ending, outcome))
}

/// What is known of an event once it is done.
struct Ending {
    function: &'static str,
    kind: SocketKind,
    user: Option<UserId>,
    started: Instant,
    counted: Counted,
}

/// Everything that does not depend on the type: compiled once.
fn finish(
    context: &Context,
    arrived: &Arrived,
    ending: Ending,
    outcome: Result<Option<Value>, Problem>,
) -> SocketAnswer {
    let problem = outcome.as_ref().err();
    context.platform.telemetry.request(&RequestRecord {
        at: context.now,
        function: ending.function,
        request_id: &context.request_id,
        user: ending.user,
        method: "SOCKET",
        path: &arrived.route,
        status: problem.map_or(200, |problem| problem.status.as_u16()),
        problem: problem.map(|problem| problem.code),
        cause: problem.and_then(|problem| problem.cause.as_deref()),
        outer_fault: context.outer_fault.get().map(String::as_str),
        took: ending.started.elapsed(),
        usage: context.store.usage(),
        limiter: LimiterRecord {
            round_trips: ending.counted.usage.round_trips,
            fault: ending.counted.fault.as_deref(),
        },
    });
    match (ending.kind, outcome) {
        (SocketKind::Opening, Ok(_)) => SocketAnswer::connected(),
        (SocketKind::Opening | SocketKind::Closing, Err(problem)) => SocketAnswer::refused(problem.status),
        (SocketKind::Closing, Ok(_)) => SocketAnswer::said(None, None),
        (SocketKind::Message, outcome) => {
            let message = outcome.unwrap_or_else(|problem| Some(problem_message(problem, &context.request_id)));
            let envelope: Envelope = serde_json::from_str(&arrived.body).unwrap_or_default();
            SocketAnswer::said(message, envelope.id)
        }
    }
}
