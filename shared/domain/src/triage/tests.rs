use proptest::prelude::*;

use super::rules::RULES;
use super::*;
use crate::language::Language;

fn opinion() -> impl Strategy<Value = Opinion> {
    let urgency = prop_oneof![
        Just(Urgency::Low),
        Just(Urgency::Medium),
        Just(Urgency::High),
        Just(Urgency::Emergency)
    ];
    let condition = ("\\PC{0,20}", any::<f64>()).prop_map(|(condition, confidence)| PossibleCondition {
        condition,
        confidence,
        icd10_code: None,
        description: None,
    });
    (urgency, proptest::collection::vec(condition, 0..9), any::<bool>()).prop_map(
        |(urgency, conditions, understood)| Opinion {
            conditions,
            urgency,
            understood,
            ..Opinion::default()
        },
    )
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,80}",
        prop::sample::select(super::cases::CASES).prop_map(|cases| cases.positive.to_owned()),
    ]
}

fn answered(text: &str, local: &Opinion, outer: Option<&Opinion>) -> Answer {
    merge(&Report::of(text), local, outer, Language::En, "112")
}

proptest! {
    #[test]
    fn engines_raise_and_never_lower(text in text(), local in opinion(), outer in opinion()) {
        let alone = answered(&text, &Opinion::default(), None);
        let with = answered(&text, &local, Some(&outer));
        let urgency = |answer: &Answer| answer.primary_recommendation.urgency;
        prop_assert!(urgency(&with) >= urgency(&alone));
        prop_assert_eq!(urgency(&with), urgency(&alone).max(local.urgency).max(outer.urgency));
        prop_assert_eq!(with.books_routine_slot, with.understood && urgency(&with) < Urgency::Emergency);
        prop_assert!(with.possible_conditions.len() <= 5);
        prop_assert!(with.possible_conditions.iter().all(|each| (0.0..=1.0).contains(&each.confidence)));
    }

    #[test]
    fn red_flags_are_the_same_to_the_byte_whatever_engines_say(text in text(), local in opinion(), outer in opinion()) {
        let bytes = |answer: &Answer| serde_json::to_vec(&answer.red_flags).unwrap();
        let alone = answered(&text, &Opinion::default(), None);
        let with = answered(&text, &local, Some(&outer));
        prop_assert_eq!(bytes(&alone), bytes(&with));
        if alone.primary_recommendation.urgency == Urgency::Emergency {
            let primary = |answer: &Answer| serde_json::to_vec(&answer.primary_recommendation).unwrap();
            prop_assert_eq!(primary(&alone), primary(&with));
        }
    }
}

#[test]
fn rules_are_named_once_and_are_urgent() {
    for (at, rule) in RULES.iter().enumerate() {
        assert!(rule.version >= 1 && rule.urgency >= Urgency::High, "{}", rule.id);
        assert!(RULES[..at].iter().all(|other| other.id != rule.id), "{}", rule.id);
    }
    assert!(RULES.len() >= 25);
}

#[test]
fn a_negation_ends_where_a_new_thought_begins() {
    for text in [
        "no fever but chest pain",
        "no fever and I have chest pain",
        "no fever, chest pain",
        "not sure why I have chest pain",
        "I don't feel well I have chest pain",
        "no puedo dormir por el dolor de pecho",
        "बुखार नहीं है लेकिन सीने में दर्द है",
        "my mother has chest pain",
    ] {
        assert!(
            red_flags(&Report::of(text))
                .iter()
                .any(|flag| flag.rule == "chest_pain"),
            "{text}"
        );
    }
    for text in [
        "denies cough or chest pain",
        "sin dolor de pecho",
        "सीने में दर्द नहीं",
        "chest pain: no",
        "without chest pain",
    ] {
        assert!(red_flags(&Report::of(text)).is_empty(), "{text}");
    }
}

#[test]
fn a_right_word_is_no_misspelling() {
    for text in [
        "diabetic for three years",
        "hit my head three weeks before",
        "fewer colds, confused by the form",
    ] {
        assert!(red_flags(&Report::of(text)).is_empty(), "{text}");
    }
}

#[test]
fn the_emergency_number_is_that_of_the_country() {
    use super::emergency_number::{of_calling_code, of_country};
    assert_eq!(
        [of_country("in"), of_country("US"), of_country("ZZ")],
        ["112", "911", "112"]
    );
    assert_eq!(
        [of_calling_code("44"), of_calling_code("1"), of_calling_code("999")],
        ["999", "911", "112"]
    );
}

#[test]
fn an_emergency_says_whom_to_call_in_every_language() {
    for language in Language::ALL {
        let answer = merge(&Report::of("chest pain"), &Opinion::default(), None, language, "911");
        assert!(answer.primary_recommendation.description.contains("911"));
        assert!(!answer.books_routine_slot && answer.additional_recommendations.is_empty());
    }
}

#[test]
fn what_is_not_understood_is_said_to_be_so() {
    for language in Language::ALL {
        let answer = answered_in("blorp zzz", language);
        assert!(!answer.understood && !answer.books_routine_slot);
        let told = &answer.primary_recommendation;
        let understood = answered_in("fever", language);
        assert!(understood.understood && understood.books_routine_slot);
        assert_ne!(told.action, understood.primary_recommendation.action);
        assert!(told.description.contains("911") && understood.primary_recommendation.description.contains("911"));
    }
    let mut report = Report::of("blorp zzz");
    report.symptoms[0].severity = Severity::Severe;
    let answer = merge(&report, &Opinion::default(), None, Language::En, "911");
    assert_eq!(answer.primary_recommendation.action, "See a doctor today");
    assert_eq!(
        answer.additional_recommendations[0].action,
        "We could not understand this"
    );
    // That somebody is pregnant or has a baby tells of nothing that is wrong.
    assert!(!answered_in("I am pregnant and blorp", Language::En).understood);
}

fn answered_in(text: &str, language: Language) -> Answer {
    merge(&Report::of(text), &Opinion::default(), None, language, "911")
}
