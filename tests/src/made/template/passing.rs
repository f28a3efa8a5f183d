//! What a nested template names and the root has. Resources are made as if they stood in the root; here each name of
//! something that is not beside them becomes a parameter of the nested template, which the root passes.
//!
//! Deliberately not here: ways to name things that nothing made here uses, such as variables of a `Fn::Sub` of its own.
//! A test finds every name that leads nowhere.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{attribute, reference, sub};

/// A nested stack has a name of its own, and everything is named after the root.
const OWN_NAME: &str = "AWS::StackName";
pub const ROOT_NAME: &str = "RootStackName";

/// What whoever deploys decides, and what follows from it.
pub struct Root {
    pub parameters: Map<String, Value>,
    pub conditions: Map<String, Value>,
}

/// What is passed to one nested template: only what it uses.
pub struct Passing<'a> {
    root: &'a Root,
    beside: &'a Map<String, Value>,
    /// As the nested template declares them.
    pub parameters: Map<String, Value>,
    /// As the root gives them.
    pub values: Map<String, Value>,
    /// The root's, said of what is passed.
    pub conditions: Map<String, Value>,
}

impl<'a> Passing<'a> {
    /// To a template with these resources.
    pub fn new(root: &'a Root, beside: &'a Map<String, Value>) -> Self {
        Self {
            root,
            beside,
            parameters: Map::new(),
            values: Map::new(),
            conditions: Map::new(),
        }
    }

