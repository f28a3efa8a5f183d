//! Every function is deployed, as one binary, with its routes.

use std::collections::BTreeSet;
use std::path::PathBuf;

use local::areas::AREAS;
use runtime::Work;
use runtime::socket::{CONNECT, DEFAULT, DISCONNECT};
use tests::made::{self, template, workspace_root};
use tests::sources::{Source, sources};

use super::{assert_fresh, assert_none, functions, module, routes};

/// API Gateway waits no longer.
const GATEWAY_SECONDS: u16 = 30;
/// Nor does a WebSocket API.
const SOCKET_SECONDS: u16 = 29;
/// Lambda takes 64 characters; the stack's name and a hyphen stand before it.
const LONGEST_NAME: usize = 40;

#[test]
fn the_templates_are_what_the_areas_make() {
    assert_fresh(&template::files(AREAS));
}

#[test]
fn every_function_has_a_binary_that_serves_it() {
    let wrong = functions().filter_map(|(area, function)| {
        let path = format!("functions/{}/src/bin/{}.rs", area.name, function.name);
        let wanted = format!("runtime::serve(&{}::{}::FUNCTION)", area.name, module(function));
        let main = std::fs::read_to_string(workspace_root().join(&path)).unwrap_or_default();
        let is_right = main.lines().count() == 3 && main.lines().nth(1).is_some_and(|line| line.trim() == wanted);
        (!is_right).then(|| format!("{path} must be a `main` of one line: {wanted}"))
    });
    assert_none(wrong.collect());
}

#[test]
fn every_binary_is_a_listed_function() {
    let listed: BTreeSet<String> = functions()
        .map(|(area, function)| format!("functions/{}/src/bin/{}.rs", area.name, function.name))
        .collect();
    let binaries = sources("rs").into_iter().filter(Source::is_function_binary);
    let unknown = binaries.filter(|binary| !listed.contains(&binary.path));
    assert_none(
        unknown
            .map(|binary| format!("{} is in no list: name it in its area's `area!`", binary.path))
            .collect(),
    );
}

#[test]
fn every_endpoint_and_worker_is_listed() {
    let listed: BTreeSet<String> = functions()
        .map(|(area, function)| format!("functions/{}/src/{}.rs", area.name, module(function)))
        .collect();
    let all = sources("rs")
        .into_iter()
        .filter(|source| source.path.starts_with("functions/"));
    let written = all.filter(|source| source.text.contains("pub static FUNCTION: Function = "));
    let unlisted = written.filter(|source| !listed.contains(&source.path));
    assert_none(
        unlisted
            .map(|source| format!("{} is in no list: name it in its area's `area!`", source.path))
            .collect(),
    );
}

#[test]
fn names_are_unique_and_fit() {
    let mut seen = BTreeSet::new();
    let wrong = functions().filter_map(|(area, function)| {
        let name = function.name;
        if !seen.insert(name) {
            return Some(format!("{name} of {} exists already: name it differently", area.name));
        }
        (name.len() > LONGEST_NAME).then(|| format!("{name} has more than {LONGEST_NAME} characters: shorten it"))
    });
    assert_none(wrong.collect());
}

#[test]
fn no_route_leads_to_two_functions() {
    let mut seen = BTreeSet::new();
    let twice = routes().filter(|(_, route)| !seen.insert(format!("{} {}", route.method, shape(route.path))));
    let sentence = |function: &str, route: &runtime::Route| {
        format!(
            "{} {} of {function} is taken: make it an alias of the endpoint that has it",
            route.method, route.path
        )
    };
    assert_none(twice.map(|(function, route)| sentence(function.name, route)).collect());
}

#[test]
fn no_type_of_message_leads_to_two_functions() {
    let mut seen = BTreeSet::new();
    let taken = functions().flat_map(|(_, function)| match function.work {
        Work::Sockets { routes, .. } => routes.iter().map(|route| (function.name, *route)).collect::<Vec<_>>(),
        _ => Vec::new(),
    });
    let twice = taken.filter(|(_, route)| !seen.insert(*route));
    let sentence = |(function, route)| format!("{route} of {function} is taken: give it another `type`");
    assert_none(twice.map(sentence).collect());
    for route in [CONNECT, DISCONNECT, DEFAULT] {
        assert!(seen.contains(route), "nobody takes {route}");
    }
}

#[test]
fn the_api_has_room_for_all_routes() {
    let count = template::route_count(AREAS);
    println!(
        "{count} of {} routes, with trailing slashes and the catch-all",
        template::MOST_ROUTES
    );
    assert!(
        count <= template::MOST_ROUTES,
        "{count} routes are more than the quota of {} that the README asks for: ask for more there and here",
        template::MOST_ROUTES
    );
}

#[test]
fn memory_and_time_are_what_lambda_takes() {
    let wrong = functions().filter_map(|(_, function)| {
        let most = match function.work {
            Work::Requests { .. } => GATEWAY_SECONDS,
            Work::Sockets { .. } => SOCKET_SECONDS,
            Work::Events { .. } => 900,
        };
        let fits = (128..=10_240).contains(&function.memory_mb) && (1..=most).contains(&function.timeout_seconds);
        (!fits).then(|| {
            format!(
                "{}: MEMORY_MB from 128 to 10240, TIMEOUT_SECONDS from 1 to {most}",
                function.name
            )
        })
    });
    assert_none(wrong.collect());
}

#[test]
fn exactly_one_function_answers_unknown_routes() {
    let catch_all = functions().filter(|(_, function)| matches!(function.work, Work::Requests { routes: [], .. }));
    let names: Vec<_> = catch_all.map(|(_, function)| function.name).collect();
    assert_eq!(
        names,
        ["answer-unknown-route"],
        "an endpoint without ROUTES is API Gateway's catch-all: give it a route"
    );
}

#[test]
fn nothing_made_is_left_over() {
    let left = made::left_over(AREAS).expect("the folders can be listed");
    let sentence = |path: &PathBuf| {
        let path = path.strip_prefix(workspace_root()).unwrap_or(path);
        format!("{} is made no more: run `cargo regenerate`", path.display())
    };
    assert_none(left.iter().map(sentence).collect());
}

/// Names of parameters do not tell routes apart.
fn shape(path: &str) -> String {
    let segments = path
        .split('/')
        .map(|segment| if segment.starts_with('{') { "{}" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}
