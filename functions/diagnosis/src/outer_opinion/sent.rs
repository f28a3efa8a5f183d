//! What of a report goes out: the symptoms, and nothing that says whose they are.
//!
//! People write more than they are asked for. Addresses, long numbers (phones, dates of birth, numbers of records) and
//! the names in the account are taken out; names of others cannot be known.

use domain::account::Account;
use domain::triage::Report;
use serde_json::{Value, json};

/// Instead of what is taken out.
const GAP: &str = "[…]";
/// A number with as many digits names somebody; measurements have fewer.
const IDENTIFYING_DIGITS: usize = 7;
/// Greater ages are so rare that they tell who it is.
const GREATEST_AGE: u8 = 90;

pub struct Sent {
    /// For engines that read JSON.
    pub json: Value,
    /// The complaints alone, for those that read text.
    pub text: String,
}

impl Sent {
    pub fn of(report: &Report, account: &Account) -> Self {
        let names = names(account);
        let clean = |text: &str| without(text, &names);
        let list =
            |list: &Option<Vec<String>>| -> Vec<String> { list.iter().flatten().map(|entry| clean(entry)).collect() };
        let symptoms: Vec<Value> = report
            .symptoms
            .iter()
            .map(|each| {
                json!({
                    "symptom": clean(&each.symptom),
                    "severity": each.severity,
                    "duration_days": each.duration_days,
                    "frequency": each.frequency.as_deref().map(clean),
                })
            })
            .collect();
        let json = json!({
            "symptoms": symptoms,
            "age": report.age.map(|age| age.min(GREATEST_AGE)),
            "sex": sex(report),
            "medical_history": list(&report.medical_history),
            "current_medications": list(&report.current_medications),
            "additional_info": report.additional_info.as_deref().map(clean),
        });
        Self {
            json,
            text: clean(&report.complaints()),
        }
    }
}

/// What people write there is free; only these two words go out.
fn sex(report: &Report) -> Option<&'static str> {
    let first = report.gender.as_deref()?.trim().chars().next()?;
    match first.to_ascii_lowercase() {
        'f' | 'w' => Some("female"),
        'm' => Some("male"),
        _ => None,
    }
}

/// Shorter parts of names are common words.
fn names(account: &Account) -> Vec<String> {
    let name = account.name.as_deref().unwrap_or_default();
    let user = account.username.as_str();
    let parts = [name, user]
        .into_iter()
        .flat_map(|text| text.split(|letter| !is_of_word(letter)));
    parts
        .chain([user])
        .map(str::to_lowercase)
        .filter(|part| part.chars().count() >= 3)
        .collect()
}

/// Also the marks that scripts write around their letters.
fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric()
        || matches!(letter, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{963}' | '\u{200c}' | '\u{200d}')
}

fn without(text: &str, names: &[String]) -> String {
    let words: Vec<&str> = text.split_inclusive(char::is_whitespace).collect();
    let is_at = |place: usize| {
        words
            .get(place)
            .is_some_and(|word| is_written_at(word, words.get(place + 1)))
    };
    let cleaned = words.iter().enumerate().map(|(place, word)| {
        let is_around_at = is_at(place) || is_at(place + 1) || place.checked_sub(1).is_some_and(is_at);
        if is_around_at || is_address(word) {
            // The space after it stays, so that words do not run together.
            let space = word.trim_start_matches(|letter: char| !letter.is_whitespace());
            return format!("{GAP}{space}");
        }
        without_names(word, names)
    });
    without_numbers(&cleaned.collect::<String>())
}

/// `@`, or what people write for it so that no machine reads it: `(at)`, or `at` before something with a dot in it.
fn is_address(word: &str) -> bool {
    let word = word.to_lowercase();
    let parts = ["@", "＠", "://", "(at)", "[at]", "{at}", "(arroba)", "[arroba]"];
    word.starts_with("www.") || parts.iter().any(|part| word.contains(part))
}

