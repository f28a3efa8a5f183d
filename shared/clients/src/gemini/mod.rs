//! Gemini's generateContent: texts and pictures in, JSON of a given shape out.
//!
//! What comes back is not trusted: a schema is asked for, and yet all of it is read strictly ([`Structured`]). The key
//! travels in a header, never in the address, which lands in logs. Names and other identifiers of people have no place
//! in a [`Prompt`], and neither its text nor an answer is ever part of an error.
//! Deliberately not here: streaming, files kept at Google, tools, conversations.

mod answer;
mod client;
mod error;
mod prompt;
mod schema;
mod settings;
mod stand_in;
#[cfg(test)]
mod tests;

pub use client::{GeminiClient, Named};
pub use error::{Advice, GeminiError};
pub use prompt::{Picture, PictureKind, Prompt};
pub use schema::Schema;
pub use settings::{DEFAULT_MODEL, GeminiSettings, TIME_LIMIT};
pub use stand_in::{StandIn, Trouble};

/// A shape that answers are asked for in, and held to.
pub trait Structured: serde::de::DeserializeOwned {
    fn schema() -> Schema;

    /// What no type can say: lengths of texts and lists, ranges of numbers.
    fn is_sound(&self) -> bool;
}
