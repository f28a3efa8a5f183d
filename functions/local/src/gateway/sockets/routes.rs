//! Which function takes a message, from the areas' lists.

use std::collections::HashMap;

use runtime::socket::DEFAULT;
use runtime::{Function, Work};
use serde::Deserialize;

use crate::areas::AREAS;

pub struct SocketRoutes(HashMap<&'static str, &'static Function>);

/// Two functions want the same type of message.
#[derive(Debug, thiserror::Error)]
#[error("messages of type {0} are taken twice")]
pub struct TypeClash(&'static str);

impl SocketRoutes {
    pub fn new() -> Result<Self, TypeClash> {
        let mut routes = HashMap::new();
        let functions = AREAS.iter().flat_map(|area| area.functions);
        for function in functions.map(|listing| listing.function) {
            let Work::Sockets { routes: taken, .. } = &function.work else {
                continue;
            };
            for route in *taken {
                if routes.insert(*route, function).is_some() {
                    return Err(TypeClash(route));
                }
            }
        }
        Ok(Self(routes))
    }

    pub fn exactly(&self, route: &str) -> Option<&'static Function> {
        self.0.get(route).copied()
    }

    /// By the selection expression `$request.body.type`. What has no such member, or is no JSON, goes to `$default`.
    pub fn of_message(&self, text: &str) -> Option<(&'static str, &'static Function)> {
        #[derive(Deserialize)]
        struct Selected {
            #[serde(rename = "type")]
            kind: String,
        }
        let selected = serde_json::from_str::<Selected>(text).ok();
        // The three routes of API Gateway's own cannot be said.
        let selected = selected.filter(|selected| !selected.kind.starts_with('$'));
        let found = selected.and_then(|selected| self.0.get_key_value(selected.kind.as_str()));
        let found = found.or_else(|| self.0.get_key_value(DEFAULT));
        found.map(|(route, function)| (*route, *function))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_goes_where_its_type_says() {
        let routes = SocketRoutes::new().unwrap();
        let taken_by = |text: &str| routes.of_message(text).map(|(route, function)| (route, function.name));
        assert_eq!(
            taken_by(r#"{"type":"read"}"#),
            Some(("read", "take-notification-message"))
        );
        for text in [
            r#"{"type":"hello"}"#,
            r#"{"type":"$connect"}"#,
            r#"{"type":1}"#,
            "[]",
            "no JSON",
        ] {
            assert_eq!(taken_by(text), Some((DEFAULT, "answer-socket-message")), "{text}");
        }
    }
}
