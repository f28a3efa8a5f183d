use proptest::prelude::*;
use serde_json::{Value as Json, json, to_string};

use super::*;

fn written(value: &impl serde::Serialize) -> Json {
    serde_json::from_str(&to_string(value).unwrap()).unwrap()
}

#[test]
fn numbers_keep_their_digits() {
    assert_eq!(to_string(&Decimal::parse("70.50").unwrap()).unwrap(), "70.50");
    assert_eq!(to_string(&Decimal::of_probability(0.5).unwrap()).unwrap(), "0.500");
    for no_number in ["", "\"70\"", "null", "{}", "07", "1.", "NaN", "- 1"] {
        assert!(Decimal::parse(no_number).is_none(), "{no_number}");
    }
    assert!(Decimal::of_probability(f32::NAN).is_none());
    let quantity = Value::Quantity(Quantity::ratio(Decimal::of_probability(0.9).unwrap()));
    let subject = Reference::Reference("Patient/1".to_owned());
    let mut observation = Observation::new(Id::new("a"), ResultStatus::Final, "Pulse".into(), subject);
    observation.value = Some(quantity);
    let text = to_string(&Resource::Observation(observation)).unwrap();
    assert!(text.contains(r#""valueQuantity":{"value":0.900,"#), "{text}");
    assert!(text.starts_with(r#"{"resourceType":"Observation","#), "{text}");
}

#[test]
fn what_is_not_there_is_left_out() {
    let condition = Resource::Condition(Condition {
        id: Id::new("c"),
        code: Text::new("Asthma").unwrap().into(),
        subject: Reference::Reference("Patient/1".to_owned()),
        onset_date_time: DateTime::parse("2019-05-01"),
        recorded_date: None,
        asserter: Text::new(" ").map(Reference::Display),
        note: Vec::new(),
    });
    let expected = json!({
        "resourceType": "Condition", "id": "c", "code": { "text": "Asthma" },
        "subject": { "reference": "Patient/1" }, "onsetDateTime": "2019-05-01",
    });
    assert_eq!(written(&condition), expected);
}

#[test]
fn times_are_spelt_as_fhir_does() {
    let parsed = |text: &str| DateTime::parse(text).map(|time| written(&time));
    assert_eq!(parsed("2019-05-01"), Some(json!("2019-05-01")));
    assert_eq!(
        parsed("2019-05-01T10:00:00.123456+02:00"),
        Some(json!("2019-05-01T08:00:00.123Z"))
    );
    for other in ["01/05/2019", "2019-13-01", "soon", "", "-000044-03-15", "0000-01-01"] {
        assert_eq!(parsed(other), None, "{other}");
    }
}

#[test]
fn only_known_genders_are_codes() {
    assert_eq!(Gender::parse(" Female "), Some(Gender::Female));
    assert_eq!(Gender::parse("nonbinary"), None);
}

proptest! {
    #[test]
    fn any_text_becomes_one_that_fhir_takes(text in "\\PC*|.*") {
        if let Some(text) = Text::new(&text) {
            let text = text.as_str();
            let is_taken = |c: char| " \r\n\t".contains(c) || !(c.is_whitespace() || c.is_control() || c == '\u{feff}');
            prop_assert!(!text.is_empty() && text.trim() == text && text.chars().all(is_taken));
        }
    }

    #[test]
    fn any_name_becomes_an_id(text in "\\PC{0,80}") {
        let id = Id::new(text.clone()).to_string();
        prop_assert!((1..=64).contains(&id.len()));
        prop_assert!(id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.'));
        prop_assert_eq!(Id::new(text).to_string(), id);
    }
}
