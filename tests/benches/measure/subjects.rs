//! Which functions are measured, and with what.

use tests::lambda::Binary;

/// One function and the event it gets; to measure another function, add it to `FUNCTIONS`.
pub struct Subject {
    pub binary: Binary,
    /// From the root of the repository.
    pub event: &'static str,
}

/// All others are compared with this one.
pub const HELLO: Subject = subject("hello", "hello", "tests/hello/event.json");

pub const FUNCTIONS: &[Subject] = &[
    subject("platform", "check-health", "events/platform/check-health.json"),
    subject("people", "get-own-profile", "events/people/get-own-profile.json"),
    subject("identity", "log-in", "events/identity/log-in.json"),
    subject(
        "diagnosis",
        "list-predictions",
        "events/diagnosis/list-predictions.json",
    ),
    subject(
        "diagnosis",
        "predict-skin-condition",
        "events/diagnosis/predict-skin-condition.json",
    ),
];

const fn subject(package: &'static str, name: &'static str, event: &'static str) -> Subject {
    Subject {
        binary: Binary { package, name },
        event,
    }
}

impl Subject {
    /// With the token of somebody who is signed in, where the event carries one.
    pub fn event(&self, token: &str) -> serde_json::Value {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("..")
            .join(self.event);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut event: serde_json::Value =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        if let Some(authorization) = event.pointer_mut("/headers/authorization") {
            *authorization = format!("Bearer {token}").into();
        }
        event
    }
}
