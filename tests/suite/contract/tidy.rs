//! Files and functions that one can read, under names that say what they are.

use runtime::{Function, Work};
use tests::made::workspace_root;
use tests::sources::{Source, sources};

use super::{assert_none, functions, module};

const LONGEST_FILE: usize = 500;
const LONGEST_FUNCTION: usize = 60;
/// Names of a concept that was not found.
const VAGUE: [&str; 7] = ["util", "utils", "helper", "helpers", "common", "misc", "manager"];

#[test]
fn a_file_has_at_most_500_lines() {
    let all = ["rs", "py", "html"].into_iter().flat_map(sources);
    let long = all.filter(|source| source.text.lines().count() > LONGEST_FILE);
    assert_none(
        long.map(|source| format!("{} is too long: give each concept a file", source.path))
            .collect(),
    );
}

#[test]
fn a_function_fits_a_screen() {
    let all = sources("rs");
    let long = all.iter().flat_map(|source| {
        let long = source
            .functions()
            .into_iter()
            .filter(|function| function.line_count > LONGEST_FUNCTION);
        long.map(|function| {
            let (name, line, length) = (function.name, function.first_line, function.line_count);
            format!(
                "{}:{line}: `{name}` has {length} lines, more than {LONGEST_FUNCTION}: split it",
                source.path
            )
        })
    });
    assert_none(long.collect());
}

#[test]
fn nothing_is_left_for_later() {
    let marks = [["TO", "DO"].concat(), ["FIX", "ME"].concat(), ["dbg", "!("].concat()];
    let all = ["rs", "py", "html"].into_iter().flat_map(sources);
    let left = all.filter_map(|source| {
        let place = source
            .text
            .lines()
            .position(|line| marks.iter().any(|mark| line.contains(mark)))?;
        Some(format!(
            "{}:{}: finish it, or open an issue and say nothing here",
            source.path,
            place + 1
        ))
    });
    assert_none(left.collect());
}

#[test]
fn modules_are_named_after_a_concept() {
    let is_vague = |source: &Source| {
        let inside = source
            .path
            .split_once("/src/")
            .map_or(source.path.as_str(), |(_, inside)| inside);
        inside
            .trim_end_matches(".rs")
            .split('/')
            .any(|name| VAGUE.contains(&name))
    };
    let vague = sources("rs").into_iter().filter(is_vague);
    assert_none(
        vague
            .map(|source| format!("{}: name it after what it is about", source.path))
            .collect(),
    );
}

#[test]
fn every_module_says_what_it_is() {
    let is_part = |source: &Source| !source.path.starts_with("tests/suite/") && source.file_name() != "tests.rs";
    let silent = sources("rs")
        .into_iter()
        .filter(|source| is_part(source) && !source.is_function_binary());
    let silent = silent.filter(|source| !source.text.starts_with("//! "));
    assert_none(
        silent
            .map(|source| format!("{} must begin with `//!` and what is in it", source.path))
            .collect(),
    );
}

#[test]
fn an_endpoint_is_one_file_under_its_name() {
    let wrong = functions().filter_map(|(area, function)| {
        let path = format!("functions/{}/src/{}.rs", area.name, module(function));
        let Ok(text) = std::fs::read_to_string(workspace_root().join(&path)) else {
            return Some(format!("{} belongs into {path}", function.name));
        };
        let (first, kind) = (first_words(function), pascal(function.name));
        if !text.starts_with(&first) {
            return Some(format!("{path} must begin with: {first}"));
        }
        (!text.contains(&format!("pub struct {kind};"))).then(|| format!("{path}: its type must be called {kind}"))
    });
    assert_none(wrong.collect());
}

/// What a caller needs, before all else.
fn first_words(function: &Function) -> String {
    match function.work {
        Work::Requests { routes: [], .. } => "//! ".to_owned(),
        Work::Requests {
            routes: [route, ..], ..
        } => format!("//! `{} {}`", route.method, route.path),
        Work::Events { .. } => "//! Worker: ".to_owned(),
        Work::Sockets { routes, .. } => format!("//! Socket `{}`", routes.join("`, `")),
    }
}

fn pascal(name: &str) -> String {
    let words = name.split('-');
    words.map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}
