//! The WebSocket API: connections that are opened, what is said over them, and what is sent without being asked.
//!
//! API Gateway holds the connections and calls a function for each thing that happens: somebody connects, says something
//! or is gone. A [`Socket`] is such a function, data beside one `handle` like an endpoint. What is said is an object of
//! JSON with a `type`, which is the route: each area takes the types that are its own. What the handler gives goes back
//! over the same connection; what others are to hear is pushed ([`crate::Context::push`]).

mod answer;
mod arrived;
mod event;
mod push;
mod respond;

use std::future::Future;

pub use answer::{Accepted, Reply, SocketAnswer, SocketOutput};
pub use arrived::Arrived;
pub use event::{Closing, Message, Opening, SocketEvent, Speaker};
pub use push::Listener;

pub(crate) use push::PushQueue;
pub(crate) use respond::{RespondSocket, respond};

use crate::context::Context;
use crate::endpoint::RateClass;
use crate::need::Need;
use crate::problem::Problem;

/// Somebody connects: the status of the answer decides whether they may.
pub const CONNECT: &str = "$connect";
/// Somebody is gone, as far as it is noticed.
pub const DISCONNECT: &str = "$disconnect";
/// What has no route of its own.
pub const DEFAULT: &str = "$default";

/// Which member of a message is the route.
pub const ROUTE_SELECTION: &str = "$request.body.type";

/// What happens, as far as a function cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SocketKind {
    Opening,
    Message,
    Closing,
}

/// One function behind the WebSocket API.
pub trait Socket: 'static {
    /// Verb first, with hyphens, unique in the product: `open-socket`.
    const NAME: &'static str;
    /// One sentence for the documentation.
    const SUMMARY: &'static str;
    /// [`CONNECT`], [`DISCONNECT`], or the types of messages that it takes.
    const ROUTES: &'static [&'static str];
    const RATE: RateClass = RateClass::Messages;
    /// Beyond what reading the event and counting it need.
    const NEEDS: &'static [Need] = &[];
    const MEMORY_MB: u16 = 256;
    /// API Gateway waits for 29 seconds.
    const TIMEOUT_SECONDS: u16 = 10;

    type Event: SocketEvent;
    type Output: SocketOutput;

    fn handle(context: &Context, event: Self::Event) -> impl Future<Output = Result<Self::Output, Problem>> + Send;
}
