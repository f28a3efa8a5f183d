//! Which words of a clause are denied, and which belong to the past or to somebody else.
//!
//! In doubt a word counts: a needless alarm costs less than a missed one. So a negation never passes "and", which
//! may begin a new thought ("no fever and I cannot breathe"), but does pass "or".

use super::text::{Clause, Token};

/// These deny what follows.
const BEFORE: &[&str] = &[
    "no",
    "not",
    "without",
    "denies",
    "denied",
    "denying",
    "deny",
    "nor",
    "neither",
    "never",
    "dont",
    "doesnt",
    "didnt",
    "havent",
    "hasnt",
    "isnt",
    "arent",
    "wasnt",
    "sin",
    "niega",
    "niego",
    "ni",
    "nunca",
    "tampoco",
    "ningun",
    "ninguna",
    "bina",
    "बिना",
    "न",
];
/// Followed by these a negation is none of a symptom: "not sure", "no better", "no puedo".
const NOT_AFTER: &[&str] = &[
    "sure",
    "only",
    "certain",
    "better",
    "improving",
    "improve",
    "stop",
    "stops",
    "stopping",
    "stopped",
    "going",
    "go",
    "getting",
    "able",
    "relieved",
    "relief",
    "normal",
    "just",
    "well",
    "know",
    "idea",
    "doubt",
    "improvement",
    "want",
    "working",
    "helping",
    "settling",
    "easing",
    "puedo",
    "puede",
    "se",
    "para",
    "deja",
    "cede",
    "mejora",
    "quiero",
    "aguanto",
    "logro",
    "consigo",
    "siento",
    "respira",
    "responde",
    "despierta",
    "solo",
    "controla",
    "quita",
    "breathing",
    "responding",
    "waking",
    "clotting",
    "eating",
    "drinking",
    "sleep",
    "let",
];
/// These deny what goes before; Hindi says "not" after the noun.
const AFTER: &[&str] = &[
    "नहीं",
    "नही",
    "nahi",
    "nahin",
    "nahee",
    "nhi",
    "absent",
    "none",
    "ausente",
    "negativo",
    "negative",
];
/// Beside these a Hindi "not" means "does not stop" or "cannot".
const NOT_BESIDE: &[&str] = &[
    "कम",
    "रुक",
    "ठीक",
    "बंद",
    "काबू",
    "सहन",
    "बर्दाश्त",
    "सो",
    "चल",
    "समझ",
    "पता",
    "होश",
    "बोल",
    "ले",
    "उठ",
    "जा",
    "kam",
    "ruk",
    "theek",
    "thik",
    "band",
    "bardasht",
    "chal",
    "pata",
    "hosh",
    "bol",
    "le",
    "uth",
    "ja",
    "jaa",
    "कर",
    "kar",
    "hil",
    "हिल",
    "खा",
    "पी",
];
/// A negation ends here, beyond the clause's own end.
const ENDS: &[&str] = &[
    "and",
    "y",
    "e",
    "aur",
    "और",
    "तथा",
    "i",
    "im",
    "ive",
    "my",
    "because",
    "since",
    "while",
    "which",
    "now",
    "then",
    "also",
    "with",
    "only",
    "porque",
    "desde",
    "mi",
    "ahora",
    "cuando",
    "con",
    "है",
    "हैं",
    "hai",
    "hain",
    "he",
    "she",
    "his",
    "her",
    "plus",
    "just",
];
const REACH: usize = 6;

