//! Which conditions fit what people describe: naive Bayes on what they say, what they do not say being unknown.
//!
//! Parameters of 49 conditions are fitted (`training/fit_symptoms.py`); a few everyday ones are set by hand in
//! [`everyday`]. Not here: red flags and the merging of urgencies, which are `domain::triage`.

mod conditions;
mod everyday;
mod evidence;
mod phrases;

use std::sync::LazyLock;

use domain::triage::{Engine, Opinion, PossibleCondition, Report, Specialist, Standing, Urgency, clauses};
use serde::Deserialize;

use conditions::Known;

static PARAMETERS: &str = include_str!("../../weights/symptoms.json");

#[derive(Deserialize)]
struct Parameters {
    temperature: f64,
    features: Vec<String>,
    conditions: Vec<Fitted>,
}

/// Natural logarithms in hundredths.
#[derive(Deserialize)]
struct Fitted {
    name: String,
    prior: i32,
    female: i32,
    male: i32,
    age: Vec<i32>,
    present: Vec<i32>,
}

static MODEL: LazyLock<Option<Parameters>> = LazyLock::new(|| serde_json::from_str(PARAMETERS).ok());

/// Edges of the bands of age, as in `training/symptom_features.py`.
const AGE_EDGES: [u8; 8] = [2, 5, 12, 18, 30, 45, 60, 75];
/// With fewer signs than this the answer is held to be less sure, whatever the arithmetic says.
const SIGNS_TO_BE_SURE: f64 = 4.0;
/// No list of words makes a diagnosis.
const SUREST: f64 = 0.85;
/// A condition less likely than this is not named, nor raises the urgency.
const NAMED_FROM: f64 = 0.03;
const URGENT_FROM: f64 = 0.15;

/// What the local engine thinks. Where no complaint is recognised, whatever is known of before, it names nothing and sends to a general practitioner.
#[must_use]
pub fn opinion(report: &Report) -> Opinion {
    let (said, understood) = (evidence::of(report), evidence::complains(report));
    let ranked = MODEL
        .as_ref()
        .filter(|_| understood)
        .map(|model| rank(model, report, &said));
    let ranked = ranked.unwrap_or_default();
    let named = ranked
        .iter()
        .take(5)
        .filter(|(_, confidence)| *confidence >= NAMED_FROM);
    let conditions = named
        .filter_map(|(name, confidence)| named_condition(name, *confidence))
        .collect();
    let grave = ranked.iter().filter(|(_, confidence)| *confidence >= URGENT_FROM);
    let urgency = grave
        .filter_map(|(name, _)| conditions::of(name))
        .map(|known| known.urgency)
        .max();
    let specialist = ranked
        .first()
        .and_then(|(name, _)| conditions::of(name))
        .map(|known| known.specialist);
    Opinion {
        conditions,
        urgency: urgency.unwrap_or(if understood { Urgency::Low } else { Urgency::Medium }),
        specialist: specialist.unwrap_or(Specialist::GeneralPractitioner),
        engine: Engine::LocalRuleBased,
        understood,
    }
}

fn named_condition(name: &str, confidence: f64) -> Option<PossibleCondition> {
    conditions::of(name).map(|known| in_our_words(known, confidence))
}

fn in_our_words(known: &Known, confidence: f64) -> PossibleCondition {
    PossibleCondition {
        condition: known.name.to_owned(),
        confidence: (confidence * 100.0).round() / 100.0,
        icd10_code: Some(known.icd10.to_owned()),
        description: Some(known.description.to_owned()),
    }
}

/// What another engine names, in our words; none where we do not know it.
#[must_use]
pub fn known_condition(name: &str, icd10: Option<&str>, confidence: f64) -> Option<PossibleCondition> {
    called(name, icd10).map(|known| in_our_words(known, confidence))
}

/// What somebody else calls by this name or code of ICD-10, if it is ours: the code decides, then the name, then a
/// category that only one of ours is in.
fn called(name: &str, icd10: Option<&str>) -> Option<&'static Known> {
    let by_code = |code: &str| conditions::ALL.iter().find(|known| known.icd10 == code);
    let by_name = || {
        let name = name.trim();
        conditions::ALL
            .iter()
            .find(|known| known.name.eq_ignore_ascii_case(name) || known.key.eq_ignore_ascii_case(name))
    };
    let category = |code: &str| {
        let category = code.get(..3)?;
        let mut inside = conditions::ALL.iter().filter(|known| known.icd10.starts_with(category));
        inside.next().filter(|_| inside.next().is_none())
    };
    icd10
        .and_then(by_code)
        .or_else(by_name)
        .or_else(|| icd10.and_then(category))
}

/// All that can be named.
pub fn condition_names() -> impl Iterator<Item = &'static str> {
    conditions::ALL.iter().map(|known| known.name)
}

/// Conditions by confidence, surest first.
fn rank<'a>(model: &'a Parameters, report: &Report, said: &[&str]) -> Vec<(&'a str, f64)> {
    let places: Vec<usize> = said
        .iter()
        .filter_map(|sign| model.features.iter().position(|feature| feature == sign))
        .collect();
    let fitted = model
        .conditions
        .iter()
        .map(|each| (each.name.as_str(), score(each, report, &places)));
    // Signs that the knowledge base does not ask for are rare in all its conditions.
    let unasked = (said.len() - places.len()) as f64 * everyday::RARE.ln();
    let fitted = fitted.map(|(name, score)| (name, score + unasked));
    let by_hand = everyday::CONDITIONS
        .iter()
        .map(|each| (each.name, everyday::score(each, said)));
    let mut scores: Vec<(&str, f64)> = fitted
        .chain(by_hand)
        .map(|(name, s)| (name, s / model.temperature))
        .collect();
    let top = scores.iter().map(|(_, score)| *score).fold(f64::MIN, f64::max);
    let total: f64 = scores.iter().map(|(_, score)| (score - top).exp()).sum();
    let known = (said.len() as f64 / SIGNS_TO_BE_SURE).min(1.0).sqrt();
    for (_, score) in &mut scores {
        *score = (*score - top).exp() / total * known * SUREST;
    }
    scores.sort_by(|a, b| b.1.total_cmp(&a.1));
    scores
}

fn score(fitted: &Fitted, report: &Report, places: &[usize]) -> f64 {
    let present: i32 = places.iter().filter_map(|at| fitted.present.get(*at)).sum();
    let band = report
        .age
        .map(|age| AGE_EDGES.iter().filter(|edge| age >= **edge).count());
    let age = band.and_then(|band| fitted.age.get(band)).copied().unwrap_or(-220);
    let sex = match report
        .gender
        .as_deref()
        .and_then(|g| g.trim().chars().next())
        .map(|c| c.to_ascii_lowercase())
    {
        Some('f' | 'w') => fitted.female,
        Some('m') => fitted.male,
        _ => -69,
    };
    f64::from(fitted.prior + age + sex + present) / 100.0
}

fn is_present(standing: Option<Standing>) -> bool {
    standing == Some(Standing::Present)
}

#[cfg(test)]
mod tests;
