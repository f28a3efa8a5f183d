//! How a match stands in its clause: denied, of the past or of somebody else, or present.
//!
//! In doubt a word counts: a needless alarm costs less than a missed one. So a denial reaches no further than what
//! stands right beside it: between the two only words may come that mean nothing by themselves ("no sign of any
//! fever"), or other things that are denied with "or". Any other word ends it, as people write without commas: "no
//! fever chest pain" is chest pain.

use super::past;
use super::text::{Clause, Standing};

/// These deny what comes right after.
const BEFORE: &str = "no not without denies denied denying deny nor neither never dont doesnt didnt havent hasnt isnt \
    arent wasnt sin niega niego niegan ni nunca tampoco ningun ninguna bina बिना न pas sans aucun aucune jamais nao sem \
    nem nenhum nenhuma kein keine keinen keiner nicht ohne нет не без нету لا ليس بدون لم بلا 没 無 无 不";
/// Followed by these it is none of a symptom: "not sure", "no better", "no puedo".
const NOT_AFTER: &str = "sure only certain better improving improve stop stops stopping stopped going go getting able \
    relieved relief normal just well know idea doubt improvement want working helping settling easing tell such ignore \
    expect puedo puede se para deja cede mejora quiero aguanto logro consigo siento respira responde despierta solo \
    controla quita dejo dejan dejar paro paran parado ha han poder llega llego tanto tanta breathing responding waking \
    clotting eating drinking sleep slept let like this";
/// What may stand between a denial and what it denies.
const LINKS: &str = "a an any of in on at from for had has have having feel feeling felt experience experiencing \
    experienced suffer suffering suffered get got been being seen see noticed sign signs symptom symptoms evidence \
    history complaint complaints complaining complain more new known significant visible obvious sudden severe bad mild \
    real de del un una algun alguna tengo tiene tenia tuve hay me ha habido noto presenta presento sufro señales senales \
    signos sintomas mucho mucha muy du des la le lo da do dos das tenho tem teve ich habe hat haben je jai ai eu у меня \
    يوجد يعاني اعاني من عندي لدي اي 有 是 koi कोई";
/// The next of several that are denied together. "And" may begin a new thought.
const OR: &str = "or nor ni o u ou oder или ya या او 或";
/// So many other words may stand between "or" and the denial or the "or" before.
const WORDS_OF_ALTERNATIVE: usize = 2;
/// These deny what comes right before; Hindi says "not" after the noun.
const AFTER: &str = "नहीं नही nahi nahin nahee nhi absent none nil ausente negativo negative";
/// Beside these a Hindi "not" means "does not stop" or "cannot".
const NOT_BESIDE: &str = "कम रुक रुकता रुकती ठीक बंद काबू सहन बर्दाश्त सो चल समझ पता होश बोल ले उठ जा जाता जाती kam ruk rukta \
    rukti theek thik band bardasht chal pata hosh bol le uth ja jaa jata jati कर kar hil हिल खा पी";
/// What may stand between what is denied and a denial after it.
const LINKS_BACK: &str = "है हैं हो रहा रही रहे कोई बिल्कुल तो भी में को hai hain ho raha rahi rahe hua hui koi bilkul to bhi mein \
    is are was were";
/// An answer to what a form asked: "fever no chest pain yes".
const YES: &str = "yes yeah yep si sí haan han हां हाँ ja oui sim да نعم 有";
/// A denial looks no further.
const REACH: usize = 9;

pub(super) fn is_one_of(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|each| each == word)
}

/// A denial that is itself part of the match, as in "cannot breathe" or "no respira", denies nothing.
pub(super) fn standing(clause: &Clause, chosen: &[usize]) -> Standing {
    let denied = |at: &usize| denied_before(clause, chosen, *at) || denied_after(clause, chosen, *at);
    if chosen.iter().any(denied) && !is_affirmed(clause, chosen) {
        Standing::Denied
    } else if past::is_elsewhere(clause, chosen) {
        Standing::Elsewhere
    } else {
        Standing::Present
    }
}

/// "Yes" right after it.
fn is_affirmed(clause: &Clause, chosen: &[usize]) -> bool {
    let next = chosen.iter().max().and_then(|last| clause.0.get(last + 1));
    next.is_some_and(|token| is_one_of(YES, &token.word))
}

fn denied_before(clause: &Clause, chosen: &[usize], of: usize) -> bool {
    // How many words of an alternative may still be passed; none before an "or" is met.
    let mut spare = 0;
    for at in (of.saturating_sub(REACH)..of).rev() {
        let word = clause.word(at);
        if chosen.contains(&at) || clause.0.get(at + 1).is_some_and(|next| next.after_stop) {
            return false;
        }
        if is_one_of(BEFORE, word) && !is_inert(clause, at) {
            return !is_answer(clause, chosen, at) && !is_the_first_time(clause, chosen, at);
        }
        if is_one_of(OR, word) {
            spare = WORDS_OF_ALTERNATIVE;
        } else if !is_one_of(LINKS, word) {
            if spare == 0 {
                return false;
            }
            spare -= 1;
        }
    }
    false
}

/// "I have never had chest pain like this", "nunca antes".
fn is_the_first_time(clause: &Clause, chosen: &[usize], cue: usize) -> bool {
    let after = chosen.iter().max().map_or(0, |last| last + 1);
    is_one_of("never nunca jamais nie никогда", clause.word(cue))
        && (after..after + 4).any(|at| {
            is_one_of(
                "like before this such so tanto tan asi antes avant vorher",
                clause.word(at),
            )
        })
}

/// "Not sure", "whether or not", "not a day without"; "no" is "in the" in Portuguese.
fn is_inert(clause: &Clause, cue: usize) -> bool {
    let before = cue.checked_sub(1).map_or("", |at| clause.word(at));
    let is_double = || {
        let earlier = cue.saturating_sub(REACH)..cue;
        is_one_of("without sin bina बिना sans sem ohne без بدون", clause.word(cue))
            && earlier.into_iter().any(|at| is_one_of(BEFORE, clause.word(at)))
    };
    let is_in_the =
        || clause.word(cue) == "no" && is_one_of("dor dores aperto pressao peso queimacao sangramento", before);
    is_one_of(NOT_AFTER, clause.word(cue + 1))
        || is_in_the()
        || before == "or" && clause.word(cue) == "not"
        || is_double()
}

/// In "fever: no chest pain: yes" the denial answers what goes before.
fn is_answer(clause: &Clause, chosen: &[usize], cue: usize) -> bool {
    let after_stop = |at: usize| clause.0.get(at).is_some_and(|token| token.after_stop);
    after_stop(cue) && chosen.iter().max().is_some_and(|last| after_stop(last + 1))
}

fn denied_after(clause: &Clause, chosen: &[usize], of: usize) -> bool {
    let mut spare = 0;
    for at in of + 1..clause.0.len().min(of + 1 + REACH) {
        let word = clause.word(at);
        if chosen.contains(&at) {
            return false;
        }
        let last_no = at + 1 == clause.0.len() && word == "no";
        if last_no || is_one_of(AFTER, word) {
            return !is_one_of(NOT_BESIDE, clause.word(at + 1)) && !is_one_of(NOT_BESIDE, clause.word(at - 1));
        }
        if is_one_of(OR, word) {
            spare = WORDS_OF_ALTERNATIVE;
        } else if !is_one_of(LINKS_BACK, word) {
            if spare == 0 {
                return false;
            }
            spare -= 1;
        }
    }
    false
}
