//! Cross-origin rules: a browser may upload only where the bucket says so.

use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use s3s::dto::CORSRule;
use serde::{Deserialize, Serialize};

#[derive(Clone, Serialize, Deserialize)]
pub struct CorsRule {
    pub origins: Vec<String>,
    pub methods: Vec<String>,
    pub headers: Vec<String>,
    pub exposed: Vec<String>,
    pub max_age_seconds: Option<i32>,
}

impl From<CORSRule> for CorsRule {
    fn from(rule: CORSRule) -> Self {
        Self {
            origins: rule.allowed_origins,
            methods: rule.allowed_methods,
            headers: rule.allowed_headers.unwrap_or_default(),
            exposed: rule.expose_headers.unwrap_or_default(),
            max_age_seconds: rule.max_age_seconds,
        }
    }
}

impl From<CorsRule> for CORSRule {
    fn from(rule: CorsRule) -> Self {
        Self {
            allowed_origins: rule.origins,
            allowed_methods: rule.methods,
            allowed_headers: Some(rule.headers),
            expose_headers: Some(rule.exposed),
            max_age_seconds: rule.max_age_seconds,
            id: None,
        }
    }
}

/// What a browser asks: may `origin` send `method` with these headers?
pub struct CorsRequest {
    pub origin: String,
    pub method: String,
    pub headers: Vec<String>,
}

impl CorsRequest {
    /// `None` when the request is not a cross-origin one.
    pub fn read(method: &Method, headers: &HeaderMap) -> Option<Self> {
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let preflight = method == Method::OPTIONS;
        let asked = text(header::ACCESS_CONTROL_REQUEST_HEADERS)
            .filter(|_| preflight)
            .unwrap_or_default();
        Some(Self {
            origin: text(header::ORIGIN)?.to_owned(),
            method: if preflight {
                text(header::ACCESS_CONTROL_REQUEST_METHOD)?
            } else {
                method.as_str()
            }
            .to_owned(),
            headers: asked
                .split(',')
                .map(|name| name.trim().to_ascii_lowercase())
                .filter(|n| !n.is_empty())
                .collect(),
        })
    }

    /// The headers of the answer, by the first rule that allows the request.
    pub fn allowed_by(&self, rules: &[CorsRule]) -> Option<HeaderMap> {
        let rule = rules.iter().find(|rule| {
            rule.origins.iter().any(|pattern| matches(pattern, &self.origin))
                && rule.methods.contains(&self.method)
                && self.headers.iter().all(|name| {
                    rule.headers
                        .iter()
                        .any(|pattern| matches(&pattern.to_ascii_lowercase(), name))
                })
        })?;
        let any_origin = rule.origins.iter().any(|origin| origin == "*");
        let origin = if any_origin { "*" } else { &self.origin };
        let mut answer = HeaderMap::new();
        let mut add = |name: HeaderName, value: String| {
            if let Ok(value) = HeaderValue::from_str(&value)
                && !value.is_empty()
            {
                answer.insert(name, value);
            }
        };
        add(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.to_owned());
        add(header::ACCESS_CONTROL_ALLOW_METHODS, rule.methods.join(", "));
        add(header::ACCESS_CONTROL_ALLOW_HEADERS, self.headers.join(", "));
        add(header::ACCESS_CONTROL_EXPOSE_HEADERS, rule.exposed.join(", "));
        add(
            header::ACCESS_CONTROL_MAX_AGE,
            rule.max_age_seconds.map(|age| age.to_string()).unwrap_or_default(),
        );
        add(
            header::VARY,
            "Origin, Access-Control-Request-Headers, Access-Control-Request-Method".to_owned(),
        );
        Some(answer)
    }
}

/// One `*` stands for anything, as in S3's rules.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, end)) => text.len() >= start.len() + end.len() && text.starts_with(start) && text.ends_with(end),
    }
}
