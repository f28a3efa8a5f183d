//! The documentation is complete and hangs together.

use std::collections::BTreeSet;

use local::areas::AREAS;
use serde_json::Value;
use tests::made::openapi;

use super::{assert_fresh, assert_none, routes};

pub fn document() -> Value {
    serde_json::from_str(&openapi::file(AREAS).content).unwrap()
}

fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let of_path = |(path, methods): (&String, &'_ Value)| -> Vec<String> {
        methods
            .as_object()
            .unwrap()
            .keys()
            .map(|method| format!("{} {path}", method.to_uppercase()))
            .collect()
    };
    let names = paths.iter().flat_map(of_path);
    let values = paths.values().flat_map(|methods| methods.as_object().unwrap().values());
    names.zip(values).collect()
}

#[test]
fn the_document_is_what_the_areas_make() {
    assert_fresh(&[openapi::file(AREAS)]);
}

#[test]
fn every_route_is_documented_and_nothing_else() {
    let document = document();
    let mut documented: Vec<String> = operations(&document).into_iter().map(|(name, _)| name).collect();
    let mut listed: Vec<String> = routes()
        .map(|(_, route)| format!("{} {}", route.method, route.path))
        .collect();
    documented.sort();
    listed.sort();
    assert_eq!(
        documented, listed,
        "runtime::openapi::document leaves out or adds a route"
    );
}

#[test]
fn operation_ids_are_unique() {
    let document = document();
    let mut seen = BTreeSet::new();
    let ids = operations(&document)
        .into_iter()
        .map(|(_, operation)| operation["operationId"].to_string());
    let twice = ids.filter(|id| !seen.insert(id.clone()));
    assert_none(
        twice
            .map(|id| format!("the operation id {id} is used twice: rename an endpoint"))
            .collect(),
    );
}

#[test]
fn path_parameters_are_those_of_the_path() {
    let document = document();
    let wrong = operations(&document).into_iter().filter_map(|(route, operation)| {
        let described = operation["parameters"].as_array().into_iter().flatten();
        let described = described
            .filter(|parameter| parameter["in"] == "path")
            .map(|parameter| parameter["name"].as_str().unwrap());
        let described: BTreeSet<&str> = described.collect();
        let path = route.split_once(' ').map_or("", |(_, path)| path);
        let named = path
            .split('/')
            .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
        let named: BTreeSet<&str> = named.collect();
        (described != named)
            .then(|| format!("{route}: its `Path` input has {described:?}; give it the members {named:?}"))
    });
    assert_none(wrong.collect());
}

#[test]
fn every_operation_says_what_it_answers() {
    let document = document();
    let silent = operations(&document).into_iter().filter(|(_, operation)| {
        let answers = operation["responses"].as_object().unwrap();
        !answers.contains_key("default") || !answers.keys().any(|status| status.starts_with(['2', '3']))
    });
    assert_none(
        silent
            .map(|(route, _)| format!("{route}: its Output describes no answer; see runtime::answer"))
            .collect(),
    );
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut broken = Vec::new();
    visit(&document, &mut |value| {
        if let Some(target) = value.get("$ref").and_then(Value::as_str) {
            let is_there = target
                .strip_prefix('#')
                .is_some_and(|pointer| document.pointer(pointer).is_some());
            if !is_there {
                broken.push(format!(
                    "{target} leads nowhere: two types share a name, or a schema was not taken over"
                ));
            }
        }
    });
    assert_none(broken);
}

#[test]
fn schemas_have_names_of_their_own() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let numbered = schemas.keys().filter(|name| schemas.contains_key(&format!("{name}2")));
    let sentence = |name: &String| format!("two types are called {name}: give one `#[schemars(rename = \"…\")]`");
    assert_none(numbered.map(sentence).collect());
}

fn visit(value: &Value, see: &mut impl FnMut(&Value)) {
    see(value);
    match value {
        Value::Array(items) => items.iter().for_each(|item| visit(item, see)),
        Value::Object(members) => members.values().for_each(|member| visit(member, see)),
        _ => {}
    }
}
