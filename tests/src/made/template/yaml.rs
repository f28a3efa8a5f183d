//! Values as blocks of YAML.

use serde::Serialize;

pub fn block(value: &impl Serialize, depth: usize) -> String {
    let text = serde_yaml_ng::to_string(value).expect("values of JSON are YAML");
    let indent = "  ".repeat(depth);
    text.lines()
        .map(|line| {
            if line.is_empty() {
                "\n".to_owned()
            } else {
                format!("{indent}{}\n", quoted_date(line))
            }
        })
        .collect()
}

/// Dates are strings to the writer, which knows YAML 1.2, but not to readers of YAML 1.1, as those of SAM.
fn quoted_date(line: &str) -> String {
    match line.rsplit_once(": ") {
        Some((key, value)) if is_date(value) => format!("{key}: '{value}'"),
        _ => line.to_owned(),
    }
}

fn is_date(text: &str) -> bool {
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    text.len() == 10 && text.split('-').count() == 3 && text.split('-').all(digits)
}
