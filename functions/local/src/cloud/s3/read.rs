//! GetObject and HeadObject.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::StatusCode;
use jiff::Timestamp;
use s3s::dto::*;
use s3s::{Body, S3Error, S3ErrorCode, S3Response, S3Result, s3_error};

use super::conditions::ReadConditions;
use super::store::ObjectStore;

pub fn get(store: &ObjectStore, input: GetObjectInput) -> S3Result<S3Response<GetObjectOutput>> {
    let (object, content) = store.fetch(&input.bucket, &input.key)?;
    let conditions = ReadConditions {
        if_match: input.if_match,
        if_none_match: input.if_none_match,
        if_modified_since: input.if_modified_since,
        if_unmodified_since: input.if_unmodified_since,
    };
    conditions.check(&object)?;
    let (slice, content_range) = cut(&content, input.range)?;
    let status = if content_range.is_some() {
        StatusCode::PARTIAL_CONTENT
    } else {
        StatusCode::OK
    };
    let with_checksums = input.checksum_mode.is_some() && content_range.is_none();
    let checksums = if with_checksums {
        object.checksums.clone()
    } else {
        Default::default()
    };
    let output = GetObjectOutput {
        accept_ranges: Some("bytes".to_owned()),
        content_length: i64::try_from(slice.len()).ok(),
        content_range,
        body: Some(StreamingBlob::from(Body::from(slice))),
        e_tag: Some(ETag::Strong(object.etag)),
        last_modified: Some(timestamp(object.modified)),
        content_type: object.description.content_type,
        cache_control: object.description.cache_control,
        content_disposition: object.description.content_disposition,
        content_encoding: object.description.content_encoding,
        content_language: object.description.content_language,
        metadata: Some(object.description.metadata),
        tag_count: i32::try_from(object.tags.len()).ok().filter(|count| *count > 0),
        checksum_crc32: checksums.crc32,
        checksum_crc32c: checksums.crc32c,
        checksum_crc64nvme: checksums.crc64nvme,
        checksum_sha1: checksums.sha1,
        checksum_sha256: checksums.sha256,
        ..Default::default()
    };
    Ok(S3Response::with_status(output, status))
}

pub fn head(store: &ObjectStore, input: HeadObjectInput) -> S3Result<S3Response<HeadObjectOutput>> {
    let object = store
        .state()
        .object(&input.bucket, &input.key)
        .cloned()
        .map_err(without_body)?;
    let conditions = ReadConditions {
        if_match: input.if_match,
        if_none_match: input.if_none_match,
        if_modified_since: input.if_modified_since,
        if_unmodified_since: input.if_unmodified_since,
    };
    conditions.check(&object)?;
    let length = i64::try_from(object.size).unwrap_or(i64::MAX);
    let range = input
        .range
        .map(|range| range.check(object.size))
        .transpose()
        .map_err(|_| s3_error!(InvalidRange))?;
    let checksums = if input.checksum_mode.is_some() {
        object.checksums.clone()
    } else {
        Default::default()
    };
    let output = HeadObjectOutput {
        accept_ranges: Some("bytes".to_owned()),
        content_length: Some(
            range
                .as_ref()
                .map_or(length, |range| (range.end - range.start).cast_signed()),
        ),
        e_tag: Some(ETag::Strong(object.etag)),
        last_modified: Some(timestamp(object.modified)),
        content_type: object.description.content_type,
        cache_control: object.description.cache_control,
        content_disposition: object.description.content_disposition,
        content_encoding: object.description.content_encoding,
        content_language: object.description.content_language,
        metadata: Some(object.description.metadata),
        checksum_crc32: checksums.crc32,
        checksum_crc32c: checksums.crc32c,
        checksum_crc64nvme: checksums.crc64nvme,
        checksum_sha1: checksums.sha1,
        checksum_sha256: checksums.sha256,
        ..Default::default()
    };
    let status = if range.is_some() {
        StatusCode::PARTIAL_CONTENT
    } else {
        StatusCode::OK
    };
    Ok(S3Response::with_status(output, status))
}

/// S3 tells times to the millisecond.
pub fn timestamp(time: Timestamp) -> s3s::dto::Timestamp {
    let since_epoch = Duration::from_millis(time.as_millisecond().unsigned_abs());
    s3s::dto::Timestamp::from(SystemTime::UNIX_EPOCH + since_epoch)
}

/// `None` for the range when the whole content is given.
fn cut(content: &Bytes, range: Option<Range>) -> S3Result<(Bytes, Option<String>)> {
    let Some(range) = range else {
        return Ok((content.clone(), None));
    };
    let length = content.len() as u64;
    let range = range.check(length).map_err(|_| s3_error!(InvalidRange))?;
    let bounds = usize::try_from(range.start).ok().zip(usize::try_from(range.end).ok());
    let (start, end) = bounds.ok_or_else(|| s3_error!(InvalidRange))?;
    let text = format!("bytes {}-{}/{length}", range.start, range.end.saturating_sub(1));
    Ok((content.slice(start..end), Some(text)))
}

/// An answer to HEAD has no body to carry `NoSuchKey`; SDKs know this case as `NotFound`.
fn without_body(error: S3Error) -> S3Error {
    if *error.code() != S3ErrorCode::NoSuchKey && *error.code() != S3ErrorCode::NoSuchBucket {
        return error;
    }
    let mut not_found = S3Error::new(S3ErrorCode::Custom("NotFound".into()));
    not_found.set_status_code(StatusCode::NOT_FOUND);
    not_found
}
