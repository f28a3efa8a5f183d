//! Which function answers a method and a path, from the areas' lists.

use std::collections::HashMap;

use axum::http::Method;
use matchit::Router;
use percent_encoding::percent_decode_str;
use runtime::{Function, Work};

use crate::areas::AREAS;

/// Two endpoints want the same route.
#[derive(Debug, thiserror::Error)]
#[error("{method} {path} is served twice, or its pattern is malformed: {reason}")]
pub struct RouteClash {
    method: Method,
    path: &'static str,
    reason: String,
}

pub struct Routes {
    by_method: HashMap<Method, Router<(&'static Function, &'static str)>>,
}

/// What API Gateway knows of a request before it calls.
pub struct Matched {
    pub function: &'static Function,
    /// `GET /api/predictions/{id}`, or `$default`.
    pub key: String,
    /// Decoded.
    pub parameters: Vec<(String, String)>,
}

impl Routes {
    pub fn new() -> Result<Self, RouteClash> {
        let mut by_method: HashMap<Method, Router<_>> = HashMap::new();
        for function in AREAS
            .iter()
            .flat_map(|area| area.functions)
            .map(|listing| listing.function)
        {
            let Work::Requests { routes, .. } = &function.work else {
                continue;
            };
            for route in *routes {
                let router = by_method.entry(route.method.clone()).or_default();
                router
                    .insert(route.path, (function, route.path))
                    .map_err(|error| RouteClash {
                        method: route.method.clone(),
                        path: route.path,
                        reason: error.to_string(),
                    })?;
            }
        }
        Ok(Self { by_method })
    }

    /// With and without a trailing slash.
    pub fn find(&self, method: &Method, path: &str) -> Matched {
        let wanted = if path.len() > 1 {
            path.trim_end_matches('/')
        } else {
            path
        };
        let found = self.by_method.get(method).and_then(|router| router.at(wanted).ok());
        match found {
            Some(found) => Matched {
                function: found.value.0,
                key: format!("{method} {}", found.value.1),
                parameters: found
                    .params
                    .iter()
                    .map(|(name, value)| (name.to_owned(), decode(value)))
                    .collect(),
            },
            None => Matched {
                function: &platform::answer_unknown_route::FUNCTION,
                key: "$default".to_owned(),
                parameters: Vec::new(),
            },
        }
    }
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_is_found_with_or_without_a_trailing_slash() {
        let routes = Routes::new().unwrap();
        for path in ["/api/predictions/abc%20d", "/api/predictions/abc%20d/"] {
            let found = routes.find(&Method::DELETE, path);
            assert_eq!(found.function.name, "delete-prediction");
            assert_eq!(found.parameters, [("id".to_owned(), "abc d".to_owned())]);
        }
        assert_eq!(routes.find(&Method::GET, "/").function.name, "get-banner");
        assert_eq!(routes.find(&Method::GET, "/nowhere").key, "$default");
        assert_eq!(routes.find(&Method::PUT, "/health").key, "$default");
    }
}
