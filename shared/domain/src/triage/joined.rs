//! A part of the body told in one clause or field, and what is wrong with it in another: "my chest, it hurts a lot".
//!
//! Two clauses are read as one where one of them says nothing else: "pain in my legs, arms and chest" is of the chest.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::text::{Clause, folded};
use super::words::{CLASSES, FILLERS};

const PARTS: &[&str] = &[
    "chest", "heart", "head", "belly", "face", "limb", "neck", "throat", "testicle", "eye", "back", "leg",
];
const WRONG: &[&str] = &["pain", "swell", "weak", "droop", "stiff"];
/// Parts that the tables have no class of.
const OTHER_PARTS: &str = "knee knees foot feet ankle ankles elbow shoulder shoulders wrist finger fingers toe toes hip hips \
    ear ears nose tooth teeth jaw skin breast breasts muscle muscles joint joints rodilla rodillas pie pies tobillo hombro \
    hombros dedo dedos oreja oido diente muela ghutna kandha घुटना घुटने कंधा कान दांत एड़ी body cuerpo";
/// These say nothing else either.
const BARE: &str = "really so lot much bad badly there here since today yesterday also and that this feels feeling feel with \
    does mucho mucha tanto ahi aqui desde hoy ayer y que es whole entire area part side region left right inside around \
    severe mild moderate sharp dull strong constant now always it its located location type bahut yahan";

static PART_WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| words(PARTS, OTHER_PARTS));
static WRONG_WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| words(WRONG, ""));
static BARE_WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let mut bare = words(&["severe", "sudden"], BARE);
    bare.extend(FILLERS.iter().map(|word| folded(word)));
    bare
});

fn words(classes: &[&str], others: &str) -> HashSet<String> {
    let of_classes = CLASSES.iter().filter(|(name, _)| classes.contains(name));
    let lists = of_classes.map(|(_, words)| *words).chain([others]);
    lists.flat_map(str::split_whitespace).map(folded).collect()
}

struct Told<'a> {
    clause: &'a Clause,
    has_part: bool,
    has_wrong: bool,
    /// It says only where, or only what.
    is_bare: bool,
}

impl<'a> Told<'a> {
    fn by(clause: &'a Clause) -> Self {
        let mut told = Self {
            clause,
            has_part: false,
            has_wrong: false,
            is_bare: true,
        };
        for token in &clause.0 {
            let word = &token.word;
            let (is_part, is_wrong) = (PART_WORDS.contains(word), WRONG_WORDS.contains(word));
            told.has_part |= is_part;
            told.has_wrong |= is_wrong;
            told.is_bare &= is_part || is_wrong || BARE_WORDS.contains(word);
        }
        told
    }

    fn says_where(&self) -> bool {
        self.has_part && !self.has_wrong
    }

    fn ends_with_part(&self) -> bool {
        let last = self.clause.0.last();
        last.is_some_and(|token| PART_WORDS.contains(&token.word))
    }

    fn says_what(&self) -> bool {
        self.has_wrong && !self.has_part
    }
}

/// The clauses that come of it. Bare ones of each kind are joined however far apart: they may be two fields.
pub(super) fn joined(clauses: &[Clause]) -> Vec<Clause> {
    let told: Vec<Told<'_>> = clauses.iter().map(Told::by).collect();
    let neighbours = told.windows(2).filter_map(|pair| {
        let [first, second] = pair else { return None };
        if first.has_wrong && second.is_bare && second.says_where() {
            Some(pain_there(first, second))
        } else if second.has_wrong && first.is_bare && first.says_where() {
            Some(pain_there(second, first))
        } else if second.is_bare && second.says_what() && first.ends_with_part() {
            // "No sore throat my chest, it hurts."
            let last = Clause(first.clause.0.last().cloned().into_iter().collect());
            Some(pain_there(second, &Told::by(&last)))
        } else if first.says_where() && second.is_bare && second.says_what()
            || first.is_bare && first.says_what() && second.says_where()
        {
            Some(Clause(first.clause.0.iter().chain(&second.clause.0).cloned().collect()))
        } else {
            None
        }
    });
    let what = told.iter().find(|each| each.is_bare && each.says_what());
    let apart = what.into_iter().flat_map(|what| {
        let places = told.iter().filter(|each| each.is_bare && each.says_where());
        places.map(|place| pain_there(what, place))
    });
    neighbours.chain(apart).collect()
}

/// What is wrong, with all that denies it, and the parts alone.
fn pain_there(what: &Told<'_>, place: &Told<'_>) -> Clause {
    let words = &what.clause.0;
    let last = words.iter().rposition(|token| WRONG_WORDS.contains(&token.word));
    let what = words.iter().take(last.map_or(0, |last| last + 1));
    let parts = place.clause.0.iter().filter(|token| PART_WORDS.contains(&token.word));
    Clause(what.chain(parts).cloned().collect())
}
