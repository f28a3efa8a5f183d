use super::*;
use domain::language::Language;
use domain::triage::merge;

#[test]
fn the_parameters_are_sound_and_every_condition_has_words() {
    let model = MODEL.as_ref().unwrap();
    assert_eq!(model.conditions.len(), 49);
    for fitted in &model.conditions {
        assert_eq!(
            (fitted.present.len(), fitted.age.len()),
            (model.features.len(), 9),
            "{}",
            fitted.name
        );
        assert!(conditions::of(&fitted.name).is_some(), "{}", fitted.name);
    }
    assert_eq!(conditions::ALL.len(), 49 + everyday::CONDITIONS.len());
}

#[test]
fn nothing_recognised_is_said_honestly() {
    let opinion = opinion(&Report::of("qwerty zxcvb"));
    assert!(opinion.conditions.is_empty());
    assert_eq!(opinion.specialist, Specialist::GeneralPractitioner);
    assert!(!opinion.understood);
    let mut report = Report::of("qwerty zxcvb");
    report.medical_history = Some(vec!["asthma".into(), "smoker".into()]);
    let answer = merge(&report, &super::opinion(&report), None, Language::En, "112");
    assert!(!answer.understood && !answer.books_routine_slot && answer.possible_conditions.is_empty());
    assert!(super::opinion(&Report::of("dry cough")).understood);
}

/// Text, least urgency, and one of these codes among the first three; none where only the urgency counts.
const VIGNETTES: &[(&str, Urgency, &str)] = &include!("vignettes.in");

#[test]
fn vignettes() {
    let (mut urgent, mut asked, mut first, mut third) = (0, 0, 0, 0);
    for (text, least, codes) in VIGNETTES {
        let report = Report::of(text);
        let answer = merge(&report, &opinion(&report), None, Language::En, "112");
        let urgency = answer.primary_recommendation.urgency;
        let named: Vec<String> = answer
            .possible_conditions
            .iter()
            .filter_map(|c| c.icd10_code.clone())
            .collect();
        let place = named
            .iter()
            .position(|code| codes.split(' ').any(|wanted| code.starts_with(wanted)));
        urgent += usize::from(urgency >= *least);
        if !codes.is_empty() {
            asked += 1;
            first += usize::from(place == Some(0));
            third += usize::from(place.is_some_and(|place| place < 3));
        }
        if urgency < *least || (!codes.is_empty() && place.is_none_or(|place| place >= 3)) {
            println!("{text}: {urgency:?} (at least {least:?}), {named:?} (wanted {codes})");
        }
    }
    println!(
        "urgency reached {urgent} of {}; first {first}, among three {third} of {asked}",
        VIGNETTES.len()
    );
    assert!(urgent * 100 >= VIGNETTES.len() * 90 && third * 100 >= asked * 60);
}

#[test]
fn what_others_name_is_known_by_code_name_or_category_and_worded_by_us() {
    let named = |name, code| known_condition(name, code, 0.5).map(|known| known.condition);
    assert_eq!(named("Grippe", Some("J11.1")).as_deref(), Some("Flu"));
    assert_eq!(named("flu", None).as_deref(), Some("Flu"));
    assert_eq!(named("Influenza", Some("J11.8")).as_deref(), Some("Flu"));
    // Of two in a category neither is meant.
    assert_eq!(named("Headache syndrome", Some("G44.8")), None);
    assert_eq!(named("You are fine, stop your medicine", None), None);
    assert_eq!(named("", Some("Z99.9")), None);
}
