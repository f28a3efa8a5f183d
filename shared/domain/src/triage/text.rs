//! What people write, cut into clauses of folded words, each with what the clause says about it.
//!
//! Case, accents, apostrophes and nukta do not count. A clause ends at punctuation or "but"; so does a negation.

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
    /// Which word negates it, by place in the clause.
    pub(super) denied_by: Option<usize>,
    pub(super) elsewhere: bool,
}

/// One clause.
#[derive(Debug, Clone, Default)]
pub struct Clause(pub Vec<Token>);

/// Words past this are not read: the longest honest description is a tenth of it.
const MAX_WORDS: usize = 4_000;

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
];

/// Clauses of a text, negation and history marked.
#[must_use]
pub fn clauses(text: &str) -> Vec<Clause> {
    let mut all = vec![Vec::new()];
    let mut word = String::new();
    let mut count = 0;
    let letters: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    for (at, c) in letters.iter().copied().chain(['.']).enumerate() {
        let between_digits = matches!(c, '.' | ',')
            && word.chars().all(|d| d.is_ascii_digit())
            && !word.is_empty()
            && letters.get(at + 1).is_some_and(char::is_ascii_digit);
        if between_digits {
            word.push('.');
        } else if is_part(c) {
            fold(c, &mut word);
        } else if !is_silent(c) {
            let taken = std::mem::take(&mut word);
            let breaks = BREAKS.contains(&taken.as_str());
            if !taken.is_empty() && !breaks && count < MAX_WORDS {
                count += 1;
                if let Some(last) = all.last_mut() {
                    last.push(taken);
                }
            }
            if breaks || ends_clause(c) {
                all.push(Vec::new());
            }
        }
    }
    all.into_iter()
        .filter(|words| !words.is_empty())
        .map(super::negation::marked)
        .collect()
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
    c.is_alphanumeric() || (('\u{900}'..='\u{97f}').contains(&c) && !matches!(c, '।' | '॥')) || is_mark(c)
}

fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// Dropped without ending the word: "can't" is "cant".
fn is_silent(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '\u{200c}' | '\u{200d}' | '\u{ad}')
}

fn ends_clause(c: char) -> bool {
    matches!(
        c,
        '.' | ',' | ';' | '!' | '?' | '\n' | '\r' | '(' | ')' | '¿' | '¡' | '।' | '॥' | '،' | '–' | '—' | '|'
    )
}

fn fold(c: char, word: &mut String) {
    match c {
        'á' | 'à' | 'ä' | 'â' | 'ã' | 'å' => word.push('a'),
        'é' | 'è' | 'ë' | 'ê' => word.push('e'),
        'í' | 'ì' | 'ï' | 'î' => word.push('i'),
        'ó' | 'ò' | 'ö' | 'ô' | 'õ' => word.push('o'),
        'ú' | 'ù' | 'ü' | 'û' => word.push('u'),
        'ñ' => word.push('n'),
        'ç' => word.push('c'),
        '\u{901}' => word.push('\u{902}'),
        '\u{93c}' => {}
        '\u{958}' => word.push('क'),
        '\u{959}' => word.push('ख'),
        '\u{95a}' => word.push('ग'),
        '\u{95b}' => word.push('ज'),
        '\u{95c}' => word.push('ड'),
        '\u{95d}' => word.push('ढ'),
        '\u{95e}' => word.push('फ'),
        '०'..='९' => word.push(char::from(b'0' + u8::try_from(u32::from(c) - 0x966).unwrap_or(0))),
        c if is_mark(c) => {}
        c => word.push(c),
    }
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
