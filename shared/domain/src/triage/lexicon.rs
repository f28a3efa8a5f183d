//! Finds phrases of a table in what people wrote: in any order, a few words apart, misspelt.
//!
//! A phrase is words with spaces between. `@pain` stands for any word of the class of that name, `bleed*` for words
//! that begin so, `=red` for a word that must be right to the letter, `#pills` for a number of ten or more with pills
//! or a medicine right after it.

use std::collections::{HashMap, HashSet};

use super::joined::joined;
use super::negation::{is_one_of, standing};
use super::text::{Clause, Standing, folded, is_misspelling};
use super::words::{CLASSES, COMMON, FILLERS, NUMBERS, PILLS};

/// Words other than fillers that may stand between those of a phrase.
const GAP: usize = 2;

enum Meant {
    Exactly(String),
    Beginning(String),
    Roughly(String, Vec<char>),
    ManyPills,
}

struct Phrase {
    entry: usize,
    slots: Vec<usize>,
}

/// A table of phrases, made ready once.
pub struct Lexicon {
    slots: Vec<Vec<Meant>>,
    phrases: Vec<Phrase>,
    known: HashSet<String>,
    entries: usize,
}

impl Lexicon {
    /// Of each entry's phrases; what is found is told by the entry's place.
    pub fn new<'a>(entries: impl IntoIterator<Item = &'a [&'a str]>) -> Self {
        let mut made = Self {
            slots: Vec::new(),
            phrases: Vec::new(),
            known: COMMON.split_whitespace().map(folded).collect(),
            entries: 0,
        };
        let mut places: HashMap<String, usize> = HashMap::new();
        for phrases in entries {
            for phrase in phrases {
                let slots = phrase
                    .split_whitespace()
                    .map(|word| made.slot(word, &mut places))
                    .collect();
                made.phrases.push(Phrase {
                    entry: made.entries,
                    slots,
                });
            }
            made.entries += 1;
        }
        made
    }

    fn slot(&mut self, written: &str, places: &mut HashMap<String, usize>) -> usize {
        if let Some(place) = places.get(written) {
            return *place;
        }
        let class = written
            .strip_prefix('@')
            .and_then(|name| CLASSES.iter().find(|(class, _)| *class == name));
        let words = class.map_or(written, |(_, words)| words);
        let meant: Vec<Meant> = words.split_whitespace().map(meant).collect();
        for word in &meant {
            if let Meant::Exactly(word) | Meant::Roughly(word, _) = word {
                self.known.insert(word.clone());
            }
        }
        self.slots.push(meant);
        places.insert(written.to_owned(), self.slots.len() - 1);
        self.slots.len() - 1
    }

    /// How each entry stands in the clauses; `None` where it is not spoken of. What is present somewhere is present.
    #[must_use]
    pub fn read(&self, clauses: &[Clause]) -> Vec<Option<Standing>> {
        let mut found = vec![None; self.entries];
        for clause in clauses.iter().chain(&joined(clauses)) {
            self.read_clause(clause, &mut found);
        }
        found
    }

    fn read_clause(&self, clause: &Clause, found: &mut [Option<Standing>]) {
        let mut places = vec![Vec::new(); self.slots.len()];
        let mut content = Vec::with_capacity(clause.0.len());
        let mut counted = 0;
        for (at, token) in clause.0.iter().enumerate() {
            counted += usize::from(!FILLERS.contains(&token.word.as_str()));
            content.push(counted);
            let letters: Vec<char> = token.word.chars().collect();
            let is_known = self.known.contains(&token.word);
            for (slot, meant) in self.slots.iter().enumerate() {
                let fits = |meant: &Meant| match meant {
                    Meant::ManyPills => is_many_pills(clause, at),
                    meant => fits(meant, &token.word, &letters, is_known),
                };
                if meant.iter().any(fits) {
                    places[slot].push(at);
                }
            }
        }
        for phrase in &self.phrases {
            if phrase.slots.iter().any(|slot| places[*slot].is_empty()) {
                continue;
            }
            let mut chosen = Vec::with_capacity(phrase.slots.len());
            let best = best(clause, phrase, &places, &content, &mut chosen);
            found[phrase.entry] = found[phrase.entry].max(best);
        }
    }
}

fn meant(word: &str) -> Meant {
    if word == "#pills" {
        Meant::ManyPills
    } else if let Some(word) = word.strip_prefix('=') {
        Meant::Exactly(folded(word))
    } else if let Some(word) = word.strip_suffix('*') {
        Meant::Beginning(folded(word))
    } else {
        let word = folded(word);
        let letters = word.chars().collect();
        Meant::Roughly(word, letters)
    }
}

fn fits(meant: &Meant, word: &str, letters: &[char], is_known: bool) -> bool {
    match meant {
        Meant::Exactly(exact) => exact == word,
        Meant::Beginning(start) => word.starts_with(start.as_str()),
        Meant::Roughly(exact, meant) => exact == word || (!is_known && is_misspelling(letters, meant)),
        Meant::ManyPills => false,
    }
}

/// "40 paracetamol", "thirty of the pills"; strengths are no numbers of pills, nor are they taken ten at a time.
fn is_many_pills(clause: &Clause, at: usize) -> bool {
    let number = clause.word(at);
    let is_many = number.parse().is_ok_and(|many: u16| (10..1000).contains(&many)) || is_one_of(NUMBERS, number);
    let mut next = (at + 1..at + 4)
        .map(|at| clause.word(at))
        .skip_while(|word| is_one_of("of x the my his her de mg sleeping strong", word) || word.ends_with("mg"));
    // "40 mg of aspirin" is a strength, "40 500mg tablets" is not.
    is_many && clause.word(at + 1) != "mg" && next.next().is_some_and(|word| is_one_of(PILLS, word))
}

/// The best standing of all ways to find the phrase's words near each other.
fn best(
    clause: &Clause,
    phrase: &Phrase,
    places: &[Vec<usize>],
    content: &[usize],
    chosen: &mut Vec<usize>,
) -> Option<Standing> {
    let Some(slot) = phrase.slots.get(chosen.len()) else {
        return Some(standing(clause, chosen));
    };
    let reach = phrase.slots.len() - 1 + GAP;
    let all = &places[*slot];
    // Only those near the first: a text that says the same word over and over is read as fast as any.
    let from = chosen.first().map_or(0, |first| {
        all.partition_point(|at| content[*at] + reach < content[*first])
    });
    let mut found = None;
    for at in &all[from..] {
        if chosen
            .first()
            .is_some_and(|first| content[*at] > content[*first] + reach)
        {
            break;
        }
        let near = |other: &usize| content[*other].abs_diff(content[*at]) <= reach;
        if chosen.contains(at) || !chosen.iter().all(near) {
            continue;
        }
        chosen.push(*at);
        found = found.max(best(clause, phrase, places, content, chosen));
        chosen.pop();
        if found == Some(Standing::Present) {
            break;
        }
    }
    found
}
