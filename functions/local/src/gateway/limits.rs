//! The limits of API Gateway and Lambda, so that what works here works there.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::Request;
use futures_util::StreamExt;

/// A synchronous call's event, base64 included.
pub const LAMBDA_EVENT_BYTES: usize = 6_291_456;
pub const LAMBDA_ANSWER_BYTES: usize = 6_291_556;
pub const INTEGRATION_TIMEOUT: Duration = Duration::from_secs(30);
/// Functions that run at the same time; more requests wait for a place, and their time-out with them. In the cloud each has
/// a process of its own; here hundreds would share a few cores, and all be late.
pub const AT_ONCE: usize = 64;
/// Request line and header values together.
const HEAD_BYTES: usize = 10_240;
const BODY_BYTES: usize = 10 * 1024 * 1024;
/// A body that is too large is read on for this long before it is refused: a client that is still sending would see a
/// broken connection instead of the answer.
const DRAINED_BYTES: usize = 128 * 1024 * 1024;

pub enum BodyError {
    TooLarge,
    Broken,
}

pub async fn read(body: Body) -> Result<Bytes, BodyError> {
    let mut stream = body.into_data_stream();
    let mut read = Vec::new();
    let mut length = 0;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| BodyError::Broken)?;
        length += chunk.len();
        if length <= BODY_BYTES {
            read.extend_from_slice(&chunk);
        } else if length > DRAINED_BYTES {
            break;
        }
    }
    if length > BODY_BYTES {
        Err(BodyError::TooLarge)
    } else {
        Ok(read.into())
    }
}

pub fn head_is_too_large(request: &Request<Body>) -> bool {
    let line = request.method().as_str().len() + request.uri().to_string().len();
    let headers: usize = request
        .headers()
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    line + headers > HEAD_BYTES
}
