//! `If-Match` and its relatives: on writes they decide who wins, on reads they save a transfer.

use http::StatusCode;
use jiff::Timestamp;
use s3s::dto::{ETag, ETagCondition};
use s3s::{S3Error, S3ErrorCode, S3Result, s3_error};

use super::object::Object;

#[derive(Default)]
pub struct WriteConditions {
    pub if_match: Option<ETagCondition>,
    pub if_none_match: Option<ETagCondition>,
}

impl WriteConditions {
    /// Must be called in the same critical section as the write.
    pub fn check(&self, current: Option<&Object>) -> S3Result<()> {
        match (&self.if_none_match, current) {
            (Some(ETagCondition::Any), Some(_)) => return Err(s3_error!(PreconditionFailed)),
            (Some(ETagCondition::ETag(_)), _) => {
                return Err(s3_error!(NotImplemented, "If-None-Match on a write takes only *."));
            }
            _ => {}
        }
        match (&self.if_match, current) {
            (None, _) => Ok(()),
            (Some(_), None) => Err(s3_error!(NoSuchKey)),
            (Some(condition), Some(object)) if matches(condition, object) => Ok(()),
            _ => Err(s3_error!(PreconditionFailed)),
        }
    }
}

#[derive(Default)]
pub struct ReadConditions {
    pub if_match: Option<ETagCondition>,
    pub if_none_match: Option<ETagCondition>,
    pub if_modified_since: Option<s3s::dto::Timestamp>,
    pub if_unmodified_since: Option<s3s::dto::Timestamp>,
}

impl ReadConditions {
    /// In the order of RFC 9110, 13.2.2: an entity tag outranks a date.
    pub fn check(&self, object: &Object) -> S3Result<()> {
        let seconds = object.modified.as_second();
        match (&self.if_match, &self.if_unmodified_since) {
            (Some(condition), _) if !matches(condition, object) => {
                return Err(s3_error!(PreconditionFailed));
            }
            (None, Some(date)) if seconds > second(date) => {
                return Err(s3_error!(PreconditionFailed));
            }
            _ => {}
        }
        match (&self.if_none_match, &self.if_modified_since) {
            (Some(condition), _) if matches(condition, object) => Err(not_modified(object)),
            (None, Some(date)) if seconds <= second(date) => Err(not_modified(object)),
            _ => Ok(()),
        }
    }
}

fn matches(condition: &ETagCondition, object: &Object) -> bool {
    match condition {
        ETagCondition::Any => true,
        ETagCondition::ETag(etag) => etag.value() == object.etag,
    }
}

fn second(date: &s3s::dto::Timestamp) -> i64 {
    time_of(date).map_or(i64::MIN, Timestamp::as_second)
}

/// The protocol crate's time is opaque but prints itself.
pub fn time_of(date: &s3s::dto::Timestamp) -> Option<Timestamp> {
    let mut text = Vec::new();
    date.format(s3s::dto::TimestampFormat::DateTime, &mut text).ok()?;
    std::str::from_utf8(&text).ok()?.parse().ok()
}

/// Not an error in spirit: the answer still names the entity it is about.
fn not_modified(object: &Object) -> S3Error {
    let mut error = S3Error::new(S3ErrorCode::NotModified);
    error.set_status_code(StatusCode::NOT_MODIFIED);
    if let Ok(etag) = ETag::Strong(object.etag.clone()).to_http_header() {
        error.set_headers(http::HeaderMap::from_iter([(http::header::ETAG, etag)]));
    }
    error
}
