//! Firebase ID tokens: who signed in at Firebase, proved by Google's signature.
//!
//! Stricter than Google's Admin SDK, as the documentation says: tokens from the future, and tokens that do not say when
//! the person signed in, are refused. Unsigned tokens, as the Auth emulator makes them, are refused without exception.
//! Deliberately not here: revocation, which a token does not show.

mod client;
mod error;
mod keys;
mod settings;
mod stand_in;
#[cfg(test)]
mod tests;
mod verify;

pub use client::FirebaseClient;
pub use error::{FirebaseError, Rejected};
pub use keys::FirebaseKeys;
pub use settings::FirebaseSettings;
pub use stand_in::StandIn;
pub use verify::{FirebaseIdentity, KeySet, LEEWAY, verify};
