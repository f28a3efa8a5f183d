//! Everything that is no endpoint: 404, or 405 with the methods that the path does take.

use http::StatusCode;
use runtime::answer::Never;
use runtime::callers::Anyone;
use runtime::input::MethodAndPath;
use runtime::{Context, Endpoint, Function, Problem, RateClass, Route};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

pub static FUNCTION: Function = Function::endpoint::<AnswerUnknownRoute>();

pub struct AnswerUnknownRoute;

/// The parts of the OpenAPI document that say which paths take which methods.
#[derive(Deserialize)]
struct Routes {
    paths: BTreeMap<String, BTreeMap<String, Box<RawValue>>>,
}

impl Endpoint for AnswerUnknownRoute {
    const NAME: &'static str = "answer-unknown-route";
    const SUMMARY: &'static str = "Not Found, or Method Not Allowed";
    /// API Gateway's catch-all.
    const ROUTES: &'static [Route] = &[];
    const RATE: RateClass = RateClass::Free;

    type Caller = Anyone;
    type Input = MethodAndPath;
    type Output = Never;

    async fn handle(_: &Context, _: Anyone, request: MethodAndPath) -> Result<Never, Problem> {
        let routes: Routes =
            serde_json::from_str(crate::get_openapi::DOCUMENT).map_err(|error| Problem::internal(error.to_string()))?;
        let methods = methods_of(&routes, &request.path);
        if methods.is_empty() {
            return Err(Problem::new(StatusCode::NOT_FOUND, "not_found", "Not Found"));
        }
        Err(Problem {
            allow: Some(methods.join(", ")),
            ..Problem::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "Method Not Allowed",
            )
        })
    }
}

fn methods_of(routes: &Routes, path: &str) -> Vec<String> {
    let methods = routes.paths.iter().filter(|(pattern, _)| matches(pattern, path));
    let mut names: Vec<String> = methods
        .flat_map(|(_, methods)| methods.keys().map(|name| name.to_uppercase()))
        .collect();
    names.sort();
    names.dedup();
    names
}

/// With or without a trailing slash; a parameter matches one segment.
fn matches(pattern: &str, path: &str) -> bool {
    let segments = |text: &str| {
        text.trim_end_matches('/')
            .split('/')
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let (pattern, path) = (segments(pattern), segments(path));
    pattern.len() == path.len()
        && pattern
            .iter()
            .zip(&path)
            .all(|(wanted, found)| wanted == found || (wanted.starts_with('{') && !found.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_matches_with_or_without_a_trailing_slash() {
        assert!(matches("/api/predictions/{id}", "/api/predictions/1/"));
        assert!(matches("/", "/"));
        assert!(!matches("/api/predictions/{id}", "/api/predictions/"));
        assert!(!matches("/api/predictions", "/api/predictions/1"));
    }
}