    /// The same as the nested template says it.
    pub fn nested(&mut self, value: &Value) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.nested(item)).collect(),
            Value::Object(members) => self
                .named(members)
                .unwrap_or_else(|| self.nested_members(members).into()),
            plain => plain.clone(),
        }
    }

    pub fn nested_members(&mut self, members: &Map<String, Value>) -> Map<String, Value> {
        if let Some(condition) = condition(members) {
            self.take_condition(condition);
        }
        let nested = members.iter().map(|(name, value)| (name.clone(), self.nested(value)));
        nested.collect()
    }

    /// None for what names nothing.
    fn named(&mut self, members: &Map<String, Value>) -> Option<Value> {
        let (function, argument) = members.iter().next().filter(|_| members.len() == 1)?;
        match (function.as_str(), argument) {
            ("Ref", Value::String(name)) => Some(reference(&self.parameter(name))),
            ("Fn::Sub", Value::String(text)) => Some(sub(&self.nested_text(text))),
            ("Fn::GetAtt", Value::Array(path)) => match path.as_slice() {
                [Value::String(resource), Value::String(name)] if !self.is_beside(resource) => {
                    Some(reference(&self.attribute(resource, name)))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// What is nested calls what the root calls `name`.
    fn parameter(&mut self, name: &str) -> String {
        match name {
            OWN_NAME => self.pass(ROOT_NAME.to_owned(), reference(name)),
            _ if self.is_beside(name) => name.to_owned(),
            _ => self.pass(name.to_owned(), reference(name)),
        }
    }

    fn attribute(&mut self, resource: &str, name: &str) -> String {
        self.pass(format!("{resource}{name}"), attribute(resource, name))
    }

    fn nested_text(&mut self, text: &str) -> String {
        let mut parts = text.split("${");
        let mut nested = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (variable, rest) = part.split_once('}').expect("a variable ends");
            let name = match variable.split_once('.') {
                Some((resource, name)) if !self.is_beside(resource) => self.attribute(resource, name),
                Some(_) => variable.to_owned(),
                None => self.parameter(variable),
            };
            nested += &format!("${{{name}}}{rest}");
        }
        nested
    }

    fn take_condition(&mut self, name: &str) {
        let root = self.root;
        if let Some(condition) = root
            .conditions
            .get(name)
            .filter(|_| !self.conditions.contains_key(name))
        {
            let condition = self.nested(condition);
            self.conditions.insert(name.to_owned(), condition);
        }
    }

    /// Other pseudo parameters are the same in every stack of a deployment.
    fn is_beside(&self, name: &str) -> bool {
        self.beside.contains_key(name) || (name.starts_with("AWS::") && name != OWN_NAME)
    }

    /// Stacks pass texts: a list goes joined, and is a list again where it arrives.
    fn pass(&mut self, name: String, value: Value) -> String {
        let declared = value.get("Ref").and_then(Value::as_str);
        let declared = declared.and_then(|declared| self.root.parameters.get(declared));
        let kind = declared.map_or("String".into(), |declared| declared["Type"].clone());
        let is_list = kind.as_str().is_some_and(|kind| kind.contains("List"));
        let value = if is_list {
            json!({ "Fn::Join": [",", value] })
        } else {
            value
        };
        assert!(
            !self.beside.contains_key(&name),
            "{name} is the name of a resource as well"
        );
        let before = self.values.insert(name.clone(), value);
        assert!(
            before.is_none_or(|before| before == self.values[&name]),
            "{name} would name two things"
        );
        self.parameters.insert(name.clone(), json!({ "Type": kind }));
        name
    }
}

/// What decides between two values, or whether there is a resource at all.
fn condition(members: &Map<String, Value>) -> Option<&str> {
    let of_choice = members.get("Fn::If").and_then(|arms| arms.get(0));
    of_choice.or(members.get("Condition")).and_then(Value::as_str)
}

/// Every condition that decides something there.
pub fn conditions(value: &Value) -> BTreeSet<&str> {
    match value {
        Value::Array(items) => items.iter().flat_map(conditions).collect(),
        Value::Object(members) => {
            let inside = members.values().flat_map(conditions);
            inside.chain(condition(members)).collect()
        }
        _ => BTreeSet::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> Root {
        let members = |value: Value| value.as_object().cloned().unwrap_or_default();
        Root {
            parameters: members(json!({
                "Origins": { "Type": "CommaDelimitedList", "Default": "" },
                "Days": { "Type": "Number", "Default": 90 },
                "Key": { "Type": "String", "Default": "" },
            })),
            conditions: members(json!({ "HasKey": { "Fn::Not": [{ "Fn::Equals": [reference("Key"), ""] }] } })),
        }
    }

    /// What becomes of a value beside the resource `Mine`.
    fn passed(value: &Value) -> (Value, [Value; 3]) {
        let (root, beside) = (root(), Map::from_iter([("Mine".to_owned(), json!({}))]));
        let mut passing = Passing::new(&root, &beside);
        let nested = passing.nested(value);
        let declared = [passing.parameters, passing.values, passing.conditions];
        (nested, declared.map(Value::from))
    }

    #[test]
    fn what_stands_beside_is_named_as_it_is() {
        let value = json!([
            reference("Mine"),
            attribute("Mine", "Arn"),
            sub("${Mine}-${Mine.Arn}-${AWS::Region}"),
            reference("AWS::NoValue"),
            { "Condition": { "Bool": { "aws:SecureTransport": "false" } } },
        ]);
        assert_eq!(passed(&value), (value, [json!({}), json!({}), json!({})]));
    }

    #[test]
    fn what_stands_in_the_root_is_passed() {
        let value = json!([
            reference("Table"),
            attribute("Table", "Arn"),
            sub("${Table}/${Table.Arn}/${AWS::StackName}"),
            reference("AWS::StackName"),
        ]);
        let nested = json!([
            reference("Table"),
            reference("TableArn"),
            sub("${Table}/${TableArn}/${RootStackName}"),
            reference("RootStackName"),
        ]);
        let text = json!({ "Type": "String" });
        let parameters = json!({ "Table": text, "TableArn": text, "RootStackName": text });
        let values = json!({
            "Table": reference("Table"),
            "TableArn": attribute("Table", "Arn"),
            "RootStackName": reference("AWS::StackName"),
        });
        assert_eq!(passed(&value), (nested, [parameters, values, json!({})]));
    }

    #[test]
    fn a_list_goes_joined_and_a_number_as_one() {
        let value = json!([{ "Fn::Join": [" ", reference("Origins")] }, reference("Days")]);
        let parameters = json!({ "Origins": { "Type": "CommaDelimitedList" }, "Days": { "Type": "Number" } });
        let values = json!({ "Origins": { "Fn::Join": [",", reference("Origins")] }, "Days": reference("Days") });
        assert_eq!(passed(&value), (value, [parameters, values, json!({})]));
    }

    #[test]
    fn a_condition_comes_with_what_it_looks_at() {
        let conditions = json!({ "HasKey": { "Fn::Not": [{ "Fn::Equals": [reference("Key"), ""] }] } });
        let (parameters, values) = (
            json!({ "Key": { "Type": "String" } }),
            json!({ "Key": reference("Key") }),
        );
        for value in [
            json!({ "Fn::If": ["HasKey", "given", reference("AWS::NoValue")] }),
            json!({ "Type": "AWS::SQS::Queue", "Condition": "HasKey" }),
            json!({ "Fn::Not": [{ "Condition": "HasKey" }] }),
        ] {
            let declared = [parameters.clone(), values.clone(), conditions.clone()];
            assert_eq!(passed(&value), (value, declared));
        }
    }

    #[test]
    #[should_panic(expected = "TableArn would name two things")]
    fn two_things_never_share_a_name() {
        passed(&json!([attribute("Table", "Arn"), reference("TableArn")]));
    }
}
