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
    /// With the token of somebody who is signed in, where the event carries one, and a real photo where it has a form:
    /// that of the sample is refused at once.
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
        if let Some(boundary) = boundary(&event) {
            event["body"] = data_encoding::BASE64.encode(&form(&boundary)).into();
        }
        event
    }
}

fn boundary(event: &serde_json::Value) -> Option<String> {
    let content_type = event.pointer("/headers/content-type")?.as_str()?;
    let (_, boundary) = content_type.split_once("multipart/form-data; boundary=")?;
    Some(boundary.to_owned())
}

fn form(boundary: &str) -> Vec<u8> {
    let head = format!("--{boundary}\r\ncontent-disposition: form-data; name=\"image\"; filename=\"a.jpg\"\r\n\r\n");
    let end = format!("\r\n--{boundary}--\r\n");
    [head.as_bytes(), &tests::photos::face(), end.as_bytes()].concat()
}
