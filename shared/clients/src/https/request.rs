//! The two kinds of requests these services take: forms and JSON.

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Uri, header};
use http_body_util::Full;

/// A path below a base that may end with a slash. `None` where that is no URL of HTTP.
pub(crate) fn url(base: &str, path: &str) -> Option<Uri> {
    let base = base.trim_end_matches('/');
    let url: Uri = format!("{base}{path}").parse().ok()?;
    let is_http = matches!(url.scheme_str(), Some("http" | "https"));
    (is_http && url.authority().is_some_and(|authority| !authority.host().is_empty())).then_some(url)
}

/// Kept out of whatever prints headers.
pub(crate) fn secret_header(value: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(value).ok()?;
    value.set_sensitive(true);
    Some(value)
}

pub(crate) fn form(url: &Uri, fields: &[(&str, &str)]) -> Request<Full<Bytes>> {
    // Pairs of texts can always be written.
    let body = serde_html_form::to_string(fields).unwrap_or_default();
    post(url, body.into(), "application/x-www-form-urlencoded")
}

pub(crate) fn json(url: &Uri, body: &serde_json::Value) -> Request<Full<Bytes>> {
    post(url, body.to_string().into(), "application/json")
}

fn post(url: &Uri, body: Bytes, content_type: &'static str) -> Request<Full<Bytes>> {
    let mut request = Request::new(Full::new(body));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = url.clone();
    let headers = request.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    request
}
