//! What photos of teeth show, as far as an engine can say.

pub mod analysis;
pub mod gemini;
pub mod local;
pub mod photos;
