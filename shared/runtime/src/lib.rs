//! What turns an endpoint's data and its `handle` into a Lambda function, a local route and a page of documentation.
//!
//! Here: the [`Endpoint`], [`Worker`] and [`Socket`] traits, who may call ([`callers`]), how input is read ([`input`],
//! [`multipart`]) and answers are written ([`answer`], [`problem`]), and the loop ([`serve`]).
//! Deliberately not here: any endpoint, any rule. Start with [`Endpoint`].

pub mod answer;
mod appointments;
pub mod audit;
pub mod callers;
pub mod calls;
mod clock;
mod context;
pub mod cors;
mod dialect;
mod endpoint;
pub mod engines;
mod entropy;
mod errands;
mod function;
mod idempotency;
pub mod input;
mod lambda;
pub mod lenient;
pub mod messaging;
pub mod multipart;
pub mod need;
pub mod openapi;
pub mod paging;
pub mod passwords;
mod problem;
mod rate_limit;
mod request;
mod respond;
pub mod secrets;
pub mod settings;
pub mod socket;
pub mod telemetry;
pub mod tokens;
mod worker;

pub use clock::Clock;
pub use context::{Context, PictureLinks, Platform};
pub use endpoint::{Endpoint, Method, RateClass, Route};
pub use entropy::Entropy;
pub use function::{Area, Function, Listing, Trigger, Work};
pub use idempotency::Retry;
pub use lambda::{invoke, serve};
pub use problem::{Challenge, Problem, ProblemBody};
pub use request::Incoming;
pub use socket::Socket;
pub use worker::{Inserted, ObjectCreated, TimeCame, Worker, WorkerEvent, for_each};
