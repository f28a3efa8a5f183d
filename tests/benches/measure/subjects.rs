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

pub const FUNCTIONS: &[Subject] = &[];

const fn subject(package: &'static str, name: &'static str, event: &'static str) -> Subject {
    Subject {
        binary: Binary { package, name },
        event,
    }
}

impl Subject {
    pub fn event(&self) -> serde_json::Value {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("..")
            .join(self.event);
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }
}

/// The settings that the functions start with, beside those of Lambda itself.
pub fn environment() -> Vec<(&'static str, String)> {
    Vec::new()
}
