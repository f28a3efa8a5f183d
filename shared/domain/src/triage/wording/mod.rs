//! What people are told, in every language: one file a language, each with the same functions.

mod english;
mod hindi;
mod spanish;

use super::answer::Recommendation;
use super::urgency::{Specialist, Urgency};
use crate::language::Language;

/// What to do, and why so soon.
struct Advice {
    action: &'static str,
    description: String,
}

/// The first and the others. None is more urgent than the first, and none stands beside an emergency, where there is
/// one thing to do. Where nothing was understood that is said, with the signs to compare with and whom to call.
pub(super) fn recommendations(
    urgency: Urgency,
    understood: bool,
    specialist: Specialist,
    number: &str,
    language: Language,
) -> (Recommendation, Vec<Recommendation>) {
    let recommendation = |advice: Advice, urgency| Recommendation {
        action: advice.action.to_owned(),
        urgency,
        description: advice.description,
        suggested_specialist: Some(self::specialist(specialist, language).to_owned()),
    };
    let first = recommendation(advice(urgency, number, language), urgency);
    let watch = || recommendation(watch(language), Urgency::Low);
    match urgency {
        Urgency::Emergency => (first, Vec::new()),
        _ if understood => (first, vec![watch()]),
        // What the person called severe is seen today all the same.
        Urgency::High => (
            first,
            vec![recommendation(not_understood(number, language), Urgency::High)],
        ),
        _ => (recommendation(not_understood(number, language), urgency), vec![watch()]),
    }
}

fn advice(urgency: Urgency, number: &str, language: Language) -> Advice {
    match language {
        Language::En => english::advice(urgency, number),
        Language::Es => spanish::advice(urgency, number),
        Language::Hi => hindi::advice(urgency, number),
    }
}

fn not_understood(number: &str, language: Language) -> Advice {
    match language {
        Language::En => english::not_understood(number),
        Language::Es => spanish::not_understood(number),
        Language::Hi => hindi::not_understood(number),
    }
}

fn watch(language: Language) -> Advice {
    let (action, description) = match language {
        Language::En => english::WATCH,
        Language::Es => spanish::WATCH,
        Language::Hi => hindi::WATCH,
    };
    Advice {
        action,
        description: description.to_owned(),
    }
}

pub(super) fn disclaimer(language: Language) -> &'static str {
    match language {
        Language::En => english::DISCLAIMER,
        Language::Es => spanish::DISCLAIMER,
        Language::Hi => hindi::DISCLAIMER,
    }
}

pub(super) fn specialist(specialist: Specialist, language: Language) -> &'static str {
    match language {
        Language::En => english::specialist(specialist),
        Language::Es => spanish::specialist(specialist),
        Language::Hi => hindi::specialist(specialist),
    }
}
