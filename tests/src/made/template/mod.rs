//! `template.yaml` and one more for each area: the product as AWS SAM deploys it.
//!
//! A stack holds 500 resources, so each area has its own, nested in the root's: `stacks.rs`. The root has what they
//! share, what calls them, and the workers. There is a role for each set of rights that functions of an area have, a log
//! group per area, one description of the API with one role that calls, and no versions or aliases.

mod api;
mod failures;
mod field_key;
mod functions;
mod outer_faults;
mod parameters;
mod passing;
mod policy;
mod roles;
mod sockets;
mod stacks;
mod storage;
mod yaml;

use std::collections::BTreeSet;

use runtime::{Area, Function};
use serde_json::{Map, Value, json};

use super::MadeFile;
use stacks::Stack;

pub use api::{MOST_ROUTES, route_count};
pub use passing::ROOT_NAME;
pub use stacks::path as nested_path;

pub const PATH: &str = "template.yaml";

const HEADER: &str = "\
# Made by `cargo regenerate` from the areas' lists of endpoints and workers (functions/*/src/lib.rs), from the tables
# and buckets (shared/store/src/{table,bucket}.rs) and from tests/src/made/template/: change those, not this file.
";

/// What belongs together in the list of resources, under a heading.
struct Section {
    heading: String,
    resources: Map<String, Value>,
}

pub fn files(areas: &[&'static Area]) -> Vec<MadeFile> {
    let stacks = stacks::all(areas);
    let root = MadeFile {
        path: PATH.to_owned(),
        content: root(areas, &stacks),
    };
    let mut files = vec![root];
    files.extend(stacks.iter().map(Stack::file));
    files
}

fn root(areas: &[&'static Area], stacks: &[Stack]) -> String {
    let description = "Polyclinic: the telehealth backend that health apps and medical devices run on";
    let mut text = HEADER.to_owned() + &head(description);
    text += &part("Parameters", &parameters::parameters());
    let sections = sections(areas, stacks);
    text += &part("Conditions", &conditions(&sections));
    text += &part("Globals", &functions::globals());
    text += "\nResources:";
    for section in sections {
        text += &format!("\n  # {}\n", section.heading);
        text += &yaml::block(&section.resources, 1);
    }
    text + &part("Outputs", &outputs())
}

fn head(description: &str) -> String {
    let head = json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Transform": "AWS::Serverless-2016-10-31",
        "Description": description,
    });
    yaml::block(&head, 0)
}

fn part(name: &str, members: &Map<String, Value>) -> String {
    format!("\n{name}:\n{}", yaml::block(members, 1))
}

fn sections(areas: &[&'static Area], stacks: &[Stack]) -> Vec<Section> {
    vec![
        storage::tables(),
        storage::buckets(),
        field_key::section(),
        functions::logs(areas),
        failures::section(),
        outer_faults::section(),
        functions::workers(areas),
        stacks::section(stacks),
        api::section(areas, stacks),
        sockets::section(areas),
    ]
}

/// Those that decide something in the root; the areas' templates have their own.
fn conditions(sections: &[Section]) -> Map<String, Value> {
    let resources = sections.iter().flat_map(|section| section.resources.values());
    let used: BTreeSet<&str> = resources.flat_map(passing::conditions).collect();
    let all = parameters::conditions().into_iter();
    all.filter(|(name, _)| used.contains(name.as_str())).collect()
}

fn outputs() -> Map<String, Value> {
    let output = |description: &str, value: Value| json!({ "Description": description, "Value": value });
    let api = sub("https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}");
    let sockets = sub(&format!("wss://{}", sockets::ADDRESS));
    let failures = reference(failures::QUEUE);
    named([
        (
            "ApiUrl",
            output("Where clients call; the documentation is at /docs", api),
        ),
        (
            "SocketApiUrl",
            output("Where clients of the WebSocket API connect, with a ticket", sockets),
        ),
        (
            "FailedEventsUrl",
            output("The queue of events that no worker could handle", failures),
        ),
    ])
}

fn named<const COUNT: usize>(members: [(&str, Value); COUNT]) -> Map<String, Value> {
    members
        .into_iter()
        .map(|(name, member)| (name.to_owned(), member))
        .collect()
}

/// `log-in` is `LogIn` to CloudFormation.
fn logical(name: &str) -> String {
    let words = name.split(['-', '_']);
    words
        .map(|word| {
            let (first, rest) = word.split_at(word.len().min(1));
            first.to_uppercase() + rest
        })
        .collect()
}

fn function_id(function: &Function) -> String {
    logical(function.name) + "Function"
}

fn reference(name: &str) -> Value {
    json!({ "Ref": name })
}

fn sub(text: &str) -> Value {
    json!({ "Fn::Sub": text })
}

fn attribute(resource: &str, name: &str) -> Value {
    json!({ "Fn::GetAtt": [resource, name] })
}
