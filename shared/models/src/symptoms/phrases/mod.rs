//! What people say for each sign, in English, Spanish and Hindi. The language of phrases is that of `domain::triage`.

mod body_and_history;
mod pain_and_breath;

/// Signs, and the phrases any of which tells them.
pub type Entry = (&'static [&'static str], &'static [&'static str]);

/// Always in the same order.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    pain_and_breath::PHRASES.iter().chain(body_and_history::PHRASES)
}
