//! CORS as API Gateway does it from the template's settings: preflights are answered here, functions never see them.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use runtime::cors::{EXPOSED_HEADERS, MAX_AGE_SECONDS, METHODS, REQUEST_HEADERS};

/// The request's origin, if its pages may call.
pub fn allowed_origin(headers: &HeaderMap, allowed: &[String]) -> Option<HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    allowed
        .iter()
        .any(|each| each.as_bytes() == origin.as_bytes())
        .then(|| origin.clone())
}

pub fn preflight(origin: Option<HeaderValue>) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    if origin.is_some() {
        let headers = response.headers_mut();
        insert(headers, header::ACCESS_CONTROL_ALLOW_METHODS, METHODS.join(","));
        insert(headers, header::ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS.join(","));
        insert(headers, header::ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECONDS.to_string());
    }
    with_headers(response, origin)
}

pub fn with_headers(mut response: Response<Body>, origin: Option<HeaderValue>) -> Response<Body> {
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
            HeaderValue::from_static("true"),
        );
        insert(
            headers,
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            EXPOSED_HEADERS.join(","),
        );
    }
    response
}

fn insert(headers: &mut HeaderMap, name: header::HeaderName, value: String) {
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert(name, value);
    }
}
