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

pub(super) fn primary(urgency: Urgency, specialist: Specialist, number: &str, language: Language) -> Recommendation {
    let advice = match language {
        Language::En => english::advice(urgency, number),
        Language::Es => spanish::advice(urgency, number),
        Language::Hi => hindi::advice(urgency, number),
    };
    Recommendation {
        action: advice.action.to_owned(),
        urgency,
        description: advice.description,
        suggested_specialist: Some(self::specialist(specialist, language).to_owned()),
    }
}

/// Never more urgent than the first; none beside an emergency, where there is one thing to do.
pub(super) fn additional(urgency: Urgency, specialist: Specialist, language: Language) -> Vec<Recommendation> {
    if urgency == Urgency::Emergency {
        return Vec::new();
    }
    let (action, description) = match language {
        Language::En => english::WATCH,
        Language::Es => spanish::WATCH,
        Language::Hi => hindi::WATCH,
    };
    vec![Recommendation {
        action: action.to_owned(),
        urgency: Urgency::Low,
        description: description.to_owned(),
        suggested_specialist: Some(self::specialist(specialist, language).to_owned()),
    }]
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
