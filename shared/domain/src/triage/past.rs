//! What belongs to the past, to somebody who died of it, or to a possibility.
//!
//! Each phrase covers only what stands right beside it, and none counts in a clause that tells of now. That somebody
//! else had it is not enough: who writes about a father "who had chest pain" may be sitting beside him.

use super::negation::is_one_of;
use super::text::Clause;

/// Right before what they cover.
const BEFORE: &[&str] = &[
    "history of",
    "antecedentes de",
    "antecedentes familiares de",
    "antecedente de",
    "risk of",
    "riesgo de",
    "used to have",
    "used to be",
    "used to get",
    "used to suffer",
    "used to suffer from",
    "died of",
    "died from",
    "murio de",
    "murio por",
    "fallecio de",
    "fallecio por",
];
/// Right after what they cover.
const AFTER: &[&str] = &[
    "years ago",
    "year ago",
    "yrs ago",
    "last year",
    "as a child",
    "as a kid",
    "as a teenager",
    "in childhood",
    "in my childhood",
    "when i was a child",
    "when i was a kid",
    "when i was little",
    "when i was young",
    "el ano pasado",
    "de nino",
    "de nina",
    "cuando era nino",
    "cuando era nina",
    "en la infancia",
    "साल पहले",
    "saal pehle",
    "sal pehle",
    "पिछले साल",
    "बचपन",
    "से मौत",
    "से मृत्यु",
    "se maut",
];
/// Words that mean nothing by themselves, between a phrase and what it covers.
const LINKS: &str = "a an the any of in was were about nearly almost some many few several over more than only two three \
    four five six seven eight nine ten twenty thirty once twice severe bad mild un una unos varios muchos mi my hace दो तीन \
    चार पांच दस कई do teen kai";
const HAD: &str = "had suffered tuve tuvo sufri sufrio padecio";
const WHO: &str = "i he she we my his her me father mother dad mum mom grandfather grandmother brother sister uncle aunt \
    mi su padre madre abuelo abuela hermano hermana";
const KIN: &str = "father mother dad mom mum grandfather grandmother grandpa grandma uncle aunt brother sister cousin padre \
    madre papa mama abuelo abuela tio tia hermano hermana";
const PRESENT: &str = "is are am im has hes shes cant cannot not es esta estan tiene";
/// A clause with these is about now.
const NOW: &str = "now today tonight morning just minutes minute hour hours currently again still suddenly ahora hoy minutos \
    hora horas acaba otra sigue todavia aun अभी अब आज फिर मिनट घंटे abhi ab aaj phir ghante";
/// How many links may be passed.
const REACH: usize = 4;

pub(super) fn is_about_now<'a>(mut words: impl Iterator<Item = &'a str>) -> bool {
    words.any(|word| is_one_of(NOW, word))
}

pub(super) fn is_elsewhere(clause: &Clause, chosen: &[usize]) -> bool {
    let (Some(first), Some(last)) = (chosen.iter().min(), chosen.iter().max()) else {
        return false;
    };
    let end = (0..=REACH)
        .map_while(|back| first.checked_sub(back))
        .scan(true, |linked, end| {
            let reached = *linked;
            *linked = end > 0 && is_link(clause.word(end - 1));
            reached.then_some(end)
        });
    let start = (*last + 1..=last + 1 + REACH).scan(true, |linked, start| {
        let reached = *linked;
        *linked = is_link(clause.word(start));
        reached.then_some(start)
    });
    // Cheap questions first: hardly any clause has such a phrase, and most of those are about the past.
    let told = end.into_iter().any(|end| ends_before(clause, end)) || start.into_iter().any(|at| begins_at(clause, at));
    told && !is_about_now(clause.0.iter().map(|token| token.word.as_str()))
}

fn is_link(word: &str) -> bool {
    is_one_of(LINKS, word) || (!word.is_empty() && word.chars().all(|c| c.is_ascii_digit()))
}

/// A phrase that ends before this word covers it.
fn ends_before(clause: &Clause, end: usize) -> bool {
    let phrase = |phrase: &&str| {
        let length = phrase.split(' ').count();
        let start = end.checked_sub(length);
        start.is_some_and(|start| is_at(clause, phrase, start) && !is_denied_habit(clause, phrase, start))
    };
    BEFORE.iter().any(phrase) || ago_and_had(clause, end)
}

/// "Not used to have".
fn is_denied_habit(clause: &Clause, phrase: &str, start: usize) -> bool {
    phrase.starts_with("used") && start > 0 && is_one_of("not never am im is are get", clause.word(start - 1))
}

/// "Ten years ago my father had".
fn ago_and_had(clause: &Clause, end: usize) -> bool {
    let Some(had) = end.checked_sub(1).filter(|at| is_one_of(HAD, clause.word(*at))) else {
        return false;
    };
    let told = (had.saturating_sub(3)..had)
        .rev()
        .find(|at| !is_one_of(WHO, clause.word(*at)));
    let before = |at: usize| at.checked_sub(1).map_or("", |before| clause.word(before));
    told.is_some_and(|at| match clause.word(at) {
        "ago" => is_one_of("years year yrs", before(at)),
        "year" => before(at) == "last",
        "anos" => at
            .checked_sub(2)
            .is_some_and(|hace| clause.word(hace) == "hace" && before(hace) != "desde"),
        _ => false,
    })
}

/// A phrase that begins here covers what goes before.
fn begins_at(clause: &Clause, start: usize) -> bool {
    let phrase = |phrase: &&str| is_at(clause, phrase, start) && clause.word(start + phrase.split(' ').count()) != "of";
    let in_years = |ends: &[&str]| ends.contains(&clause.word(start)) && clause.word(start.saturating_sub(2)) == "hace";
    // "When I was 5".
    let young = is_at(clause, "when i was", start) && clause.word(start + 3).parse().is_ok_and(|age: u8| age < 18);
    AFTER.iter().any(phrase) || in_years(&["anos", "ano"]) || young || of_kin_at_age(clause, start)
}

/// "My father had a stroke at the age of 60" is history unless it goes on in the present.
fn of_kin_at_age(clause: &Clause, start: usize) -> bool {
    let any = |list| clause.0.iter().any(|token| is_one_of(list, &token.word));
    is_at(clause, "at the age of", start) && any(KIN) && !any(PRESENT)
}

fn is_at(clause: &Clause, phrase: &str, start: usize) -> bool {
    phrase
        .split(' ')
        .enumerate()
        .all(|(offset, word)| clause.word(start + offset) == word)
}
