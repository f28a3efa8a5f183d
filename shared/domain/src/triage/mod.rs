//! How urgent what people describe is: red flags by rule first, then whatever an engine adds.
//!
//! [`red_flags`] is deterministic and versioned, and knows nothing of engines. [`merge`] takes the highest of all
//! urgencies: an engine may raise it, never lower it. Start with [`report::Report`] and [`rules::RULES`].

pub mod answer;
pub mod emergency_number;
mod foreign;
mod joined;
mod lexicon;
mod negation;
mod past;
pub mod report;
pub mod rules;
mod signs;
mod text;
mod urgency;
mod wording;
mod words;

#[cfg(test)]
mod cases;
#[cfg(test)]
mod missed;
#[cfg(test)]
mod tests;

pub use answer::{Answer, Engine, Opinion, PossibleCondition, Recommendation, RedFlag, merge};
pub use lexicon::Lexicon;
pub use report::{Report, Severity, Symptom};
pub use rules::red_flags;
pub use text::{Clause, Standing, clauses};
pub use urgency::{Specialist, Urgency};
