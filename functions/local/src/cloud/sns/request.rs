//! A request of the Query protocol: a form whose lists and maps are spelled out in its field names.

use std::collections::BTreeMap;

use super::answer::Refusal;

pub struct Request {
    fields: BTreeMap<String, String>,
}

impl Request {
    pub fn parse(body: &[u8]) -> Result<Self, Refusal> {
        let fields: Vec<(String, String)> = serde_html_form::from_bytes(body)
            .map_err(|_| Refusal::new("MalformedQueryString", "The body is not a form."))?;
        Ok(Self {
            fields: fields.into_iter().collect(),
        })
    }

    pub fn action(&self) -> &str {
        self.get("Action").unwrap_or("(none)")
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }

    pub fn need(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name)
            .filter(|value| !value.is_empty())
            .ok_or_else(|| Refusal::invalid(format!("{name} Reason: no value")))
    }

    /// `Attributes.entry.1.key=…&Attributes.entry.1.value=…`
    pub fn attributes(&self) -> BTreeMap<String, String> {
        let numbers = 1..=self.fields.len();
        let entry = |number| {
            let key = self.get(&format!("Attributes.entry.{number}.key"))?;
            let value = self.get(&format!("Attributes.entry.{number}.value"))?;
            Some((key.to_owned(), value.to_owned()))
        };
        numbers.map_while(entry).collect()
    }

    /// The fields of the nth member of a list, as a request of their own.
    pub fn member(&self, list: &str, number: usize) -> Option<Self> {
        let prefix = format!("{list}.member.{number}.");
        let fields: BTreeMap<_, _> = self
            .fields
            .range(prefix.clone()..)
            .map_while(|(name, value)| Some((name.strip_prefix(&prefix)?.to_owned(), value.clone())))
            .collect();
        (!fields.is_empty()).then_some(Self { fields })
    }

    /// Message attributes count towards the size of a message.
    pub fn message_attribute_bytes(&self) -> usize {
        let attributes = self
            .fields
            .iter()
            .filter(|(name, _)| name.starts_with("MessageAttributes."));
        attributes.map(|(_, value)| value.len()).sum()
    }
}
