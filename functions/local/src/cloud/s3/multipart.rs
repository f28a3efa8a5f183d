//! Uploads in parts: begun, filled in any order, completed at once or given up.

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use md5::{Digest, Md5};
use s3s::dto::*;
use s3s::{S3Request, S3Response, S3Result, s3_error};

use super::checksums::{Checksums, declared, receive};
use super::object::{Content, Part, Upload};
use super::read::timestamp;
use super::store::ObjectStore;
use super::tags;
use super::write::description;
use crate::cloud::random_name;

const MAX_PART_NUMBER: i32 = 10_000;

pub fn create(
    store: &ObjectStore,
    mut input: CreateMultipartUploadInput,
) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
    let upload = Upload {
        id: random_name(),
        description: description!(input)?,
        tags: tags::parse(input.tagging.as_deref())?,
        checksum: input.checksum_algorithm.as_ref().map(|algorithm| {
            let algorithm = algorithm.as_str().to_ascii_lowercase();
            let full = input
                .checksum_type
                .as_ref()
                .map(|kind| kind.as_str() == ChecksumType::FULL_OBJECT);
            let full = full.unwrap_or(algorithm == "crc64nvme");
            (algorithm, full)
        }),
        bucket: input.bucket,
        key: input.key,
        started: Timestamp::now(),
        parts: Default::default(),
    };
    let mut state = store.state();
    state.bucket(&upload.bucket)?;
    store.persist_upload(&upload.id, Some(&upload))?;
    state.uploads.insert(upload.id.clone(), upload.clone());
    Ok(S3Response::new(CreateMultipartUploadOutput {
        bucket: Some(upload.bucket),
        key: Some(upload.key),
        upload_id: Some(upload.id),
        checksum_algorithm: input.checksum_algorithm,
        checksum_type: input.checksum_type,
        ..Default::default()
    }))
}

pub async fn upload_part(
    store: &ObjectStore,
    req: S3Request<UploadPartInput>,
) -> S3Result<S3Response<UploadPartOutput>> {
    let mut input = req.input;
    store.state().upload(&input.bucket, &input.key, &input.upload_id)?;
    let received = receive(input.body.take(), declared!(input), req.trailing_headers).await?;
    let part = Part {
        size: received.content.len() as u64,
        content: store.keep(received.content)?,
        etag: received.etag,
        modified: Timestamp::now(),
        checksums: received.checksums,
    };
    let output = UploadPartOutput {
        e_tag: Some(ETag::Strong(part.etag.clone())),
        checksum_crc32: part.checksums.crc32.clone(),
        checksum_crc32c: part.checksums.crc32c.clone(),
        checksum_crc64nvme: part.checksums.crc64nvme.clone(),
        checksum_sha1: part.checksums.sha1.clone(),
        checksum_sha256: part.checksums.sha256.clone(),
        ..Default::default()
    };
    add_part(
        store,
        (&input.bucket, &input.key, &input.upload_id),
        input.part_number,
        part,
    )?;
    Ok(S3Response::new(output))
}

pub fn copy_part(store: &ObjectStore, input: UploadPartCopyInput) -> S3Result<S3Response<UploadPartCopyOutput>> {
    let CopySource::Bucket { bucket, key, .. } = &input.copy_source else {
        return Err(s3_error!(NotImplemented, "Only bucket/key can be copied from."));
    };
    let (_, mut content) = store.fetch(bucket, key)?;
    if let Some(range) = &input.copy_source_range {
        let range = Range::parse(range).map_err(|_| s3_error!(InvalidArgument))?;
        let range = range.check(content.len() as u64).map_err(|_| s3_error!(InvalidRange))?;
        let bounds = usize::try_from(range.start).ok().zip(usize::try_from(range.end).ok());
        let (start, end) = bounds.ok_or_else(|| s3_error!(InvalidRange))?;
        content = content.slice(start..end);
    }
    let part = Part {
        size: content.len() as u64,
        etag: HEXLOWER.encode(&Md5::digest(&content)),
        checksums: Checksums::of("crc64nvme", &content),
        content: store.keep(content)?,
        modified: Timestamp::now(),
    };
    let result = CopyPartResult {
        e_tag: Some(ETag::Strong(part.etag.clone())),
        last_modified: Some(timestamp(part.modified)),
        ..Default::default()
    };
    add_part(
        store,
        (&input.bucket, &input.key, &input.upload_id),
        input.part_number,
        part,
    )?;
    Ok(S3Response::new(UploadPartCopyOutput {
        copy_part_result: Some(result),
        ..Default::default()
    }))
}

pub fn abort(
    store: &ObjectStore,
    input: &AbortMultipartUploadInput,
) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
    store.state().upload(&input.bucket, &input.key, &input.upload_id)?;
    end(store, &input.upload_id)?;
    Ok(S3Response::with_status(
        AbortMultipartUploadOutput::default(),
        http::StatusCode::NO_CONTENT,
    ))
}

/// All of them: an upload here has dozens of parts, not thousands.
pub fn list_parts(store: &ObjectStore, input: ListPartsInput) -> S3Result<S3Response<ListPartsOutput>> {
    let upload = store
        .state()
        .upload(&input.bucket, &input.key, &input.upload_id)?
        .clone();
    let after = input.part_number_marker.unwrap_or_default();
    let parts = upload
        .parts
        .iter()
        .filter(|(number, _)| **number > after)
        .map(|(number, part)| s3s::dto::Part {
            part_number: Some(*number),
            size: i64::try_from(part.size).ok(),
            e_tag: Some(ETag::Strong(part.etag.clone())),
            last_modified: Some(timestamp(part.modified)),
            ..Default::default()
        });
    Ok(S3Response::new(ListPartsOutput {
        parts: Some(parts.collect()),
        bucket: Some(input.bucket),
        key: Some(input.key),
        upload_id: Some(input.upload_id),
        is_truncated: Some(false),
        ..Default::default()
    }))
}

fn add_part(store: &ObjectStore, (bucket, key, id): (&str, &str, &str), number: i32, part: Part) -> S3Result<()> {
    if !(1..=MAX_PART_NUMBER).contains(&number) {
        store.forget(&part.content);
        return Err(s3_error!(
            InvalidArgument,
            "Part number must be an integer between 1 and 10000, inclusive."
        ));
    }
    let mut state = store.state();
    let upload = state.upload(bucket, key, id)?;
    if let Some(replaced) = upload.parts.insert(number, part) {
        store.forget(&replaced.content);
    }
    store.persist_upload(id, Some(upload))
}

/// Forgets an upload and what its parts kept.
pub(super) fn end(store: &ObjectStore, id: &str) -> S3Result<()> {
    let Some(upload) = store.state().uploads.remove(id) else {
        return Ok(());
    };
    let contents: Vec<Content> = upload.parts.into_values().map(|part| part.content).collect();
    store.persist_upload(id, None)?;
    contents.iter().for_each(|content| store.forget(content));
    Ok(())
}
