//! The client of Gemini, as the operator set it up: made once per process.

use std::sync::Arc;

use clients::gemini::{GeminiClient, GeminiSettings};
use runtime::Context;
use runtime::secrets::Secret;

use crate::outer_failure::OuterFailure;

/// The secret is missing, or the settings are unusable.
pub async fn client(context: &Context) -> Result<Arc<GeminiClient>, OuterFailure> {
    let engines = &context.platform.settings.engines;
    let settings = GeminiSettings {
        base_url: engines.gemini_base_url.clone(),
        model: engines.gemini_model.clone(),
        api_key: context.secret(Secret::GeminiApiKey).await?.to_string(),
        time_limit: engines.gemini_time_limit,
    };
    Ok(context.platform.shared(|| GeminiClient::new(&settings))?)
}

/// A text of a model as people may be shown it: short, in one line, and with nothing to follow or click.
pub fn is_plain(text: &str, longest: usize) -> bool {
    let lower = text.to_lowercase();
    let leads_away = ["http", "www.", "@", "://"].iter().any(|part| lower.contains(part));
    let is_odd = |letter: char| letter.is_control() || is_invisible(letter) || "<>{}[]`|\\".contains(letter);
    let number = text.chars().filter(|letter| letter.is_numeric()).count();
    !text.trim().is_empty()
        && text.chars().count() <= longest
        && !leads_away
        && !text.chars().any(is_odd)
        // A phone number to call.
        && number < 7
}

/// Of the categories Cf, Zl and Zp of Unicode 16: what is not seen, or turns or breaks what is.
fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}' | '\u{8e2}'
        | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0001}' | '\u{e0020}'..='\u{e007f}')
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
            "a\u{200b}b",
            "a\u{2028}b",
            "a\u{2029}b",
            "a\u{e0041}b",
        ] {
            assert!(!is_plain(text, 40), "{text}");
        }
        assert!(!is_plain("Migraine", 5));
    }
}
