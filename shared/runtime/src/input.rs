//! Typed input: what a request holds, read with errors that say which field is wrong and never echo its value.

use std::future::Future;

use domain::refusal::FieldError;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::de::value::MapDeserializer;

use crate::openapi::Describe;
use crate::problem::Problem;
use crate::request::Incoming;

pub trait Input: Sized + Send {
    fn read(request: &Incoming) -> impl Future<Output = Result<Self, Problem>> + Send;

    /// Adds parameters and body to the documentation.
    fn describe(operation: &mut Describe);
}

impl Input for () {
    async fn read(_: &Incoming) -> Result<Self, Problem> {
        Ok(())
    }

    fn describe(_: &mut Describe) {}
}

impl<A: Input, B: Input> Input for (A, B) {
    async fn read(request: &Incoming) -> Result<Self, Problem> {
        Ok((A::read(request).await?, B::read(request).await?))
    }

    fn describe(operation: &mut Describe) {
        A::describe(operation);
        B::describe(operation);
    }
}

/// A JSON body. Unknown members are ignored; the content type is not proof of anything and not asked for.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned + JsonSchema + Send> Input for Json<T> {
    async fn read(request: &Incoming) -> Result<Self, Problem> {
        parse_json(&request.body).map(Self)
    }

    fn describe(operation: &mut Describe) {
        operation.json_body::<T>();
    }
}

/// Query parameters, as a struct.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + JsonSchema + Send> Input for Query<T> {
    async fn read(request: &Incoming) -> Result<Self, Problem> {
        let query = serde_html_form::Deserializer::from_bytes(request.query.as_bytes());
        serde_path_to_error::deserialize(query)
            .map(Self)
            .map_err(|error| invalid("query", &error))
    }

    fn describe(operation: &mut Describe) {
        operation.parameters::<T>("query");
    }
}

/// Path parameters, as a struct.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + JsonSchema + Send> Input for Path<T> {
    async fn read(request: &Incoming) -> Result<Self, Problem> {
        let pairs = request
            .path_parameters
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let parameters = MapDeserializer::<_, serde::de::value::Error>::new(pairs);
        serde_path_to_error::deserialize(parameters)
            .map(Self)
            .map_err(|error| invalid("path", &error))
    }

    fn describe(operation: &mut Describe) {
        operation.parameters::<T>("path");
    }
}

/// A JSON body that may be missing altogether.
pub struct OptionalJson<T>(pub T);

impl<T: DeserializeOwned + Default + JsonSchema + Send> Input for OptionalJson<T> {
    async fn read(request: &Incoming) -> Result<Self, Problem> {
        if request.body.trim_ascii().is_empty() {
            return Ok(Self(T::default()));
        }
        parse_json(&request.body).map(Self)
    }

    fn describe(operation: &mut Describe) {
        operation.json_body::<T>();
    }
}

/// An access token that may be sent and need not be good: for logging out, which always succeeds.
pub struct LooseBearer(pub Option<String>);

impl Input for LooseBearer {
    async fn read(request: &Incoming) -> Result<Self, Problem> {
        let token = request.bearer().or_else(|| request.cookie("access_token"));
        Ok(Self(token.map(str::to_owned)))
    }

    fn describe(_: &mut Describe) {}
}

/// A body of any kind that may be missing altogether.
pub struct Optional<I>(pub Option<I>);

impl<I: Input> Input for Optional<I> {
    async fn read(request: &Incoming) -> Result<Self, Problem> {
        if request.body.trim_ascii().is_empty() {
            return Ok(Self(None));
        }
        I::read(request).await.map(|body| Self(Some(body)))
    }

    fn describe(operation: &mut Describe) {
        I::describe(operation);
    }
}

/// A refresh token that came as a cookie, as the dental product's browsers keep it.
pub struct RefreshCookie(pub Option<String>);

impl Input for RefreshCookie {
    async fn read(request: &Incoming) -> Result<Self, Problem> {
        Ok(Self(request.cookie("refresh_token").map(str::to_owned)))
    }

    fn describe(_: &mut Describe) {}
}

