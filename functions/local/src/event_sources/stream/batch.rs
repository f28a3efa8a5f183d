//! The event of a batch, and what the function's answer says about it.

use serde_json::{Value, json};

pub fn event(records: Vec<Value>) -> Value {
    json!({ "Records": records })
}

/// The answer cannot be read, so that the whole batch counts as failed.
#[derive(Debug, PartialEq, Eq)]
pub struct Malformed;

/// The lowest failed record. No answer, or an empty list, means that all went well.
pub fn first_failed(answer: &Value, sequences: &[&str]) -> Result<Option<usize>, Malformed> {
    let failures = match answer.get("batchItemFailures") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(failures)) => failures,
        Some(_) => return Err(Malformed),
    };
    let mut lowest = None;
    for failure in failures {
        let identifier = failure.get("itemIdentifier").and_then(Value::as_str).ok_or(Malformed)?;
        let index = sequences
            .iter()
            .position(|sequence| *sequence == identifier)
            .ok_or(Malformed)?;
        lowest = Some(lowest.map_or(index, |lowest: usize| lowest.min(index)));
    }
    Ok(lowest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEQUENCES: [&str; 3] = ["100", "101", "102"];

    #[test]
    fn nothing_failed_when_nothing_is_said() {
        for answer in [
            json!(null),
            json!({}),
            json!({ "batchItemFailures": [] }),
            json!({ "batchItemFailures": null }),
        ] {
            assert_eq!(first_failed(&answer, &SEQUENCES), Ok(None));
        }
    }

    #[test]
    fn the_lowest_failed_record_counts_whatever_the_order() {
        let answer = json!({ "batchItemFailures": [{ "itemIdentifier": "102" }, { "itemIdentifier": "101" }] });
        assert_eq!(first_failed(&answer, &SEQUENCES), Ok(Some(1)));
    }

    #[test]
    fn an_answer_that_names_no_record_of_the_batch_fails_it_whole() {
        for identifier in [json!("999"), json!(""), json!(null), json!(101)] {
            let answer = json!({ "batchItemFailures": [{ "itemIdentifier": identifier }] });
            assert_eq!(first_failed(&answer, &SEQUENCES), Err(Malformed));
        }
        assert_eq!(
            first_failed(&json!({ "batchItemFailures": "all" }), &SEQUENCES),
            Err(Malformed)
        );
    }
}
