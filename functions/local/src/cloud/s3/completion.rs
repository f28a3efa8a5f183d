//! CompleteMultipartUpload: parts become an object, or the completion is refused for what is wrong with it.

use data_encoding::{BASE64, HEXLOWER};
use jiff::Timestamp;
use md5::{Digest, Md5};
use s3s::dto::*;
use s3s::{S3Error, S3Response, S3Result, s3_error};

use super::checksums::Checksums;
use super::conditions::WriteConditions;
use super::multipart::end;
use super::object::{Object, Part, Upload};
use super::store::ObjectStore;

/// All parts but the last are at least this large.
const MIN_PART_BYTES: u64 = 5 * 1024 * 1024;

pub fn complete(
    store: &ObjectStore,
    mut input: CompleteMultipartUploadInput,
) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
    let (bucket, id) = (&input.bucket, &input.upload_id);
    let upload = store.state().upload(bucket, &input.key, id)?.clone();
    let parts = chosen(&upload, input.multipart_upload.take())?;
    let object = assemble(store, &upload, &parts, input.mpu_object_size)?;
    let conditions = WriteConditions {
        if_match: input.if_match,
        if_none_match: input.if_none_match,
    };
    let event = "ObjectCreated:CompleteMultipartUpload";
    let object = store.put(event, bucket, object, &conditions)?;
    end(store, &upload.id)?;
    Ok(S3Response::new(CompleteMultipartUploadOutput {
        location: Some(format!("/{bucket}/{}", object.key)),
        bucket: Some(input.bucket),
        key: Some(object.key),
        e_tag: Some(ETag::Strong(object.etag)),
        checksum_crc32: object.checksums.crc32,
        checksum_crc32c: object.checksums.crc32c,
        checksum_crc64nvme: object.checksums.crc64nvme,
        checksum_sha1: object.checksums.sha1,
        checksum_sha256: object.checksums.sha256,
        ..Default::default()
    }))
}

fn assemble(store: &ObjectStore, upload: &Upload, parts: &[Part], announced: Option<i64>) -> S3Result<Object> {
    let mut content = Vec::new();
    for part in parts {
        let part = store.content(&part.content);
        content.extend_from_slice(&part.map_err(S3Error::internal_error)?);
    }
    if announced.is_some_and(|size| usize::try_from(size) != Ok(content.len())) {
        return Err(s3_error!(InvalidRequest, "The object is not as large as announced."));
    }
    Ok(Object {
        key: upload.key.clone(),
        size: content.len() as u64,
        etag: etag_of(parts)?,
        modified: Timestamp::now(),
        sequence: 0,
        description: upload.description.clone(),
        checksums: checksums_of(upload, parts, &content)?,
        tags: upload.tags.clone(),
        content: store.keep(content.into())?,
    })
}

/// The parts named by the completion, in its order, which must be ascending.
fn chosen(upload: &Upload, list: Option<CompletedMultipartUpload>) -> S3Result<Vec<Part>> {
    let list = list.and_then(|list| list.parts).filter(|list| !list.is_empty());
    let list = list.ok_or_else(|| s3_error!(MalformedXML, "You must specify at least one part."))?;
    let numbers: Vec<i32> = list.iter().map(|part| part.part_number.unwrap_or_default()).collect();
    if !numbers.is_sorted_by(|a, b| a < b) {
        return Err(s3_error!(InvalidPartOrder));
    }
    let mut parts = Vec::new();
    for (number, named) in numbers.iter().zip(&list) {
        let part = upload
            .parts
            .get(number)
            .filter(|part| named.e_tag.as_ref().is_some_and(|etag| etag.value() == part.etag));
        parts.push(part.cloned().ok_or_else(|| s3_error!(InvalidPart))?);
    }
    let too_small = parts.iter().rev().skip(1).any(|part| part.size < MIN_PART_BYTES);
    if too_small {
        Err(s3_error!(EntityTooSmall))
    } else {
        Ok(parts)
    }
}

fn etag_of(parts: &[Part]) -> S3Result<String> {
    let mut md5 = Md5::new();
    for part in parts {
        md5.update(HEXLOWER.decode(part.etag.as_bytes()).map_err(S3Error::internal_error)?);
    }
    Ok(format!("{}-{}", HEXLOWER.encode(&md5.finalize()), parts.len()))
}

/// Of the whole object, or of the parts' checksums (written with the number of parts behind).
fn checksums_of(upload: &Upload, parts: &[Part], content: &[u8]) -> S3Result<Checksums> {
    let Some((algorithm, false)) = &upload.checksum else {
        let algorithm = upload.checksum.as_ref().map_or("crc64nvme", |(algorithm, _)| algorithm);
        return Ok(Checksums::of(algorithm, content));
    };
    let mut joined = Vec::new();
    for part in parts {
        let sum = part
            .checksums
            .get(algorithm)
            .ok_or_else(|| s3_error!(InvalidPart, "A part lacks its checksum."))?;
        joined.extend(BASE64.decode(sum.as_bytes()).map_err(S3Error::internal_error)?);
    }
    let mut sums = Checksums::of(algorithm, &joined);
    if let Some(sum) = sums.get(algorithm).map(|sum| format!("{sum}-{}", parts.len())) {
        sums.set(algorithm, sum);
    }
    Ok(sums)
}
