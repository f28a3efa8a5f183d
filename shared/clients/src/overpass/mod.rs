//! Overpass: questions to OpenStreetMap. <https://wiki.openstreetmap.org/wiki/Overpass_API>
//!
//! Public instances are shared by everybody: they answer 429 to who asks too often and 504 when they are busy, and say
//! in a `remark` of a 200 that a question was cut off. Whoever asks names themselves in `User-Agent`.
//! Deliberately not here: remembering answers, and asking again.

mod answer;
mod client;
mod error;
mod settings;
mod stand_in;
#[cfg(test)]
mod tests;

pub use client::{OverpassClient, Place};
pub use error::OverpassError;
pub use settings::OverpassSettings;
pub use stand_in::{MapEntry, StandIn};
