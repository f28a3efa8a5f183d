//! Typed answers: a value and what it means on the wire.

use bytes::Bytes;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, LINK, SET_COOKIE};
use schemars::JsonSchema;
use serde::Serialize;

use crate::openapi::Describe;
use crate::problem::Problem;

/// A finished answer, without the headers that all answers carry.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

pub trait Output: Send {
    fn into_answer(self) -> Result<Answer, Problem>;

    /// Adds the answer to the documentation.
    fn describe(operation: &mut Describe);
}

impl Answer {
    pub fn new(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(content_type))]);
        Self {
            status,
            headers,
            body: body.into(),
        }
    }

    pub fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    pub fn json(status: StatusCode, value: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_vec(value).map_err(|error| Problem::internal(error.to_string()))?;
        Ok(Self::new(status, "application/json", body))
    }

    pub fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }
}

/// 200 with JSON.
pub struct Json<T>(pub T);

impl<T: Serialize + JsonSchema + Send> Output for Json<T> {
    fn into_answer(self) -> Result<Answer, Problem> {
        Answer::json(StatusCode::OK, &self.0)
    }

    fn describe(operation: &mut Describe) {
        operation.json_answer::<T>(StatusCode::OK);
    }
}

/// 201 with JSON.
pub struct Created<T>(pub T);

impl<T: Serialize + JsonSchema + Send> Output for Created<T> {
    fn into_answer(self) -> Result<Answer, Problem> {
        Answer::json(StatusCode::CREATED, &self.0)
    }

    fn describe(operation: &mut Describe) {
        operation.json_answer::<T>(StatusCode::CREATED);
    }
}

/// JSON with a status of its own, where one endpoint serves products that differ in it.
pub struct Reply<T> {
    pub status: StatusCode,
    pub value: T,
}

impl<T: Serialize + JsonSchema + Send> Output for Reply<T> {
    fn into_answer(self) -> Result<Answer, Problem> {
        Answer::json(self.status, &self.value)
    }

    fn describe(operation: &mut Describe) {
        operation.json_answer::<T>(StatusCode::OK);
        operation.json_answer::<T>(StatusCode::CREATED);
    }
}

/// JSON with cookies, which the dental product's browsers keep instead of reading tokens.
pub struct JsonWithCookies<T> {
    pub value: T,
    pub cookies: Vec<Cookie>,
}

/// A cookie that scripts cannot read.
pub struct Cookie {
    pub name: &'static str,
    /// Empty to take it away.
    pub value: String,
    pub max_age_seconds: i64,
}

impl Cookie {
    fn header(&self) -> Result<HeaderValue, Problem> {
        let Self {
            name,
            value,
            max_age_seconds,
        } = self;
        let text = format!("{name}={value}; Path=/; Max-Age={max_age_seconds}; HttpOnly; Secure; SameSite=None");
        HeaderValue::try_from(text).map_err(|error| Problem::internal(error.to_string()))
    }
}

impl<T: Serialize + JsonSchema + Send> Output for JsonWithCookies<T> {
    fn into_answer(self) -> Result<Answer, Problem> {
        let mut answer = Answer::json(StatusCode::OK, &self.value)?;
        for cookie in &self.cookies {
            answer.headers.append(SET_COOKIE, cookie.header()?);
        }
        Ok(answer)
    }

    fn describe(operation: &mut Describe) {
        operation.json_answer::<T>(StatusCode::OK);
    }
}

/// 204 without a body.
pub struct NoContent;

impl Output for NoContent {
    fn into_answer(self) -> Result<Answer, Problem> {
        Ok(Answer::empty(StatusCode::NO_CONTENT))
    }

    fn describe(operation: &mut Describe) {
        operation.empty_answer(StatusCode::NO_CONTENT);
    }
}

/// A bare array that may end before all was looked at: then the header `X-List-Cut-Off: true` says so, and clients of the array
/// see no change.
pub struct PartOf<T> {
    pub items: Vec<T>,
    pub is_cut_off: bool,
}

const CUT_OFF: HeaderName = HeaderName::from_static("x-list-cut-off");

impl<T: Serialize + JsonSchema + Send> Output for PartOf<T> {
    fn into_answer(self) -> Result<Answer, Problem> {
        let answer = Answer::json(StatusCode::OK, &self.items)?;
        Ok(match self.is_cut_off {
            true => answer.with(CUT_OFF, HeaderValue::from_static("true")),
            false => answer,
        })
    }

    fn describe(operation: &mut Describe) {
        operation.json_answer::<Vec<T>>(StatusCode::OK);
    }
}

