//! What is sent over connections of the WebSocket API without being asked, by API Gateway's `@connections`.
//!
//! A connection that is gone is the usual case and no failure: phones lose the network without a word. The stand-in is
//! part of the embedded cloud in `functions/local`, which has the connections.
//! Deliberately not here: who is connected (in `store`), and what becomes of what could not be sent.

mod client;
mod error;

pub use client::SocketClient;
pub use error::PushError;
