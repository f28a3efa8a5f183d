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
    let parts = name.split_whitespace().chain([account.username.as_str()]);
    parts
        .map(str::to_lowercase)
        .filter(|part| part.chars().count() >= 3)
        .collect()
}

fn without(text: &str, names: &[String]) -> String {
    let words = text.split_inclusive(char::is_whitespace).map(|word| {
        let bare = word.trim_matches(|letter: char| !letter.is_alphanumeric());
        let is_address = word.contains('@') || word.contains("://") || word.starts_with("www.");
        if is_address || names.contains(&bare.to_lowercase()) {
            // The space after it stays, so that words do not run together.
            let space = word.trim_start_matches(|letter: char| !letter.is_whitespace());
            return format!("{GAP}{space}");
        }
        word.to_owned()
    });
    without_numbers(&words.collect::<String>())
}

/// Numbers are written in groups: digits count together across what separates groups.
fn without_numbers(text: &str) -> String {
    let is_between = |letter: char| " -./()+".contains(letter);
    let (mut kept, mut run) = (String::new(), String::new());
    // A space at the end makes the last run end.
    for letter in text.chars().chain(['\n']) {
        if letter.is_numeric() || (is_between(letter) && !run.is_empty()) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_somebody_is_taken_out_and_symptoms_stay() {
        let names = ["ana".to_owned(), "rivera".to_owned()];
        for (text, expected) in [
            ("fever of 38.5 for 3 days", "fever of 38.5 for 3 days"),
            ("I am Ana Rivera, cough", "I am […] […] cough"),
            ("write to ana@example.org please", "write to […] please"),
            ("call +34 600 123 456 now", "call +[…] now"),
            ("born 12/03/1980", "born […] "),
            ("banana makes it worse", "banana makes it worse"),
            ("रक्तचाप 120/80", "रक्तचाप 120/80"),
            ("see https://example.org/me today", "see […] today"),
            ("", ""),
        ] {
            assert_eq!(without(text, &names), expected);
        }
    }
}
