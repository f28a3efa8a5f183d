//! The areas' own stacks: each has the functions that its area answers requests and messages with, and their roles, in
//! `functions/<area>/template.yaml`. The root makes them, and passes what they use of it.

use runtime::Area;
use serde_json::{Map, Value, json};

use super::passing::{Passing, Root};
use super::{MadeFile, PATH, Section, functions, head, logical, parameters, part};
use crate::made::FUNCTIONS;

const HEADER: &str = "\
# Made by `cargo regenerate` from the list in src/lib.rs and from tests/src/made/template/: change those, not this file.
# It is deployed with the template.yaml of the repository's root, which passes the parameters.
";

pub struct Stack {
    area: &'static Area,
    /// What the root passes.
    values: Map<String, Value>,
    /// By their names in a template.
    parts: [(&'static str, Map<String, Value>); 4],
}

/// None for areas of nothing but workers: those stand in the root.
pub fn all(areas: &[&'static Area]) -> Vec<Stack> {
    let root = Root {
        parameters: parameters::parameters(),
        conditions: parameters::conditions(),
    };
    areas.iter().filter_map(|area| stack(area, &root)).collect()
}

fn stack(area: &'static Area, root: &Root) -> Option<Stack> {
    let resources = functions::called(area);
    if resources.is_empty() {
        return None;
    }
    let mut passing = Passing::new(root, &resources);
    let globals = passing.nested_members(&functions::globals());
    let nested = passing.nested_members(&resources);
    let parts = [
        ("Parameters", passing.parameters),
        ("Conditions", passing.conditions),
        ("Globals", globals),
        ("Resources", nested),
    ];
    Some(Stack {
        area,
        values: passing.values,
        parts,
    })
}

impl Stack {
    pub fn file(&self) -> MadeFile {
        let description = format!(
            "Polyclinic: what answers requests and messages of the area `{}`",
            self.area.name
        );
        let mut content = HEADER.to_owned() + &head(&description);
        for (name, members) in self.parts.iter().filter(|(_, members)| !members.is_empty()) {
            content += &part(name, members);
        }
        MadeFile {
            path: path(self.area.name),
            content,
        }
    }

    pub fn id(&self) -> String {
        id(self.area)
    }

    fn resource(&self) -> Value {
        json!({
            "Type": "AWS::Serverless::Application",
            "Properties": { "Location": path(self.area.name), "Parameters": self.values },
        })
    }
}

pub fn section(stacks: &[Stack]) -> Section {
    Section {
        heading: "The areas: what answers requests and messages, each in a stack of its own.".to_owned(),
        resources: stacks.iter().map(|stack| (stack.id(), stack.resource())).collect(),
    }
}

pub fn path(area: &str) -> String {
    format!("{FUNCTIONS}/{area}/{PATH}")
}

pub fn id(area: &Area) -> String {
    logical(area.name) + "Stack"
}

#[cfg(test)]
mod tests {
    use local::areas::AREAS;

    use super::*;
    use crate::made::template::{reference, sub};

    /// Said as in the root again.
    fn unnested(value: &Value, passed: &Map<String, Value>) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| unnested(item, passed)).collect(),
            Value::Object(members) => match members.iter().next() {
                Some((function, Value::String(name))) if function == "Ref" => passed
                    .get(name)
                    .map_or_else(|| reference(name), |value| whole(value).clone()),
                Some((function, Value::String(text))) if function == "Fn::Sub" => sub(&unnested_text(text, passed)),
                _ => members
                    .iter()
                    .map(|(name, value)| (name.clone(), unnested(value, passed)))
                    .collect(),
            },
            plain => plain.clone(),
        }
    }

    /// A list before it was joined.
    fn whole(value: &Value) -> &Value {
        value.get("Fn::Join").map_or(value, |join| &join[1])
    }

    fn unnested_text(text: &str, passed: &Map<String, Value>) -> String {
        let variable = |name: &str| match passed.get(name) {
            Some(value) => value["Ref"].as_str().map_or_else(
                || {
                    let path: Vec<&str> = value["Fn::GetAtt"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .flat_map(Value::as_str)
                        .collect();
                    path.join(".")
                },
                str::to_owned,
            ),
            None => name.to_owned(),
        };
        let mut parts = text.split("${");
        let first = parts.next().unwrap().to_owned();
        parts.fold(first, |text, part| {
            let (name, rest) = part.split_once('}').unwrap();
            format!("{text}${{{}}}{rest}", variable(name))
        })
    }

    #[test]
    fn a_nested_function_has_what_it_would_have_in_the_root() {
        for stack in all(AREAS) {
            let part = |wanted: &str| {
                let (_, members) = stack.parts.iter().find(|(name, _)| *name == wanted).unwrap();
                unnested(&members.clone().into(), &stack.values)
            };
            let globals = Value::from(functions::globals());
            assert_eq!(part("Globals"), globals, "{}", stack.area.name);
            let resources = Value::from(functions::called(stack.area));
            assert_eq!(part("Resources"), resources, "{}", stack.area.name);
            let conditions = part("Conditions");
            let root = parameters::conditions();
            for (name, condition) in conditions.as_object().unwrap() {
                assert_eq!(*condition, root[name], "{}", stack.area.name);
            }
        }
    }
}
