//! HTTP as the services here need it: one request, one bounded answer within one time limit.
//!
//! Deliberately not here: redirects (none of these services has any, and following one would carry credentials to
//! another place) and repetition (only the caller knows what may be repeated).

mod client;
mod error;
mod request;
#[cfg(test)]
mod tests;

pub(crate) use client::{Answer, Connections, HttpsClient};
pub(crate) use error::HttpsError;
pub(crate) use request::{form, json, secret_header, url};
