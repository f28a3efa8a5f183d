//! From free text in English, Spanish and Hindi to the names of `training/symptom_features.py`.

use std::sync::LazyLock;

use domain::triage::{Lexicon, Report, Standing};

use super::{clauses, is_present, phrases};

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(phrases::all().map(|(_, phrases)| *phrases)));

/// Signs that are present, each once.
pub fn of(report: &Report) -> Vec<&'static str> {
    let now = LEXICON.read(&clauses(&report.complaints()));
    let before = LEXICON.read(&clauses(&report.background()));
    let stands = |at: usize| {
        let known = before
            .get(at)
            .copied()
            .flatten()
            .is_some_and(|standing| standing != Standing::Denied);
        is_present(now.get(at).copied().flatten()) || known
    };
    let found = phrases::all()
        .enumerate()
        .filter(|(at, _)| stands(*at))
        .flat_map(|(_, (names, _))| names.iter());
    let mut signs = Vec::new();
    for sign in found {
        if !signs.contains(sign) {
            signs.push(*sign);
        }
    }
    signs
}

/// Whether anything was recognised in what is told of the present: illnesses of before say nothing of it.
pub fn complains(report: &Report) -> bool {
    LEXICON.read(&clauses(&report.complaints())).into_iter().any(is_present)
}