/// What a person wants to be written to in.
pub struct AcceptLanguage(pub String);

impl Input for AcceptLanguage {
    async fn read(request: &Incoming) -> Result<Self, Problem> {
        let header = request.header(&http::header::ACCEPT_LANGUAGE).unwrap_or_default();
        Ok(Self(header.to_owned()))
    }

    fn describe(_: &mut Describe) {}
}

/// The HTTP method and path as they came, for the function that answers unknown ones.
pub struct MethodAndPath {
    pub method: http::Method,
    pub path: String,
}

impl Input for MethodAndPath {
    async fn read(request: &Incoming) -> Result<Self, Problem> {
        Ok(Self {
            method: request.method.clone(),
            path: request.path.clone(),
        })
    }

    fn describe(_: &mut Describe) {}
}

/// What a client says it wants to read.
pub struct Accept(pub String);

impl Input for Accept {
    async fn read(request: &Incoming) -> Result<Self, Problem> {
        Ok(Self(
            request.header(&http::header::ACCEPT).unwrap_or_default().to_owned(),
        ))
    }

    fn describe(_: &mut Describe) {}
}

/// Which states of what is asked for a client knows already, as sent.
pub struct IfNoneMatch(pub Option<String>);

impl Input for IfNoneMatch {
    async fn read(request: &Incoming) -> Result<Self, Problem> {
        let header = request.header(&http::header::IF_NONE_MATCH);
        Ok(Self(header.map(str::to_owned)))
    }

    fn describe(_: &mut Describe) {}
}

/// One of two bodies, told apart by the content type: JSON or not.
pub enum JsonOr<T, B> {
    Json(T),
    Other(B),
}

impl<T: DeserializeOwned + JsonSchema + Send, B: Input> Input for JsonOr<T, B> {
    async fn read(request: &Incoming) -> Result<Self, Problem> {
        let media_type = request
            .header(&CONTENT_TYPE)
            .and_then(|text| text.parse::<mime::Mime>().ok());
        if media_type.is_some_and(|media_type| media_type.essence_str() == mime::APPLICATION_JSON.essence_str()) {
            return parse_json(&request.body).map(JsonOr::Json);
        }
        B::read(request).await.map(JsonOr::Other)
    }

    fn describe(operation: &mut Describe) {
        operation.json_body::<T>();
        B::describe(operation);
    }
}

pub(crate) fn parse_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    match body.trim_ascii_start().first() {
        None => return Err(whole_body("missing", "a JSON body is required")),
        // Serde would take an array for a struct, member by member.
        Some(b'[') => return Err(whole_body("invalid", "must be an object")),
        Some(_) => {}
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        // What is right JSON may still be a syntax error to serde: null where one of several words is wanted.
        if error.inner().is_data() || serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok() {
            return invalid("body", &error);
        }
        malformed_json()
    })?;
    json.end().map_err(|_| malformed_json())?;
    Ok(value)
}

/// One of several in a body that are judged each for itself. `place`: what it is called where something is wrong with it.
pub fn one_of<T: DeserializeOwned>(place: &str, value: serde_json::Value) -> Result<T, Problem> {
    // Serde would take an array for a struct, member by member.
    if !value.is_object() {
        return Err(Problem::invalid(vec![FieldError {
            loc: vec![place.to_owned()],
            msg: "must be an object".to_owned(),
            kind: "invalid".to_owned(),
        }]));
    }
    serde_path_to_error::deserialize(value).map_err(|error| invalid(place, &error))
}

fn malformed_json() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "malformed_json", "The body is not valid JSON.")
}

fn whole_body(kind: &str, msg: &str) -> Problem {
    Problem::invalid(vec![FieldError {
        loc: vec!["body".to_owned()],
        msg: msg.to_owned(),
        kind: kind.to_owned(),
    }])
}

/// What serde calls the kinds of integers.
const INTEGERS: [&str; 8] = ["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64"];

