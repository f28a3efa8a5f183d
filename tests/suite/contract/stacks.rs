//! The templates fit together: each names only what it has or is passed, and each function stands in one of them.

use std::collections::{BTreeMap, BTreeSet};

use local::areas::AREAS;
use runtime::Work;
use serde_json::{Map, Value, json};
use tests::made::template::{self, ROOT_NAME, nested_path};

use super::{assert_none, functions};

/// The same in every stack of a deployment.
const EVERYWHERE: [&str; 5] = [
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::Partition",
    "AWS::Region",
    "AWS::URLSuffix",
];
const ROOT_ALONE: [&str; 1] = ["AWS::StackName"];
/// So AWS SAM says of nested applications; CloudFormation takes 200.
const MOST_PARAMETERS: usize = 60;

struct Template {
    path: String,
    body: Value,
}

/// The root first.
fn templates() -> Vec<Template> {
    let files = template::files(AREAS).into_iter();
    files
        .map(|file| Template {
            body: serde_yaml_ng::from_str(&file.content).expect("a template is YAML"),
            path: file.path,
        })
        .collect()
}

impl Template {
    fn is_root(&self) -> bool {
        self.path == template::PATH
    }

    fn part(&self, name: &str) -> Map<String, Value> {
        self.body[name].as_object().cloned().unwrap_or_default()
    }

    fn has(&self, part: &str, name: &str) -> bool {
        self.body[part].get(name).is_some()
    }

    fn of_type(&self, kind: &str) -> Vec<Value> {
        let resources = self.part("Resources");
        let of_type = resources.values().filter(|resource| resource["Type"] == kind);
        of_type.map(|resource| resource["Properties"].clone()).collect()
    }

    /// What it names and nobody in it has.
    fn unknown(&self) -> BTreeSet<String> {
        let mut named = Vec::new();
        name_all(&self.body, &mut named);
        let unknown = named.into_iter().filter(|name| !self.knows(name));
        unknown.map(|name| format!("{name:?} in {}", self.path)).collect()
    }

    fn knows(&self, name: &Name) -> bool {
        match name {
            Name::Thing(name) => {
                let is_pseudo =
                    EVERYWHERE.contains(&name.as_str()) || self.is_root() && ROOT_ALONE.contains(&name.as_str());
                is_pseudo || self.has("Parameters", name) || self.has("Resources", name)
            }
            Name::Resource(name) => self.has("Resources", name),
            Name::Condition(name) => self.has("Conditions", name),
        }
    }

    /// What it passes to the template at that path; none for one that it does not make.
    fn passed_to(&self, path: &str) -> Option<Map<String, Value>> {
        let nested = self.of_type("AWS::Serverless::Application");
        let nested = nested.iter().find(|properties| properties["Location"] == path)?;
        Some(nested["Parameters"].as_object().cloned().unwrap_or_default())
    }
}

#[derive(Debug)]
enum Name {
    /// A parameter or a resource.
    Thing(String),
    Resource(String),
    Condition(String),
}

fn name_all(value: &Value, named: &mut Vec<Name>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| name_all(item, named)),
        Value::Object(members) => {
            for (key, value) in members {
                named.extend(names(key, value));
                name_all(value, named);
            }
        }
        _ => {}
    }
}

fn names(key: &str, value: &Value) -> Vec<Name> {
    let alone = std::slice::from_ref(value);
    let texts = value.as_array().map_or(alone, Vec::as_slice);
    let texts: Vec<&str> = texts.iter().filter_map(Value::as_str).collect();
    let first = texts.get(..1).unwrap_or_default();
    let all = |texts: &[&str], name: fn(String) -> Name| texts.iter().map(|text| name((*text).to_owned())).collect();
    match key {
        "Ref" => all(&texts, Name::Thing),
        "DependsOn" => all(&texts, Name::Resource),
        "Fn::If" | "Condition" => all(first, Name::Condition),
        "Fn::GetAtt" => {
            let resources: Vec<&str> = first.iter().filter_map(|path| path.split('.').next()).collect();
            all(&resources, Name::Resource)
        }
        "Fn::Sub" => texts.into_iter().flat_map(variables).map(variable).collect(),
        _ => Vec::new(),
    }
}

fn variables(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split("${").skip(1);
    parts.filter_map(|part| part.split_once('}').map(|(name, _)| name))
}

fn variable(name: &str) -> Name {
    match name.split_once('.') {
        Some((resource, _)) => Name::Resource(resource.to_owned()),
        None => Name::Thing(name.to_owned()),
    }
}

#[test]
fn a_template_names_only_what_it_has_or_is_passed() {
    let unknown = templates().into_iter().flat_map(|template| template.unknown());
    assert_none(
        unknown
            .map(|unknown| format!("{unknown}, which has no such thing: see template/passing.rs"))
            .collect(),
    );
}

