//! Hugging Face's zero-shot classification: which of a few labels fits a text best, without any training.
//!
//! Names and other identifiers of people have no place in the text, and neither the text nor an answer is ever part of
//! an error. Deliberately not here: chat, embeddings, other tasks.

mod answer;
mod client;
mod error;
mod settings;
mod stand_in;
#[cfg(test)]
mod tests;

pub use client::{HuggingFaceClient, MOST_LABELS, Scored};
pub use error::{Advice, HuggingFaceError};
pub use settings::{DEFAULT_MODEL, HuggingFaceSettings, TIME_LIMIT};
pub use stand_in::{StandIn, Trouble};
