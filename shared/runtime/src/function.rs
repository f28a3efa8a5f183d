//! An endpoint or a worker with its type erased: what a binary serves, and what the lists hold.
//!
//! Each endpoint's library names its `Function` in a static, so that generic code is compiled once there and a
//! binary is only a link step.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use store::bucket::Bucket;
use store::table::{ItemAction, Table};

use crate::answer::Answer;
use crate::callers::{Access, Caller};
use crate::context::Platform;
use crate::endpoint::{Endpoint, RateClass, Route};
use crate::idempotency::Retry;
use crate::need::Need;
use crate::openapi::Describe;
use crate::problem::Problem;
use crate::request::Incoming;
use crate::socket::{RespondSocket, Socket, SocketEvent, SocketKind};
use crate::worker::{Batch, Worker};

/// One deployed Lambda function.
pub struct Function {
    pub name: &'static str,
    pub summary: &'static str,
    pub needs: &'static [Need],
    /// What finding out the caller needs.
    pub caller_needs: &'static [Need],
    /// What its rate limit needs.
    pub limit_needs: &'static [Need],
    /// What leaving a trace needs.
    pub audit_needs: &'static [Need],
    pub memory_mb: u16,
    pub timeout_seconds: u16,
    pub work: Work,
    pub(crate) prepare: fn(&Platform) -> Result<(), Problem>,
}

/// What sets a function off.
pub enum Work {
    Requests {
        routes: &'static [Route],
        access: Access,
        rate: RateClass,
        health_data: bool,
        retry: Retry,
        respond: Respond,
    },
    Events {
        trigger: Trigger,
        run: Run,
    },
    /// Of the WebSocket API.
    Sockets {
        routes: &'static [&'static str],
        kind: SocketKind,
        rate: RateClass,
        respond: RespondSocket,
    },
}

/// An event source of a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// Items put into a table, by its stream; failed ones are handed over again.
    NewItems(Table),
    /// Objects put into a bucket.
    NewObjects(Bucket),
    /// Time: every so many minutes.
    Schedule { minutes: u16 },
}

/// An errand of the outbox.
const LEAVES_TRACE: &[Need] = &[Need::Items(Table::Notifications, &[ItemAction::Put])];

pub(crate) type Respond = fn(Arc<Platform>, Incoming) -> BoxFuture<'static, Answer>;
pub(crate) type Run = fn(Arc<Platform>, serde_json::Value) -> BoxFuture<'static, Result<Batch, Problem>>;

impl Function {
    pub const fn endpoint<E: Endpoint>() -> Self {
        Self {
            name: E::NAME,
            summary: E::SUMMARY,
            needs: E::NEEDS,
            caller_needs: E::Caller::NEEDS,
            limit_needs: E::RATE.needs(),
            audit_needs: if E::HEALTH_DATA { LEAVES_TRACE } else { &[] },
            memory_mb: E::MEMORY_MB,
            timeout_seconds: E::TIMEOUT_SECONDS,
            work: Work::Requests {
                routes: E::ROUTES,
                access: E::Caller::ACCESS,
                rate: E::RATE,
                health_data: E::HEALTH_DATA,
                retry: E::RETRY,
                respond: |platform, request| Box::pin(crate::respond::respond::<E>(platform, request)),
            },
            prepare: E::prepare,
        }
    }

    pub const fn worker<W: Worker>() -> Self {
        Self {
            name: W::NAME,
            summary: W::SUMMARY,
            needs: W::NEEDS,
            caller_needs: &[],
            limit_needs: &[],
            audit_needs: &[],
            memory_mb: W::MEMORY_MB,
            timeout_seconds: W::TIMEOUT_SECONDS,
            work: Work::Events {
                trigger: W::TRIGGER,
                run: |platform, event| Box::pin(crate::worker::run::<W>(platform, event)),
            },
            prepare: |_| Ok(()),
        }
    }

    pub const fn socket<S: Socket>() -> Self {
        Self {
            name: S::NAME,
            summary: S::SUMMARY,
            needs: S::NEEDS,
            caller_needs: S::Event::NEEDS,
            limit_needs: S::RATE.needs(),
            audit_needs: &[],
            memory_mb: S::MEMORY_MB,
            timeout_seconds: S::TIMEOUT_SECONDS,
            work: Work::Sockets {
                routes: S::ROUTES,
                kind: S::Event::KIND,
                rate: S::RATE,
                respond: |platform, event| Box::pin(crate::socket::respond::<S>(platform, event)),
            },
            prepare: |_| Ok(()),
        }
    }

    /// What keeping answers needs.
    fn ledger_needs(&self) -> &'static [Need] {
        match self.work {
            Work::Requests { routes, retry, .. } => retry.needs(routes),
            Work::Events { .. } | Work::Sockets { .. } => &[],
        }
    }

    pub fn all_needs(&self) -> impl Iterator<Item = &'static Need> {
        let derived = self.caller_needs.iter().chain(self.limit_needs);
        derived
            .chain(self.audit_needs)
            .chain(self.ledger_needs())
            .chain(self.needs)
    }
}

/// A function as its area lists it, with what documentation is made from. Binaries name the `Function` only, so
/// schemas are not linked into them.
pub struct Listing {
    pub function: &'static Function,
    pub describe: fn(&mut Describe),
}

/// All functions of one area of the product.
pub struct Area {
    pub name: &'static str,
    pub functions: &'static [Listing],
}

impl Listing {
    pub const fn endpoint<E: Endpoint>(function: &'static Function) -> Self {
        Self {
            function,
            describe: crate::openapi::describe::<E>,
        }
    }

    pub const fn worker<W: Worker>(function: &'static Function) -> Self {
        Self {
            function,
            describe: |_| (),
        }
    }

    pub const fn socket<S: Socket>(function: &'static Function) -> Self {
        Self {
            function,
            describe: |_| (),
        }
    }
}

/// The one list of an area: `area!("identity", endpoints: [sign_up::SignUp], workers: [])`, with `sockets: [..]` where it
/// has a part in the WebSocket API. Each module has the endpoint's type and its `static FUNCTION`.
#[macro_export]
macro_rules! area {
    ($name:literal, endpoints: [$($endpoint:ident :: $endpoint_type:ident),* $(,)?], workers: [$($worker:ident :: $worker_type:ident),* $(,)?] $(, sockets: [$($socket:ident :: $socket_type:ident),* $(,)?])? $(,)?) => {
        pub static AREA: $crate::Area = $crate::Area {
            name: $name,
            functions: &[
                $($crate::Listing::endpoint::<$endpoint::$endpoint_type>(&$endpoint::FUNCTION),)*
                $($crate::Listing::worker::<$worker::$worker_type>(&$worker::FUNCTION),)*
                $($($crate::Listing::socket::<$socket::$socket_type>(&$socket::FUNCTION),)*)?
            ],
        };
    };
}
