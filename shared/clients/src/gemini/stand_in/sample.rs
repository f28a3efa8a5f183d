//! The least that fits a schema: what a model says that has nothing to say.

use serde_json::{Map, Value};

/// The schema has been checked. What may be null is; lists have one item, unless fewer are allowed at most.
pub(super) fn of(schema: &Value) -> Value {
    if schema["nullable"] == true {
        return Value::Null;
    }
    let number = |keyword: &str| schema[keyword].as_f64();
    match schema["type"].as_str().unwrap_or_default() {
        "STRING" => match schema["enum"].get(0) {
            Some(word) => word.clone(),
            None => "example".into(),
        },
        "NUMBER" => match (number("minimum"), number("maximum")) {
            (Some(least), Some(most)) => ((least + most) / 2.0).into(),
            (least, most) => least.or(most).unwrap_or(0.5).into(),
        },
        "INTEGER" => (number("minimum").unwrap_or(1.0) as i64).into(),
        "BOOLEAN" => true.into(),
        "ARRAY" if number("maxItems") == Some(0.0) => Value::Array(Vec::new()),
        "ARRAY" => Value::Array(vec![of(&schema["items"])]),
        "OBJECT" => {
            let properties = schema["properties"].as_object();
            let members = properties.into_iter().flatten();
            let members: Map<String, Value> = members.map(|(name, schema)| (name.clone(), of(schema))).collect();
            members.into()
        }
        _ => Value::Null,
    }
}
