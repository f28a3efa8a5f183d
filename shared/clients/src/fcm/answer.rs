//! Reads what FCM refuses: first its own error code, then the status of Google's error shape, then the HTTP status.

use std::time::Duration;

use http::header;
use jiff::Timestamp;
use serde::Deserialize;

use super::FcmError;
use crate::https::Answer;

const FCM_ERROR: &str = "type.googleapis.com/google.firebase.fcm.v1.FcmError";
/// Nobody waits for longer than a Lambda's day; it also bounds what a broken clock can ask for.
const MAX_WAIT: Duration = Duration::from_secs(3_600);

#[derive(Deserialize, Default)]
struct Body {
    #[serde(default)]
    error: Fault,
}

#[derive(Deserialize, Default)]
struct Fault {
    status: Option<String>,
    #[serde(default)]
    details: Vec<Detail>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    #[serde(rename = "@type")]
    kind: Option<String>,
    error_code: Option<String>,
    #[serde(default)]
    field_violations: Vec<Violation>,
}

#[derive(Deserialize)]
struct Violation {
    field: Option<String>,
}

pub(super) enum Refusal {
    /// The access token is no longer good.
    AccessToken,
    Final(FcmError),
}

pub(super) fn refusal(answer: &Answer, to_token: bool, now: Timestamp) -> Refusal {
    let fault = answer.json::<Body>().unwrap_or_default().error;
    let own_code = fault
        .details
        .iter()
        .find(|detail| detail.kind.as_deref() == Some(FCM_ERROR))
        .and_then(|detail| detail.error_code.as_deref());
    let code = own_code.or(fault.status.as_deref());
    let retry_after = retry_after(answer, now);
    // Only a message to a token can tell that one is gone.
    let gone = if to_token {
        FcmError::TokenGone
    } else {
        FcmError::Malformed
    };
    Refusal::Final(match code {
        Some("UNREGISTERED" | "SENDER_ID_MISMATCH") if own_code.is_some() => gone,
        Some("INVALID_ARGUMENT") if is_about_token(&fault.details, own_code.is_some()) => gone,
        Some("INVALID_ARGUMENT") => FcmError::Malformed,
        Some("QUOTA_EXCEEDED" | "RESOURCE_EXHAUSTED") => FcmError::Quota { retry_after },
        Some("UNAVAILABLE" | "INTERNAL") => FcmError::Unavailable { retry_after },
        Some("THIRD_PARTY_AUTH_ERROR") => FcmError::Alarm("the key for APNs or web push is wrong"),
        Some("UNAUTHENTICATED") => return Refusal::AccessToken,
        Some("PERMISSION_DENIED") => FcmError::Alarm("the messaging API is off, or a role is missing"),
        Some("NOT_FOUND") => FcmError::Alarm("the project is not found"),
        _ => return by_status(answer, retry_after),
    })
}

fn by_status(answer: &Answer, retry_after: Option<Duration>) -> Refusal {
    Refusal::Final(match answer.status.as_u16() {
        401 => return Refusal::AccessToken,
        429 => FcmError::Quota { retry_after },
        408 | 500.. => FcmError::Unavailable { retry_after },
        400 | 413 => FcmError::Malformed,
        _ => FcmError::Alarm("an answer that is not documented"),
    })
}

/// What names a field is about that field; FCM's own error without one is about the token.
fn is_about_token(details: &[Detail], is_own_code: bool) -> bool {
    let mut fields = details.iter().flat_map(|detail| &detail.field_violations).peekable();
    if fields.peek().is_none() {
        return is_own_code;
    }
    fields.all(|violation| violation.field.as_deref() == Some("message.token"))
}

/// Seconds, or a date of HTTP.
pub(super) fn retry_after(answer: &Answer, now: Timestamp) -> Option<Duration> {
    let text = answer.header(header::RETRY_AFTER)?.trim();
    let wait = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let date = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
            date.duration_since(now).try_into().unwrap_or(Duration::ZERO)
        }
    };
    Some(wait.min(MAX_WAIT))
}
