//! Reads Twilio's answers. The code decides, never the message.

use http::StatusCode;
use serde::Deserialize;

use super::{Check, Started, TwilioError};
use crate::https::{Answer, HttpsError};

#[derive(Deserialize)]
struct Refusal {
    code: u32,
}

#[derive(Deserialize)]
struct Verification {
    sid: Option<String>,
    status: Option<String>,
}

pub(super) fn started(answer: Result<Answer, HttpsError>) -> Result<Started, TwilioError> {
    let answer = answer.map_err(|error| match error {
        HttpsError::Settings => TwilioError::Settings("TLS"),
        _ => TwilioError::Unavailable,
    })?;
    if !answer.status.is_success() {
        return Err(refused(&answer));
    }
    let verification: Option<Verification> = answer.json();
    match verification.and_then(|verification| verification.sid) {
        Some(sid) => Ok(Started { sid }),
        None => Err(TwilioError::Unexpected(answer.status.as_u16().into())),
    }
}

pub(super) fn checked(answer: Result<Answer, HttpsError>) -> Result<Check, TwilioError> {
    let answer = answer.map_err(|error| match error {
        HttpsError::Settings => TwilioError::Settings("TLS"),
        _ => TwilioError::CheckLost,
    })?;
    if answer.status.is_success() {
        let status = answer
            .json::<Verification>()
            .and_then(|verification| verification.status);
        return match status.as_deref() {
            Some("approved") => Ok(Check::Approved),
            Some("pending") => Ok(Check::Wrong),
            Some("canceled" | "max_attempts_reached" | "deleted" | "failed" | "expired") => Ok(Check::Gone),
            _ => Err(TwilioError::Unexpected(answer.status.as_u16().into())),
        };
    }
    match (code(&answer), refused(&answer)) {
        (Some(20404), _) => Ok(Check::Gone),
        (Some(60201), _) => Ok(Check::Wrong),
        (_, TwilioError::Busy) => Err(TwilioError::NotChecked),
        (_, TwilioError::Unavailable) => Err(TwilioError::CheckLost),
        (_, refused) => Err(refused),
    }
}

fn code(answer: &Answer) -> Option<u32> {
    answer.json().map(|Refusal { code }| code)
}

fn refused(answer: &Answer) -> TwilioError {
    let status = answer.status;
    let Some(code) = code(answer) else {
        return by_status(status, status.as_u16().into());
    };
    match code {
        60200 => TwilioError::Invalid,
        60202 => TwilioError::TooManyChecks,
        60203 => TwilioError::TooManySends,
        60205 => TwilioError::Landline,
        60207 | 60212 | 20429 => TwilioError::Busy,
        60220 | 60410 | 60605 => TwilioError::Blocked,
        // Of a start, which needs nothing to exist but the service.
        20003 | 20404 | 60204 | 60206 => TwilioError::Refused(code),
        _ => by_status(status, code),
    }
}

fn by_status(status: StatusCode, shown: u32) -> TwilioError {
    match status {
        StatusCode::TOO_MANY_REQUESTS => TwilioError::Busy,
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => TwilioError::Refused(shown),
        status if status.is_server_error() => TwilioError::Unavailable,
        _ => TwilioError::Unexpected(shown),
    }
}
