//! What people write, cut into clauses of folded words.
//!
//! Case, accents, apostrophes and nukta do not count. A clause ends at punctuation or "but"; so does a negation, which
//! does not pass a colon or a dash either. Chinese is written without spaces: each of its characters is a word.

use crate::folding::{fold, is_devanagari, is_mark};

/// What a clause says about a word: only what is [`Standing::Present`] counts as a symptom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// "No chest pain".
    Denied,
    /// "History of seizures", "my father had a stroke".
    Elsewhere,
    Present,
}

#[derive(Debug, Clone)]
pub struct Token {
    pub word: String,
    /// A colon, a dash or a bullet stands before it.
    pub(super) after_stop: bool,
}

/// One clause.
#[derive(Debug, Clone, Default)]
pub struct Clause(pub Vec<Token>);

impl Clause {
    /// The word there; none past the end.
    pub(super) fn word(&self, at: usize) -> &str {
        self.0.get(at).map_or("", |token| token.word.as_str())
    }
}

const BREAKS: &[&str] = &[
    "but",
    "however",
    "though",
    "although",
    "except",
    "pero",
    "aunque",
    "sino",
    "excepto",
    "salvo",
    "lekin",
    "magar",
    "लेकिन",
    "मगर",
    "किंतु",
    "परंतु",
    "mais",
    "mas",
    "porem",
    "aber",
    "sondern",
    "jedoch",
    "но",
    "однако",
    "لكن",
    "但",
];

/// "Can t" and "can not" are one word.
const JOINED: &[(&str, &str, &str)] = &[
    ("can", "not", "cannot"),
    ("can", "t", "cant"),
    ("could", "not", "couldnt"),
    ("couldn", "t", "couldnt"),
    ("don", "t", "dont"),
    ("doesn", "t", "doesnt"),
    ("didn", "t", "didnt"),
    ("won", "t", "wont"),
    ("isn", "t", "isnt"),
    ("haven", "t", "havent"),
    ("hasn", "t", "hasnt"),
    ("wasn", "t", "wasnt"),
    ("aren", "t", "arent"),
];

/// Clauses of a text.
#[must_use]
pub fn clauses(text: &str) -> Vec<Clause> {
    let mut read = Reading::default();
    let letters: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    for (at, c) in letters.iter().copied().chain(['.']).enumerate() {
        let next = letters.get(at + 1);
        let between_digits = matches!(c, '.' | ',')
            && read.word.chars().all(|d| d.is_ascii_digit())
            && !read.word.is_empty()
            && next.is_some_and(char::is_ascii_digit);
        if between_digits {
            read.word.push('.');
        } else if is_han(c) {
            read.end_word();
            read.word.push(c);
            read.end_word();
        } else if is_part(c) {
            fold(c, &mut read.word);
        } else if !is_silent(c) {
            read.end_word();
            let alone = || at == 0 || letters.get(at - 1).is_none_or(|c| c.is_whitespace());
            if ends_clause(c) {
                read.end_clause();
            } else if is_stop(c) || (c == '-' && alone() && next.is_none_or(|c| c.is_whitespace())) {
                read.after_stop = true;
            }
        }
    }
    read.end_clause();
    read.clauses
}

#[derive(Default)]
struct Reading {
    clauses: Vec<Clause>,
    clause: Clause,
    word: String,
    after_stop: bool,
}

impl Reading {
    fn end_word(&mut self) {
        let word = std::mem::take(&mut self.word);
        if BREAKS.contains(&word.as_str()) {
            return self.end_clause();
        }
        if word.is_empty() {
            return;
        }
        let last = self.clause.0.last_mut().filter(|_| !self.after_stop);
        let joined = last.and_then(|last| {
            let found = JOINED.iter().find(|(a, b, _)| *a == last.word && *b == word);
            found.map(|(.., joined)| last.word = (*joined).to_owned())
        });
        if joined.is_none() {
            let after_stop = std::mem::take(&mut self.after_stop);
            self.clause.0.push(Token { word, after_stop });
        }
    }

    fn end_clause(&mut self) {
        self.after_stop = false;
        let clause = std::mem::take(&mut self.clause);
        if !clause.0.is_empty() {
            self.clauses.push(clause);
        }
    }
}

/// A text's words folded as [`clauses`] folds them, for the tables.
pub(super) fn folded(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().flat_map(char::to_lowercase).filter(|c| is_part(*c)) {
        fold(c, &mut out);
    }
    out
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || is_devanagari(c) || is_mark(c)
}

/// Dropped without ending the word: "can't" is "cant".
fn is_silent(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '´' | '\u{200c}' | '\u{200d}' | '\u{ad}')
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

/// No denial passes it, though the thought may go on: "pain: chest".
fn is_stop(c: char) -> bool {
    matches!(c, ':' | '：' | '•' | '·' | '*' | '→' | '>')
}

fn ends_clause(c: char) -> bool {
    matches!(
        c,
        '.' | ','
            | ';'
            | '!'
            | '?'
            | '\n'
            | '\r'
            | '('
            | ')'
            | '¿'
            | '¡'
            | '।'
            | '॥'
            | '،'
            | '؛'
            | '؟'
            | '–'
            | '—'
            | '|'
            | '。'
            | '，'
            | '、'
            | '；'
            | '！'
            | '？'
            | '…'
    )
}

/// Whether two words differ by no more slips of the finger than their length allows: a swap alone of four letters, one
/// under nine, else two. A swap of neighbours is one slip. The first letter must be right.
pub(super) fn is_misspelling(typed: &[char], meant: &[char]) -> bool {
    let allowed = match meant.len() {
        0..=3 => return false,
        4 => return is_swap(typed, meant),
        5..=8 => 1,
        _ => 2,
    };
    typed.first() == meant.first() && typed.len().abs_diff(meant.len()) <= allowed && distance(typed, meant) <= allowed
}

/// Two neighbours in the wrong order.
fn is_swap(typed: &[char], meant: &[char]) -> bool {
    let (mut a, mut b) = (typed.to_vec(), meant.to_vec());
    a.sort_unstable();
    b.sort_unstable();
    a == b && distance(typed, meant) == 1
}

fn distance(a: &[char], b: &[char]) -> usize {
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let change = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = change.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = last;
        last = row;
    }
    last[b.len()]
}