/// A bare array, with the address of the next page in a `Link` header (RFC 8288): clients of the array see no change.
pub struct PageOf<T> {
    pub items: Vec<T>,
    /// Path and query of the next page.
    pub next: Option<String>,
}

impl<T: Serialize + JsonSchema + Send> Output for PageOf<T> {
    fn into_answer(self) -> Result<Answer, Problem> {
        let answer = Answer::json(StatusCode::OK, &self.items)?;
        let Some(next) = self.next else { return Ok(answer) };
        let link = HeaderValue::try_from(format!("<{next}>; rel=\"next\""));
        Ok(answer.with(LINK, link.map_err(|error| Problem::internal(error.to_string()))?))
    }

    fn describe(operation: &mut Describe) {
        operation.json_answer::<Vec<T>>(StatusCode::OK);
    }
}

/// JSON that clients ask for again and again: 304 without a body for who has it.
pub enum Fresh<T> {
    Changed { etag: String, value: T },
    NotModified { etag: String },
}

impl<T: Serialize + JsonSchema + Send> Output for Fresh<T> {
    fn into_answer(self) -> Result<Answer, Problem> {
        let (answer, etag) = match self {
            Fresh::Changed { etag, value } => (Answer::json(StatusCode::OK, &value)?, etag),
            Fresh::NotModified { etag } => (Answer::empty(StatusCode::NOT_MODIFIED), etag),
        };
        let etag = HeaderValue::try_from(etag).map_err(|error| Problem::internal(error.to_string()))?;
        Ok(answer
            .with(ETAG, etag)
            .with(CACHE_CONTROL, HeaderValue::from_static("no-cache")))
    }

    fn describe(operation: &mut Describe) {
        operation.json_answer::<T>(StatusCode::OK);
        operation.empty_answer(StatusCode::NOT_MODIFIED);
    }
}

/// A JSON document that exists as text already, the same for everybody.
pub struct JsonDocument(pub &'static str);

impl Output for JsonDocument {
    fn into_answer(self) -> Result<Answer, Problem> {
        let cache = HeaderValue::from_static("public, max-age=300");
        Ok(Answer::new(StatusCode::OK, "application/json", self.0).with(CACHE_CONTROL, cache))
    }

    fn describe(operation: &mut Describe) {
        operation.answer(StatusCode::OK, "application/json");
    }
}

/// A web page of ours, which may run its own inline script and style and load nothing from elsewhere.
pub struct Html(pub &'static str);

impl Output for Html {
    fn into_answer(self) -> Result<Answer, Problem> {
        let policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; \
                      connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";
        Ok(Answer::new(StatusCode::OK, "text/html; charset=utf-8", self.0)
            .with(http::header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)))
    }

    fn describe(operation: &mut Describe) {
        operation.answer(StatusCode::OK, "text/html");
    }
}

/// A picture, for the browser of whoever was given its link: kept there as long as the link lives.
pub struct Jpeg(pub Bytes);

impl Output for Jpeg {
    fn into_answer(self) -> Result<Answer, Problem> {
        let cache = HeaderValue::from_static("private, max-age=300");
        Ok(Answer::new(StatusCode::OK, "image/jpeg", self.0).with(CACHE_CONTROL, cache))
    }

    fn describe(operation: &mut Describe) {
        operation.answer(StatusCode::OK, "image/jpeg");
    }
}

/// A drawing of somebody's, which has its own style and loads and runs nothing.
pub struct Svg(pub String);

impl Output for Svg {
    fn into_answer(self) -> Result<Answer, Problem> {
        let policy = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'");
        Ok(Answer::new(StatusCode::OK, "image/svg+xml", self.0).with(http::header::CONTENT_SECURITY_POLICY, policy))
    }

    fn describe(operation: &mut Describe) {
        operation.answer(StatusCode::OK, "image/svg+xml");
    }
}

/// Plain text or JSON, as the client asked.
pub enum TextOrJson<T> {
    Text(&'static str),
    Json(T),
}

impl<T: Serialize + JsonSchema + Send> Output for TextOrJson<T> {
    fn into_answer(self) -> Result<Answer, Problem> {
        match self {
            TextOrJson::Text(text) => Ok(Answer::new(StatusCode::OK, "text/plain; charset=utf-8", text)),
            TextOrJson::Json(value) => Answer::json(StatusCode::OK, &value),
        }
    }

    fn describe(operation: &mut Describe) {
        operation.json_answer::<T>(StatusCode::OK);
        operation.answer(StatusCode::OK, "text/plain");
    }
}

/// No answer but a problem: for the function behind unknown paths.
pub enum Never {}

impl Output for Never {
    fn into_answer(self) -> Result<Answer, Problem> {
        match self {}
    }

    fn describe(_: &mut Describe) {}
}