#[test]
fn a_name_that_leads_nowhere_is_found() {
    let with = |path: &str, properties: Value| Template {
        path: path.to_owned(),
        body: json!({
            "Parameters": { "Given": { "Type": "String" } },
            "Conditions": { "HasGiven": { "Fn::Equals": [{ "Ref": "Given" }, ""] } },
            "Resources": { "Queue": { "Type": "AWS::SQS::Queue", "Properties": properties } },
        }),
    };
    let nested = nested_path("identity");
    for known in [
        json!({ "Ref": "Given" }),
        json!({ "Fn::GetAtt": ["Queue", "Arn"] }),
        json!({ "Fn::If": ["HasGiven", { "Fn::Sub": "${Queue.Arn}/${Given}/${AWS::Region}" }, { "Ref": "AWS::NoValue" }] }),
        json!({ "Condition": { "Bool": { "aws:SecureTransport": "false" } } }),
    ] {
        assert_eq!(with(&nested, known).unknown(), BTreeSet::new());
    }
    for unknown in [
        json!({ "Ref": "Table" }),
        json!([{ "Ref": "AWS::StackName" }]),
        json!({ "Fn::GetAtt": ["Given", "Arn"] }),
        json!({ "Fn::GetAtt": "Table.Arn" }),
        json!({ "Name": { "Fn::Sub": "${Given}/${Table}" } }),
        json!({ "Fn::Sub": ["${AWS::StackName}-table", {}] }),
        json!({ "Fn::Sub": "${Table.Arn}" }),
        json!({ "Fn::If": ["HasTable", "", ""] }),
        json!({ "Condition": "HasTable" }),
        json!({ "DependsOn": ["Table"] }),
    ] {
        assert_eq!(with(&nested, unknown.clone()).unknown().len(), 1, "{unknown}");
    }
    let own_name = json!({ "Ref": "AWS::StackName" });
    assert_eq!(with(template::PATH, own_name).unknown(), BTreeSet::new());
}

#[test]
fn the_root_passes_what_the_areas_ask_for() {
    let templates = templates();
    let (root, nested) = templates.split_first().expect("the root is there");
    let mut wrong = Vec::new();
    for template in nested {
        let Some(passed) = root.passed_to(&template.path) else {
            wrong.push(format!("{} is not nested in the root", template.path));
            continue;
        };
        let asked: BTreeSet<String> = template.part("Parameters").keys().cloned().collect();
        let given: BTreeSet<String> = passed.keys().cloned().collect();
        if asked != given {
            wrong.push(format!("{} asks for {asked:?} and is given {given:?}", template.path));
        }
        if asked.len() > MOST_PARAMETERS {
            wrong.push(format!(
                "{} takes {} parameters of {MOST_PARAMETERS}",
                template.path,
                asked.len()
            ));
        }
        if passed.get(ROOT_NAME) != Some(&json!({ "Ref": "AWS::StackName" })) {
            wrong.push(format!("{} does not learn the root's name", template.path));
        }
    }
    assert_none(wrong);
    let made = root.of_type("AWS::Serverless::Application").len();
    assert_eq!(made, nested.len(), "the root nests a template that nothing makes");
}

/// A template with the name and the code of a function in it, said as in the root, at the repository's root.
type Place = (String, String, String);

fn places() -> BTreeMap<String, Vec<Place>> {
    let mut places: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    for template in templates() {
        let folder = template.path.strip_suffix(template::PATH).unwrap_or_default();
        for properties in template.of_type("AWS::Serverless::Function") {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let mut name = text(&properties["FunctionName"]["Fn::Sub"]);
            if !template.is_root() {
                name = name.replace(&format!("${{{ROOT_NAME}}}"), "${AWS::StackName}");
            }
            let code = from_root(folder, &text(&properties["CodeUri"]));
            let function = name.strip_prefix("${AWS::StackName}-").unwrap_or(&name);
            places
                .entry(function.to_owned())
                .or_default()
                .push((template.path.clone(), name.clone(), code));
        }
    }
    places
}

/// A path that is said from a folder.
fn from_root(folder: &str, path: &str) -> String {
    let mut steps: Vec<&str> = Vec::new();
    for step in folder.split('/').chain(path.split('/')) {
        match step {
            "" | "." => {}
            ".." => assert!(steps.pop().is_some(), "{path} leaves the repository"),
            _ => steps.push(step),
        }
    }
    steps.join("/")
}

#[test]
fn every_function_stands_in_one_template_under_its_name() {
    let mut places = places();
    let mut wrong = Vec::new();
    for (area, function) in functions() {
        let path = match function.work {
            Work::Events { .. } => template::PATH.to_owned(),
            Work::Requests { .. } | Work::Sockets { .. } => nested_path(area.name),
        };
        let name = format!("${{AWS::StackName}}-{}", function.name);
        let wanted = (path, name, format!("target/lambda/{}", function.name));
        let found = places.remove(function.name).unwrap_or_default();
        if found != [wanted.clone()] {
            wrong.push(format!(
                "{} must stand as {wanted:?}, and stands as {found:?}",
                function.name
            ));
        }
    }
    wrong.extend(
        places
            .into_keys()
            .map(|name| format!("{name} is no function of any area")),
    );
    assert_none(wrong);
}

#[test]
fn the_apis_call_every_function_by_its_name() {
    const CALL: &str = ":lambda:${AWS::Region}:${AWS::AccountId}:function:${AWS::StackName}-";
    let mut texts = Vec::new();
    let templates = templates();
    let root = templates.first().expect("the root is there");
    texts_of(&root.body["Resources"], &mut texts);
    let calls = texts.iter().filter_map(|text| text.strip_suffix("/invocations"));
    let called: BTreeSet<&str> = calls
        .filter_map(|text| text.split_once(CALL).map(|(_, name)| name))
        .collect();
    let listed: BTreeSet<&str> = functions()
        .filter(|(_, function)| !matches!(function.work, Work::Events { .. }))
        .map(|(_, function)| function.name)
        .collect();
    assert_eq!(called, listed);
}

fn texts_of<'a>(value: &'a Value, texts: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(items) => items.iter().for_each(|item| texts_of(item, texts)),
        Value::Object(members) => members.values().for_each(|member| texts_of(member, texts)),
        _ => {}
    }
}