fn is_written_at(word: &str, next: Option<&&str>) -> bool {
    let is_word = |word: &str| matches!(word.to_lowercase().as_str(), "at" | "arroba");
    let word = word.trim();
    let bare = word.trim_matches(|letter: char| !letter.is_alphanumeric());
    let is_host = |next: &&str| {
        let next = next.trim().trim_end_matches(|letter: char| !letter.is_alphanumeric());
        let end = next.rsplit_once('.').map(|(_, end)| end);
        end.is_some_and(|end| end.len() >= 2 && end.bytes().all(|byte| byte.is_ascii_alphabetic()))
    };
    is_word(bare) && (bare != word || next.is_some_and(is_host))
}

/// A name also stands in `Ana's` and in `Ana-Rivera`.
fn without_names(word: &str, names: &[String]) -> String {
    if names.contains(&word.trim().to_lowercase()) {
        let space = word.trim_start_matches(|letter: char| !letter.is_whitespace());
        return format!("{GAP}{space}");
    }
    let mut kept = String::new();
    for piece in word.split_inclusive(|letter| !is_of_word(letter)) {
        let bare = piece.trim_end_matches(|letter| !is_of_word(letter));
        if names.contains(&bare.to_lowercase()) {
            kept.push_str(GAP);
            kept.push_str(piece.get(bare.len()..).unwrap_or_default());
        } else {
            kept.push_str(piece);
        }
    }
    kept
}

/// Numbers are written in groups: digits count together across what separates groups.
fn without_numbers(text: &str) -> String {
    let (mut kept, mut run) = (String::new(), String::new());
    // A line end makes the last run end.
    let mut letters = text.chars().chain(['\n']).peekable();
    while let Some(letter) = letters.next() {
        let is_before_digit = letters.peek().is_some_and(|next| next.is_numeric());
        if letter.is_numeric() || (!run.is_empty() && separates(letter, is_before_digit)) {
            run.push(letter);
            continue;
        }
        let digits = run.chars().filter(|letter| letter.is_numeric()).count();
        kept.push_str(if digits >= IDENTIFYING_DIGITS { "[…] " } else { &run });
        run.clear();
        kept.push(letter);
    }
    kept.pop();
    kept
}

/// What stands between groups of digits. A comma also ends parts of sentences: it counts right before a digit.
fn separates(letter: char, is_before_digit: bool) -> bool {
    let is_space = letter.is_whitespace() && letter != '\n';
    let is_dash = matches!(letter, '\u{2010}'..='\u{2015}' | '\u{2212}');
    is_space || is_dash || "-./()+".contains(letter) || (is_before_digit && ",_:'’·".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_somebody_is_taken_out_and_symptoms_stay() {
        let names = ["ana".to_owned(), "rivera".to_owned()];
        for (text, expected) in [
            ("fever of 38.5 for 3 days", "fever of 38.5 for 3 days"),
            ("I am Ana Rivera, cough", "I am […] […], cough"),
            ("write to ana@example.org please", "write to […] please"),
            ("call +34 600 123 456 now", "call +[…] now"),
            ("born 12/03/1980", "born […] "),
            ("banana makes it worse", "banana makes it worse"),
            ("रक्तचाप 120/80", "रक्तचाप 120/80"),
            ("see https://example.org/me today", "see […] today"),
            ("call 600_123_456 or 600,123,456", "call […] or […] "),
            ("600–123–456\tor\t600\t123\t456", "[…] or\t[…] "),
            ("ana (at) example.org, cough", "[…] […] […] cough"),
            ("jo at example.org", "[…] […] […]"),
            ("jo(at)example.org", "[…]"),
            ("pain at night", "pain at night"),
            ("Ana's and Ana-Rivera’s cough", "[…]'s and […]-[…]’s cough"),
            ("38.5, 120/80", "38.5, 120/80"),
            ("", ""),
        ] {
            assert_eq!(without(text, &names), expected);
        }
    }
}
