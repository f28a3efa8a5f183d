//! What stands before the protocol crate: cross-origin checks, proof of oneself, and two answers put right.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{Method, StatusCode, header};
use http_body_util::BodyExt;
use s3s::service::S3Service;

use super::cors::CorsRequest;
use super::store::ObjectStore;

/// Errors are a few hundred bytes.
const MAX_ERROR_BYTES: usize = 64 * 1024;

pub struct Front {
    pub service: S3Service,
    pub store: Arc<ObjectStore>,
}

pub async fn handle(State(front): State<Arc<Front>>, request: Request) -> Response {
    let cross_origin = CorsRequest::read(request.method(), request.headers());
    let cors = cross_origin.and_then(|asked| asked.allowed_by(&front.rules(request.uri().path())));
    if request.method() == Method::OPTIONS {
        return match cors {
            Some(headers) => (StatusCode::OK, headers).into_response(),
            None => forbidden("AccessForbidden", "CORSResponse: This CORS request is not allowed."),
        };
    }
    if proves_itself_twice(&request) {
        return error(StatusCode::BAD_REQUEST, "InvalidArgument", ONE_PROOF);
    }
    let is_form = request.method() == Method::POST
        && request
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/"));
    let request = request.map(s3s::Body::http_body_unsync);
    let mut response = match front.service.call(request).await {
        Ok(response) => response.map(Body::new),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    if response.status() == StatusCode::NOT_MODIFIED {
        // Nothing may follow the head of a 304; the protocol crate would send an error document.
        response.headers_mut().remove(header::CONTENT_TYPE);
        *response.body_mut() = Body::empty();
    }
    if is_form && response.status() == StatusCode::BAD_REQUEST {
        response = policy_failure(response).await;
    }
    response.headers_mut().extend(cors.unwrap_or_default());
    response
}

const ONE_PROOF: &str = "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query \
                         string parameter or the Authorization header should be specified";

/// A client that keeps its header when it is redirected to a signed address; the protocol crate would overlook it.
fn proves_itself_twice(request: &Request) -> bool {
    let query = request.uri().query().unwrap_or_default();
    request.headers().contains_key(header::AUTHORIZATION) && query.contains("X-Amz-Signature=")
}

impl Front {
    fn rules(&self, path: &str) -> Vec<super::cors::CorsRule> {
        let bucket = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        self.store
            .state()
            .bucket(bucket)
            .map(|bucket| bucket.cors.clone())
            .unwrap_or_default()
    }
}

/// A form that breaks its policy is a 403 at AWS; the protocol crate calls the policy itself invalid.
async fn policy_failure(response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let body = http_body_util::Limited::new(body, MAX_ERROR_BYTES).collect().await;
    let bytes = body.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    if text.contains("<Code>InvalidPolicyDocument</Code>") && text.contains("Policy condition") {
        return forbidden("AccessDenied", "Invalid according to Policy: Policy Condition failed");
    }
    Response::from_parts(parts, Body::from(bytes))
}

fn forbidden(code: &str, message: &str) -> Response {
    error(StatusCode::FORBIDDEN, code, message)
}

fn error(status: StatusCode, code: &str, message: &str) -> Response {
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    (status, [(header::CONTENT_TYPE, "application/xml")], xml).into_response()
}
