//! Emergencies as people type and dictate them: without commas, misspelt, with a history, about somebody else, in other
//! languages. Each was missed once or is like one that was.

use proptest::prelude::*;

use super::cases::CASES;
use super::red_flags;
use super::report::Report;

/// Each raises the rule.
const RAISED: &[(&str, &[&str])] = &include!("raised.in");
/// Each raises something.
const URGENT: &[&str] = &include!("urgent.in");
/// None raises any.
const QUIET: &[&str] = &include!("quiet.in");

fn raised(text: &str) -> Vec<&'static str> {
    red_flags(&Report::of(text)).iter().map(|flag| flag.rule).collect()
}

#[test]
fn every_emergency_is_raised() {
    let all = RAISED
        .iter()
        .flat_map(|(rule, texts)| texts.iter().map(move |text| (rule, text)));
    let wrong: Vec<String> = all
        .filter(|(rule, text)| !raised(text).contains(*rule))
        .map(|(rule, text)| format!("{rule} missed: {text} ({:?})", raised(text)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let silent: Vec<&&str> = URGENT.iter().filter(|text| raised(text).is_empty()).collect();
    assert!(silent.is_empty(), "{silent:?}");
    for (rule, _) in RAISED {
        assert!(super::rules::RULES.iter().any(|each| each.id == *rule), "{rule}");
    }
}

#[test]
fn what_is_no_emergency_is_left_alone() {
    let wrong: Vec<String> = QUIET
        .iter()
        .filter(|text| !raised(text).is_empty())
        .map(|text| format!("{:?} raised: {text}", raised(text)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What people deny before they come to the point.
const DENIED: &[&str] = &[
    "no fever",
    "no cough",
    "no runny nose",
    "no sore throat",
    "no allergies",
    "no medicine",
    "no cold or cough",
    "not dizzy",
    "not sleeping well",
    "not taking any medicine",
    "never smoked",
    "neither cough nor cold",
    "denies cough",
    "without any cough",
    "no cough:",
    "no cough -",
    "no cough /",
    "i dont have a cough",
    "no tengo tos",
    "sin tos",
    "no es gripe",
    "nunca he fumado",
    "no fumo ni bebo",
    "खांसी नहीं",
    "khansi nahi hai",
    "जुकाम नहीं है",
];

/// What people tell of before.
const TOLD_OF: &[&str] = &[
    "history of asthma",
    "i have a history of high cholesterol and now",
    "risk of losing my job",
    "my father had diabetes",
    "two years ago i had surgery and",
    "when i was walking",
    "used to smoke",
    "after my vaccine",
    "everyone in my family is worried",
    "soy mayor y desde hace un rato",
    "मेरे पिता को",
];

/// What raises each rule: its own cases and the sentences above.
fn emergency() -> impl Strategy<Value = (&'static str, &'static str)> {
    let of_cases = CASES.iter().flat_map(|cases| {
        let texts = [cases.positive, cases.misspelt].into_iter();
        texts
            .chain(cases.other_languages.iter().copied())
            .map(|text| (cases.rule, text))
    });
    let of_table = RAISED
        .iter()
        .flat_map(|(rule, texts)| texts.iter().map(|text| (*rule, *text)));
    prop::sample::select(of_cases.chain(of_table).collect::<Vec<_>>())
}

#[test]
fn nothing_said_before_switches_a_rule_off() {
    let mut wrong = Vec::new();
    for cases in CASES {
        let texts = [cases.positive, cases.misspelt].into_iter();
        for text in texts.chain(cases.other_languages.iter().copied()) {
            for before in DENIED.iter().chain(TOLD_OF) {
                let text = format!("{before} {text}");
                if !raised(&text).contains(&cases.rule) {
                    wrong.push(format!("{} missed: {text}", cases.rule));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} missed\n{}", wrong.len(), wrong.join("\n"));
}

proptest! {
    #[test]
    fn several_things_said_before_switch_no_rule_off(
        (rule, text) in emergency(),
        before in prop::collection::vec(prop::sample::select([DENIED, TOLD_OF].concat()), 1..4),
    ) {
        let text = format!("{} {text}", before.join(" "));
        prop_assert!(raised(&text).contains(&rule), "{rule} missed: {text}");
    }

    #[test]
    fn any_text_is_read_without_panic(text in "\\PC{0,300}") {
        raised(&text);
    }
}

/// Words repeated to the limit are what a careless reading takes longest over.
#[test]
fn all_that_may_be_sent_is_read() {
    for filler in ["a ", "a,", "no chest ", "no severe sudden pain not ", "or ", "痛"] {
        let many = filler.repeat(9_900 / filler.chars().count());
        assert!(
            raised(&format!("{many}. crushing chest pain")).contains(&"chest_pain"),
            "{filler}"
        );
    }
}

#[test]
fn a_part_and_what_is_wrong_with_it_may_be_told_apart() {
    let mut report = Report::of("pain");
    assert!(red_flags(&report).is_empty());
    report.additional_info = Some("In my chest".to_owned());
    let chest = |report: &Report| red_flags(report).iter().any(|flag| flag.rule == "chest_pain");
    assert!(chest(&report));
    let fever = Report::of("fever for two days").symptoms.remove(0);
    report.symptoms.push(fever);
    assert!(chest(&report));
    report.symptoms[0].symptom = "no pain".to_owned();
    assert!(!chest(&report));
    report.symptoms[0].symptom = "sore knee, dry cough".to_owned();
    assert!(!chest(&report));
}
