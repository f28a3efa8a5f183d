//! The product's own sources, for tests that hold them to rules.
//!
//! Read as text: what is laid out by rustfmt needs no parser to find where a function ends.

use std::path::Path;

use crate::made::{files_below, workspace_root};

const FOLDERS: [&str; 3] = ["functions", "shared", "tests"];

pub struct Source {
    /// From the workspace's root, with slashes.
    pub path: String,
    pub text: String,
}

/// A function in a source.
#[derive(Debug, PartialEq, Eq)]
pub struct Body<'a> {
    pub name: &'a str,
    /// Counted from one.
    pub first_line: usize,
    pub line_count: usize,
}

/// All sources of the given ending: `rs`.
pub fn sources(ending: &str) -> Vec<Source> {
    let files = FOLDERS
        .iter()
        .flat_map(|folder| files_below(&workspace_root().join(folder)).expect("the sources are there"));
    files
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .map(|path| read(&path))
        .collect()
}

fn read(path: &Path) -> Source {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let path = path.strip_prefix(workspace_root()).expect("it lies below the root");
    Source {
        path: path.to_string_lossy().replace('\\', "/"),
        text,
    }
}

impl Source {
    pub fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// `main` of a deployed function: one line, which the tests of the template look at.
    pub fn is_function_binary(&self) -> bool {
        self.path.starts_with("functions/") && self.path.contains("/src/bin/")
    }

    /// A function ends at the first line that closes a brace at its own indentation.
    pub fn functions(&self) -> Vec<Body<'_>> {
        let lines: Vec<&str> = self.text.lines().collect();
        let starts = lines
            .iter()
            .enumerate()
            .filter_map(|(place, line)| Some((place, line, function_name(line)?)));
        starts
            .filter_map(|(place, line, name)| {
                let indent = &line[..line.len() - line.trim_start().len()];
                let end = format!("{indent}}}");
                let length = lines[place..].iter().position(|line| *line == end)?;
                has_body(&lines[place..]).then_some(Body {
                    name,
                    first_line: place + 1,
                    line_count: length + 1,
                })
            })
            .collect()
    }
}

fn function_name(line: &str) -> Option<&str> {
    const MODIFIERS: [&str; 7] = ["pub", "pub(crate)", "pub(super)", "const", "async", "unsafe", "default"];
    let mut words = line.split_whitespace().skip_while(|word| MODIFIERS.contains(word));
    if words.next()? != "fn" {
        return None;
    }
    words.next()?.split(['(', '<']).next()
}

/// Not a declaration, and not on one line.
fn has_body(lines: &[&str]) -> bool {
    let end_of_signature = lines.iter().find(|line| line.ends_with(['{', ';', '}']));
    end_of_signature.is_some_and(|line| line.ends_with('{'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_found_with_their_lengths() {
        let text = "fn short() {}\nimpl A {\n    pub async fn long(\n        a: u8,\n    ) {\n        a;\n    }\n\n    fn declared();\n}\n";
        let source = Source {
            path: "a.rs".to_owned(),
            text: text.to_owned(),
        };
        let long = Body {
            name: "long",
            first_line: 3,
            line_count: 5,
        };
        assert_eq!(source.functions(), [long]);
    }
}
