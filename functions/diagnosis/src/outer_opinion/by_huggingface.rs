//! What a zero-shot classifier at Hugging Face thinks: it puts what the local engine names into another order, or, where
//! that names too little, chooses a field of medicine. It says nothing of urgency.

use std::sync::Arc;

use clients::huggingface::{HuggingFaceClient, HuggingFaceSettings, Scored};
use domain::triage::{Engine, Opinion, PossibleCondition, Specialist, Urgency};
use runtime::Context;
use runtime::secrets::Secret;

use super::sent::Sent;
use crate::outer_failure::OuterFailure;

/// More than such a model reads.
const LONGEST_TEXT: usize = 2_000;
/// A classifier must be able to choose nothing of what it is offered.
const SOMETHING_ELSE: &str = "something else";
const NAMED_FROM: f64 = 0.05;

use Specialist as P;

const FIELDS: [(&str, Specialist); 9] = [
    ("heart or circulation problem", P::Cardiologist),
    ("lung or breathing problem", P::Pulmonologist),
    ("stomach or bowel problem", P::Gastroenterologist),
    ("nerve or head problem", P::Neurologist),
    ("bone, joint or muscle problem", P::Rheumatologist),
    ("skin problem", P::Dermatologist),
    ("ear, nose or throat problem", P::EarNoseThroat),
    ("kidney or bladder problem", P::Urologist),
    ("mental health problem", P::Psychiatrist),
];

pub async fn ask(context: &Context, sent: &Sent, local: &Opinion) -> Result<Option<Opinion>, OuterFailure> {
    let client = client(context).await?;
    let text: String = sent.text.chars().take(LONGEST_TEXT).collect();
    let offered = offer(local);
    let mut labels: Vec<&str> = offered.iter().map(|(each, _)| each.condition.as_str()).collect();
    labels.push(SOMETHING_ELSE);
    let scores = client.classify(&text, &labels).await?;
    Ok(opinion(&offered, &scores))
}

/// At least two, or there is nothing to choose.
fn offer(local: &Opinion) -> Vec<(PossibleCondition, Specialist)> {
    if local.conditions.len() >= 2 {
        let mut known: Vec<(PossibleCondition, Specialist)> = Vec::new();
        for condition in &local.conditions {
            // A label is scored once.
            if known.iter().all(|(other, _)| other.condition != condition.condition) {
                known.push((condition.clone(), local.specialist));
            }
        }
        return known;
    }
    let fields = FIELDS.iter().map(|(name, specialist)| {
        let condition = PossibleCondition {
            condition: (*name).to_owned(),
            confidence: 0.0,
            icd10_code: None,
            description: None,
        };
        (condition, *specialist)
    });
    fields.collect()
}

fn opinion(offered: &[(PossibleCondition, Specialist)], scores: &[Scored]) -> Option<Opinion> {
    if scores.first()?.label == SOMETHING_ELSE {
        return None;
    }
    let named = scores.iter().filter(|scored| scored.score >= NAMED_FROM);
    let found = named.filter_map(|scored| {
        let (condition, specialist) = offered.iter().find(|(each, _)| each.condition == scored.label)?;
        let condition = PossibleCondition {
            confidence: (scored.score * 100.0).round() / 100.0,
            ..condition.clone()
        };
        Some((condition, *specialist))
    });
    let found: Vec<_> = found.collect();
    let (_, specialist) = found.first()?;
    Some(Opinion {
        specialist: *specialist,
        conditions: found.into_iter().map(|(condition, _)| condition).collect(),
        urgency: Urgency::Low,
        engine: Engine::Huggingface,
        understood: true,
    })
}

async fn client(context: &Context) -> Result<Arc<HuggingFaceClient>, OuterFailure> {
    let engines = &context.platform.settings.engines;
    let settings = HuggingFaceSettings {
        base_url: engines.huggingface_base_url.clone(),
        model: engines.huggingface_model.clone(),
        token: context.secret(Secret::HuggingFaceToken).await?.to_string(),
        time_limit: engines.huggingface_time_limit,
    };
    Ok(context.platform.shared(|| HuggingFaceClient::new(&settings))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scored(label: &str, score: f64) -> Scored {
        Scored {
            label: label.to_owned(),
            score,
        }
    }

    #[test]
    fn a_field_of_medicine_is_named_where_no_condition_was() {
        let offered = offer(&Opinion::default());
        assert!(offered.len() < clients::huggingface::MOST_LABELS);
        let scores = [
            scored("skin problem", 0.8),
            scored(SOMETHING_ELSE, 0.16),
            scored("nerve or head problem", 0.04),
        ];
        let opinion = opinion(&offered, &scores).unwrap();
        assert_eq!(opinion.specialist, Specialist::Dermatologist);
        assert_eq!(opinion.conditions.len(), 1);
        assert_eq!((opinion.conditions[0].confidence, opinion.urgency), (0.8, Urgency::Low));
    }

    #[test]
    fn nothing_is_named_where_nothing_offered_fits() {
        let offered = offer(&Opinion::default());
        let scores = [scored(SOMETHING_ELSE, 0.7), scored("skin problem", 0.3)];
        assert_eq!(opinion(&offered, &scores), None);
        assert_eq!(opinion(&offered, &[]), None);
    }
}