/// The symptoms of these people, told in the past, are family history; children's are not.
const KIN: &[&str] = &[
    "father",
    "mother",
    "dad",
    "mom",
    "mum",
    "grandfather",
    "grandmother",
    "grandpa",
    "grandma",
    "uncle",
    "aunt",
    "brother",
    "sister",
    "cousin",
    "neighbour",
    "neighbor",
    "friend",
    "padre",
    "madre",
    "papa",
    "mama",
    "abuelo",
    "abuela",
    "tio",
    "tia",
    "hermano",
    "hermana",
    "vecino",
    "amigo",
    "पिता",
    "पापा",
    "माता",
    "मां",
    "दादा",
    "दादी",
    "नाना",
    "नानी",
    "चाचा",
    "भाई",
    "बहन",
    "पिताजी",
    "pita",
    "dada",
    "dadi",
    "bhai",
    "chacha",
];
const PAST: &[&str] = &[
    "had",
    "died",
    "suffered",
    "tuvo",
    "murio",
    "fallecio",
    "padecio",
    "sufrio",
    "था",
    "थी",
    "थे",
    "tha",
    "thi",
    "हुआ",
    "हुई",
    "hua",
    "hui",
    "hubo",
];
/// The clause tells of long ago, or of a possibility.
const LONG_AGO: &[&[&str]] = &[
    &["years", "ago"],
    &["year", "ago"],
    &["last", "year"],
    &["as", "child"],
    &["as", "a", "child"],
    &["used", "to"],
    &["hace", "anos"],
    &["hace", "un", "ano"],
    &["el", "ano", "pasado"],
    &["साल", "पहले"],
    &["saal", "pehle"],
    &["sal", "pehle"],
    &["history", "of"],
    &["family", "history"],
    &["antecedentes"],
    &["risk", "of"],
    &["riesgo", "de"],
    &["prevent"],
    &["vaccine"],
    &["vacuna"],
    &["पिछले", "साल"],
    &["बचपन"],
    &["when", "i", "was"],
    &["in", "my", "family"],
];
/// Unless it is about now.
const NOW: &[&str] = &[
    "now",
    "today",
    "tonight",
    "morning",
    "just",
    "minutes",
    "minute",
    "hour",
    "hours",
    "currently",
    "again",
    "ahora",
    "hoy",
    "minutos",
    "hora",
    "horas",
    "acaba",
    "otra",
    "अभी",
    "आज",
    "फिर",
    "मिनट",
    "घंटे",
    "abhi",
    "aaj",
    "phir",
    "ghante",
];

pub(super) fn marked(words: Vec<String>) -> Clause {
    let elsewhere = is_elsewhere(&words);
    let mut tokens: Vec<Token> = words.iter().map(|word| token(word, elsewhere)).collect();
    for at in 0..words.len() {
        for denied in forward(&words, at).chain(backward(&words, at)) {
            if let Some(token) = tokens.get_mut(denied) {
                token.denied_by = Some(at);
            }
        }
    }
    Clause(tokens)
}

fn token(word: &str, elsewhere: bool) -> Token {
    Token {
        word: word.to_owned(),
        denied_by: None,
        elsewhere,
    }
}

fn has(list: &[&str], word: Option<&String>) -> bool {
    word.is_some_and(|word| list.contains(&word.as_str()))
}

fn is_elsewhere(words: &[String]) -> bool {
    let any = |list| words.iter().any(|word| has(list, Some(word)));
    if any(NOW) {
        return false;
    }
    let long_ago = |phrase: &&[&str]| phrase.iter().all(|part| words.iter().any(|word| word == part));
    (any(KIN) && any(PAST)) || LONG_AGO.iter().any(long_ago)
}

fn forward(words: &[String], cue: usize) -> std::ops::Range<usize> {
    let none = 0..0;
    if !has(BEFORE, words.get(cue)) || has(NOT_AFTER, words.get(cue + 1)) {
        return none;
    }
    // "is not responding", "do not feel well".
    if has(NOT_AFTER, words.get(cue + 2)) && !has(&["any", "de"], words.get(cue + 1)) {
        return none;
    }
    let end = (cue + 2..words.len().min(cue + 1 + REACH)).find(|at| has(ENDS, words.get(*at)));
    cue + 1..end.unwrap_or(words.len().min(cue + 1 + REACH))
}

fn backward(words: &[String], cue: usize) -> std::ops::Range<usize> {
    let last_no = cue > 0 && cue + 1 == words.len() && has(&["no"], words.get(cue));
    let beside = has(NOT_BESIDE, words.get(cue + 1)) || (cue > 0 && has(NOT_BESIDE, words.get(cue - 1)));
    if !(last_no || has(AFTER, words.get(cue))) || beside {
        return 0..0;
    }
    let start = (cue.saturating_sub(REACH)..cue)
        .rev()
        .find(|at| has(ENDS, words.get(*at)));
    start.map_or(cue.saturating_sub(REACH), |at| at + 1)..cue
}
