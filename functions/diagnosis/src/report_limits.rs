//! How much a report of symptoms may hold: what is longer is no description, and costs time to read.

use domain::refusal::FieldError;
use domain::triage::{Report, Symptom};
use runtime::Problem;

const MOST_SYMPTOMS: usize = 50;
const MOST_ENTRIES: usize = 50;
const OLDEST: u8 = 150;
const LONGEST_DURATION_DAYS: u32 = 150 * 366;

/// In characters.
const LONGEST_SYMPTOM: usize = 500;
const LONGEST_FREQUENCY: usize = 100;
const LONGEST_GENDER: usize = 50;
const LONGEST_ENTRY: usize = 200;
const LONGEST_ADDITION: usize = 2_000;
const LONGEST_TOGETHER: usize = 10_000;

/// All wrong fields at once; none of their values is repeated.
pub fn check(report: &Report) -> Result<(), Problem> {
    let mut errors = Vec::new();
    match report.symptoms.len() {
        0 => errors.push(wrong(
            &["symptoms"],
            "missing",
            "must name at least one symptom".to_owned(),
        )),
        1..=MOST_SYMPTOMS => {}
        _ => errors.push(too_many(&["symptoms"], MOST_SYMPTOMS)),
    }
    for (at, symptom) in report.symptoms.iter().take(MOST_SYMPTOMS).enumerate() {
        check_symptom(symptom, &format!("[{at}]"), &mut errors);
    }
    if report.age.is_some_and(|age| age > OLDEST) {
        errors.push(wrong(&["age"], "invalid", format!("must be at most {OLDEST}")));
    }
    text(&["gender"], report.gender.as_deref(), LONGEST_GENDER, &mut errors);
    let addition = report.additional_info.as_deref();
    text(&["additional_info"], addition, LONGEST_ADDITION, &mut errors);
    for (field, list) in [
        ("medical_history", &report.medical_history),
        ("current_medications", &report.current_medications),
    ] {
        entries(field, list.as_deref().unwrap_or_default(), &mut errors);
    }
    let length = report.complaints().chars().count() + report.background().chars().count();
    if errors.is_empty() && length > LONGEST_TOGETHER {
        let message = format!("all texts together must have at most {LONGEST_TOGETHER} characters");
        errors.push(wrong(&["symptoms"], "invalid", message));
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Problem::invalid(errors))
    }
}

fn check_symptom(symptom: &Symptom, at: &str, errors: &mut Vec<FieldError>) {
    let place = ["symptoms", at, "symptom"];
    if symptom.symptom.trim().is_empty() {
        errors.push(wrong(&place, "missing", "must not be empty".to_owned()));
    }
    text(&place, Some(&symptom.symptom), LONGEST_SYMPTOM, errors);
    let frequency = symptom.frequency.as_deref();
    text(&["symptoms", at, "frequency"], frequency, LONGEST_FREQUENCY, errors);
    if symptom.duration_days.is_some_and(|days| days > LONGEST_DURATION_DAYS) {
        let message = format!("must be at most {LONGEST_DURATION_DAYS}");
        errors.push(wrong(&["symptoms", at, "duration_days"], "invalid", message));
    }
}

fn entries(field: &str, list: &[String], errors: &mut Vec<FieldError>) {
    if list.len() > MOST_ENTRIES {
        errors.push(too_many(&[field], MOST_ENTRIES));
    }
    for (at, entry) in list.iter().take(MOST_ENTRIES).enumerate() {
        text(&[field, &format!("[{at}]")], Some(entry), LONGEST_ENTRY, errors);
    }
}

fn text(place: &[&str], text: Option<&str>, longest: usize, errors: &mut Vec<FieldError>) {
    if text.is_some_and(|text| text.chars().count() > longest) {
        errors.push(wrong(
            place,
            "invalid",
            format!("must have at most {longest} characters"),
        ));
    }
}

fn too_many(place: &[&str], most: usize) -> FieldError {
    wrong(place, "invalid", format!("must have at most {most} entries"))
}

fn wrong(place: &[&str], kind: &str, msg: String) -> FieldError {
    let place = ["body"].iter().chain(place);
    FieldError {
        loc: place.map(|part| (*part).to_owned()).collect(),
        msg,
        kind: kind.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(report: &Report) -> Vec<String> {
        let errors = check(report).err().map(|problem| problem.errors).unwrap_or_default();
        errors.iter().map(|error| error.loc.join(".")).collect()
    }

    #[test]
    fn each_field_has_its_limit() {
        assert!(places(&Report::of("a cough")).is_empty());
        assert_eq!(places(&Report::default()), ["body.symptoms"]);
        assert_eq!(places(&Report::of(" ")), ["body.symptoms.[0].symptom"]);
        let long = |length: usize| Some("x".repeat(length));
        let mut report = Report {
            age: Some(151),
            gender: long(51),
            medical_history: Some(vec![String::new(), "x".repeat(201)]),
            current_medications: Some(vec![String::new(); 51]),
            additional_info: long(2_001),
            ..Report::of(&"x".repeat(501))
        };
        report.symptoms[0].frequency = long(101);
        report.symptoms[0].duration_days = Some(u32::MAX);
        assert_eq!(
            places(&report),
            [
                "body.symptoms.[0].symptom",
                "body.symptoms.[0].frequency",
                "body.symptoms.[0].duration_days",
                "body.age",
                "body.gender",
                "body.additional_info",
                "body.medical_history.[1]",
                "body.current_medications",
            ]
        );
        let many = Report {
            symptoms: vec![Report::of("a cough").symptoms.remove(0); 51],
            ..Report::default()
        };
        assert_eq!(places(&many), ["body.symptoms"]);
        let much = Report {
            symptoms: vec![Report::of(&"x".repeat(500)).symptoms.remove(0); 21],
            ..Report::default()
        };
        assert_eq!(places(&much), ["body.symptoms"]);
    }
}
