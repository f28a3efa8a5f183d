//! `template.yaml`: the whole stack as AWS SAM deploys it.
//!
//! One stack must hold it: a role for each set of rights that functions of an area have, a log group per area, one description of the API with one role
//! that calls, and no versions or aliases.

mod api;
mod failures;
mod field_key;
mod functions;
mod outer_faults;
mod parameters;
mod policy;
mod roles;
mod sockets;
mod storage;
mod yaml;

use runtime::{Area, Function};
use serde_json::{Map, Value, json};

use super::MadeFile;

pub use api::{MOST_ROUTES, route_count};

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

pub fn file(areas: &[&'static Area]) -> MadeFile {
    MadeFile {
        path: PATH.to_owned(),
        content: template(areas),
    }
}

fn template(areas: &[&'static Area]) -> String {
    let head = json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Transform": "AWS::Serverless-2016-10-31",
        "Description": "Polyclinic: the telehealth backend that health apps and medical devices run on",
    });
    let mut text = HEADER.to_owned();
    text += &yaml::block(&head, 0);
    for (name, part) in [
        ("Parameters", parameters::parameters()),
        ("Conditions", parameters::conditions()),
        ("Globals", functions::globals()),
    ] {
        text += &format!("\n{name}:\n{}", yaml::block(&part, 1));
    }
    text += "\nResources:";
    for section in sections(areas) {
        text += &format!("\n  # {}\n", section.heading);
        text += &yaml::block(&section.resources.into(), 1);
    }
    text + "\nOutputs:\n" + &yaml::block(&outputs(), 1)
}

fn sections(areas: &[&'static Area]) -> Vec<Section> {
    let mut sections = vec![
        storage::tables(),
        storage::buckets(),
        field_key::section(),
        failures::section(),
        outer_faults::section(),
    ];
    sections.extend(areas.iter().map(|area| functions::section(area)));
    sections.push(api::section(areas));
    sections.push(sockets::section(areas));
    sections
}

fn outputs() -> Value {
    json!({
        "ApiUrl": {
            "Description": "Where clients call; the documentation is at /docs",
            "Value": sub("https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}"),
        },
        "SocketApiUrl": {
            "Description": "Where clients of the WebSocket API connect, with a ticket",
            "Value": sub(&format!("wss://{}", sockets::ADDRESS)),
        },
        "FailedEventsUrl": {
            "Description": "The queue of events that no worker could handle",
            "Value": reference(failures::QUEUE),
        },
    })
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
