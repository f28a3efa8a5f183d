//! How much a record may say. What it says is the client's business: old ones keep members of their own in it.

use serde_json::{Map, Value};

use super::{Data, RecordRefused, file};

/// Of the JSON text: a head, its version and a conflict over it must fit in items of 400 KB, sealed.
pub const LARGEST_BYTES: usize = 100_000;
/// Deeper ones are no forms that people fill in.
const DEEPEST: usize = 12;

pub fn check(data: &Data) -> Result<(), RecordRefused> {
    let bytes = serde_json::to_vec(data).map_or(usize::MAX, |text| text.len());
    if is_deep(data) || bytes > LARGEST_BYTES {
        return Err(RecordRefused::TooLarge);
    }
    file::named(data).map(drop)
}

pub(crate) fn is_deep(data: &Data) -> bool {
    data.values().any(|value| depth(value, 1) > DEEPEST)
}

/// Stops where it is deep enough.
fn depth(value: &Value, at: usize) -> usize {
    if at > DEEPEST {
        return at;
    }
    let deepest = |values: &mut dyn Iterator<Item = &Value>| values.map(|each| depth(each, at + 1)).max();
    match value {
        Value::Array(values) => deepest(&mut values.iter()).unwrap_or(at),
        Value::Object(members) => deepest(&mut members.values()).unwrap_or(at),
        _ => at,
    }
}

/// The same text for the same content, in whatever order its members come.
pub(super) fn canonical(data: &Data) -> String {
    let mut text = String::new();
    write_members(data, &mut text);
    text
}

fn write_members(members: &Map<String, Value>, text: &mut String) {
    let mut names: Vec<&String> = members.keys().collect();
    names.sort_unstable();
    let mut between = '{';
    for name in names {
        text.push(between);
        text.push_str(&Value::from(name.as_str()).to_string());
        text.push(':');
        write_value(&members[name], text);
        between = ',';
    }
    text.push_str(if members.is_empty() { "{}" } else { "}" });
}

fn write_value(value: &Value, text: &mut String) {
    match value {
        Value::Object(members) => write_members(members, text),
        Value::Array(values) => {
            let mut between = '[';
            for value in values {
                text.push(between);
                write_value(value, text);
                between = ',';
            }
            text.push_str(if values.is_empty() { "[]" } else { "]" });
        }
        scalar => text.push_str(&scalar.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn records_have_room_but_not_without_end() {
        let data = |value: Value| value.as_object().unwrap().clone();
        assert_eq!(check(&data(json!({ "notes": "x".repeat(90_000) }))), Ok(()));
        assert_eq!(
            check(&data(json!({ "notes": "x".repeat(100_001) }))),
            Err(RecordRefused::TooLarge)
        );
        let nested = |levels| (0..levels).fold(json!(1), |inner, _| json!([inner]));
        assert_eq!(check(&data(json!({ "a": nested(11) }))), Ok(()));
        assert_eq!(check(&data(json!({ "a": nested(12) }))), Err(RecordRefused::TooLarge));
    }
}
