//! The WebSocket API, by a real client.

pub mod client;
mod connecting;
mod gateway;
mod lambda;
mod notifications;
mod resuming;
mod seats;
