//! The shape of an answer: the part of OpenAPI's schemas that Gemini takes. It refuses keywords it does not know.

use serde_json::{Map, Value, json};

#[derive(Debug, Clone, PartialEq)]
pub struct Schema(Value);

impl Schema {
    pub fn text() -> Self {
        Self(json!({ "type": "STRING" }))
    }

    pub fn number() -> Self {
        Self(json!({ "type": "NUMBER" }))
    }

    pub fn boolean() -> Self {
        Self(json!({ "type": "BOOLEAN" }))
    }

    /// One of these words.
    pub fn one_of<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let words: Vec<&str> = words.into_iter().collect();
        Self(json!({ "type": "STRING", "enum": words }))
    }

    pub fn list(items: Schema) -> Self {
        Self(json!({ "type": "ARRAY", "items": items.0 }))
    }

    /// Members in the order in which the model shall write them; each is required unless it is [`Schema::optional`].
    pub fn object<const COUNT: usize>(members: [(&str, Schema); COUNT]) -> Self {
        let order: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
        let (mut required, mut properties) = (Vec::new(), Map::new());
        for (name, Schema(mut schema)) in members.clone() {
            let is_optional = schema.as_object_mut().and_then(|schema| schema.remove(OPTIONAL));
            if is_optional.is_none() {
                required.push(name);
            }
            properties.insert(name.to_owned(), schema);
        }
        let object = json!({ "type": "OBJECT", "properties": properties, "required": required });
        if COUNT < 2 {
            return Self(object);
        }
        Self(object).with("propertyOrdering", order.into())
    }

    /// A member that may be missing.
    pub fn optional(self) -> Self {
        self.with(OPTIONAL, true.into())
    }

    pub fn nullable(self) -> Self {
        self.with("nullable", true.into())
    }

    pub fn described(self, text: &str) -> Self {
        self.with("description", text.into())
    }

    pub fn between(self, least: f64, most: f64) -> Self {
        self.with("minimum", least.into()).with("maximum", most.into())
    }

    pub fn at_most(self, items: u32) -> Self {
        self.with("maxItems", items.into())
    }

    pub(super) fn to_json(&self) -> Value {
        self.0.clone()
    }

    fn with(mut self, keyword: &str, value: Value) -> Self {
        if let Some(schema) = self.0.as_object_mut() {
            schema.insert(keyword.to_owned(), value);
        }
        self
    }
}

/// Only between [`Schema::optional`] and [`Schema::object`]: it is never sent.
const OPTIONAL: &str = "optional";