/// What serde expects, in words for people.
fn wanted(expected: &str) -> String {
    match expected {
        expected if INTEGERS.contains(&expected) => "a whole number".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "an object".to_owned(),
        expected if expected.starts_with("struct ") => "an object".to_owned(),
        expected
            if ["tuple ", "enum ", "unit ", "newtype "]
                .iter()
                .any(|start| expected.starts_with(start)) =>
        {
            "something else".to_owned()
        }
        expected => expected.to_owned(),
    }
}

/// Serde's words quote the value after the colon and say what was wanted after "expected": only the latter is told.
fn invalid<E: std::fmt::Display>(place: &str, error: &serde_path_to_error::Error<E>) -> Problem {
    let text = error.inner().to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    let mut loc = vec![place.to_owned()];
    loc.extend(
        error
            .path()
            .iter()
            .map(ToString::to_string)
            .filter(|segment| segment != "?"),
    );
    if let Some(field) = text
        .strip_prefix("missing field `")
        .and_then(|rest| rest.strip_suffix('`'))
    {
        loc.push(field.to_owned());
        return Problem::invalid(vec![FieldError {
            loc,
            msg: "is required".to_owned(),
            kind: "missing".to_owned(),
        }]);
    }
    let quotes_input = ["invalid type", "invalid value", "invalid length", "unknown variant"];
    let msg = match text.rsplit_once("expected ") {
        Some((_, expected)) if quotes_input.iter().any(|start| text.starts_with(start)) => {
            format!("must be {}", wanted(expected))
        }
        // Null or a number for one of several words.
        Some(("", "value")) => "is malformed".to_owned(),
        None if text.starts_with("invalid ") || text.starts_with("data did not match") => "is malformed".to_owned(),
        _ => text.to_owned(),
    };
    Problem::invalid(vec![FieldError {
        loc,
        msg,
        kind: "invalid".to_owned(),
    }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::email_address::EmailAddress;

    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code, reason = "only the errors are looked at")]
    struct Body {
        email: EmailAddress,
        age: u8,
        kind: Option<Kind>,
        #[serde(default)]
        wants: Kind,
        #[serde(default)]
        inner: Vec<Inner>,
    }

    #[derive(Debug, Default, serde::Deserialize)]
    enum Kind {
        #[default]
        Known,
    }

    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code, reason = "only the errors are looked at")]
    struct Inner {
        known: u8,
    }

    fn problem(body: &'static str) -> Problem {
        parse_json::<Body>(body.as_bytes()).unwrap_err()
    }

    #[test]
    fn an_error_names_the_field_and_never_echoes_its_value() {
        let cases = [
            (r#"{"age": 3}"#, "body.email", "is required"),
            (
                r#"{"email": "secret-value", "age": 3}"#,
                "body.email",
                "must be an e-mail address",
            ),
            (
                r#"{"email": "a@example.org", "age": "secret-value"}"#,
                "body.age",
                "must be a whole number",
            ),
            (
                r#"{"email": "a@example.org", "age": 3, "kind": "secret-value"}"#,
                "body.kind",
                "must be `Known`",
            ),
            (
                r#"{"email": "a@example.org", "age": 3, "wants": null}"#,
                "body.wants",
                "is malformed",
            ),
            (
                r#"{"email": "a@example.org", "age": 3, "inner": ["secret-value"]}"#,
                "body.inner.[0]",
                "must be an object",
            ),
            (
                r#"{"email": "a@example.org", "age": 3, "inner": "secret-value"}"#,
                "body.inner",
                "must be a list",
            ),
        ];
        for (body, place, message) in cases {
            let problem = problem(body);
            assert_eq!(problem.status, 422);
            assert_eq!(problem.errors[0].loc.join("."), place);
            assert_eq!(problem.errors[0].msg, message);
            assert!(!problem.detail.contains("secret-value"));
        }
    }

    #[test]
    fn what_is_no_json_is_a_bad_request() {
        assert_eq!(problem("{").status, 400);
        assert_eq!(problem("{").code, "malformed_json");
        assert_eq!(problem("{\"email\": \"a@example.org\", \"age\": 3} {}").status, 400);
        assert_eq!(problem("").status, 422);
        assert_eq!(
            problem("[\"a@example.org\", 3, null]").detail,
            "body: must be an object"
        );
    }
}
