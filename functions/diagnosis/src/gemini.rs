//! The client of Gemini, as the operator set it up: made once per process.

use std::sync::Arc;

use clients::gemini::{GeminiClient, GeminiError, GeminiSettings};
use domain::language::Language;
use runtime::secrets::Secret;
use runtime::{Context, Problem};

/// The secret is missing, or the settings are unusable.
pub async fn client<E>(context: &Context) -> Result<Arc<GeminiClient>, E>
where
    E: From<GeminiError> + From<Problem>,
{
    let engines = &context.platform.settings.engines;
    let settings = GeminiSettings {
        base_url: engines.gemini_base_url.clone(),
        model: engines.gemini_model.clone(),
        api_key: context.secret(Secret::GeminiApiKey).await?.to_string(),
        time_limit: engines.gemini_time_limit,
    };
    Ok(context.platform.shared(|| GeminiClient::new(&settings))?)
}

/// As instructions to the model name it.
pub fn language_name(language: Language) -> &'static str {
    match language {
        Language::En => "English",
        Language::Es => "Spanish",
        Language::Hi => "Hindi",
    }
}

/// A text of a model as people may be shown it: short, in one line, and with nothing to follow or click.
pub fn is_plain(text: &str, longest: usize) -> bool {
    let lower = text.to_lowercase();
    let leads_away = ["http", "www.", "@", "://"].iter().any(|part| lower.contains(part));
    // The last are marks that turn the direction of what follows.
    let is_odd = |letter: char| {
        letter.is_control()
            || "<>{}[]`|\\".contains(letter)
            || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let number = text.chars().filter(|letter| letter.is_numeric()).count();
    !text.trim().is_empty()
        && text.chars().count() <= longest
        && !leads_away
        && !text.chars().any(is_odd)
        // A phone number to call.
        && number < 7
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_lead_away_are_not_shown() {
        for text in ["Migraine", "Type 2 diabetes", "Gripe (influenza)", "माइग्रेन"] {
            assert!(is_plain(text, 40), "{text}");
        }
        for text in [
            "",
            "  ",
            "two\nlines",
            "<script>alert(1)</script>",
            "see http://evil.example",
            "WWW.evil.example",
            "me@evil.example",
            "call 555 123 4567",
            "a\u{0}b",
            "a\u{202e}b",
        ] {
            assert!(!is_plain(text, 40), "{text}");
        }
        assert!(!is_plain("Migraine", 5));
    }
}
