//! PutObject (which is also where a browser's form upload arrives), CopyObject and the deletions.

use http::Method;
use jiff::Timestamp;
use s3s::dto::*;
use s3s::{S3Request, S3Response, S3Result, s3_error};

use super::checksums::{declared, receive};
use super::conditions::{ReadConditions, WriteConditions};
use super::object::{Description, Object};
use super::read::timestamp;
use super::store::ObjectStore;
use super::tags;

/// S3's limit on user metadata, names and values together.
const MAX_METADATA_BYTES: usize = 2 * 1024;
const MAX_PUT_BYTES: i64 = 5 * 1024 * 1024 * 1024;

/// What an uploader may say about content; several inputs have the same fields.
macro_rules! description {
    ($input:expr) => {
        $crate::cloud::s3::write::checked($crate::cloud::s3::object::Description {
            content_type: $input.content_type.take(),
            cache_control: $input.cache_control.take(),
            content_disposition: $input.content_disposition.take(),
            content_encoding: $input.content_encoding.take(),
            content_language: $input.content_language.take(),
            metadata: $input.metadata.take().unwrap_or_default(),
        })
    };
}
pub(super) use description;

pub async fn put(store: &ObjectStore, req: S3Request<PutObjectInput>) -> S3Result<S3Response<PutObjectOutput>> {
    let mut input = req.input;
    store.state().bucket(&input.bucket)?;
    if input.content_length.is_some_and(|length| length > MAX_PUT_BYTES) {
        return Err(s3_error!(EntityTooLarge));
    }
    let description = description!(input)?;
    let tags = tags::parse(input.tagging.as_deref())?;
    let received = receive(input.body.take(), declared!(input), req.trailing_headers).await?;
    let object = Object {
        key: input.key,
        size: received.content.len() as u64,
        content: store.keep(received.content)?,
        etag: received.etag,
        modified: Timestamp::now(),
        sequence: 0,
        description,
        checksums: received.checksums,
        tags,
    };
    let conditions = WriteConditions {
        if_match: input.if_match,
        if_none_match: input.if_none_match,
    };
    let event = if req.method == Method::POST {
        "ObjectCreated:Post"
    } else {
        "ObjectCreated:Put"
    };
    let object = store.put(event, &input.bucket, object, &conditions)?;
    Ok(S3Response::new(PutObjectOutput {
        e_tag: Some(ETag::Strong(object.etag)),
        checksum_crc32: object.checksums.crc32,
        checksum_crc32c: object.checksums.crc32c,
        checksum_crc64nvme: object.checksums.crc64nvme,
        checksum_sha1: object.checksums.sha1,
        checksum_sha256: object.checksums.sha256,
        ..Default::default()
    }))
}

pub fn copy(store: &ObjectStore, mut input: CopyObjectInput) -> S3Result<S3Response<CopyObjectOutput>> {
    let CopySource::Bucket { bucket, key, .. } = &input.copy_source else {
        return Err(s3_error!(NotImplemented, "Only bucket/key can be copied from."));
    };
    let replaces = input
        .metadata_directive
        .as_ref()
        .is_some_and(|d| d.as_str() == MetadataDirective::REPLACE);
    let retags = input
        .tagging_directive
        .as_ref()
        .is_some_and(|d| d.as_str() == TaggingDirective::REPLACE);
    if **bucket == *input.bucket && **key == *input.key && !replaces {
        return Err(s3_error!(
            InvalidRequest,
            "An object is copied onto itself only to change its metadata."
        ));
    }
    let (mut object, content) = store.fetch(bucket, key)?;
    let conditions = ReadConditions {
        if_match: input.copy_source_if_match.take(),
        if_none_match: input.copy_source_if_none_match.take(),
        if_modified_since: input.copy_source_if_modified_since.take(),
        if_unmodified_since: input.copy_source_if_unmodified_since.take(),
    };
    // A copy has nothing to be "not modified" for: every failed condition is a 412.
    conditions.check(&object).map_err(|_| s3_error!(PreconditionFailed))?;
    if replaces {
        object.description = description!(input)?;
    }
    if retags {
        object.tags = tags::parse(input.tagging.as_deref())?;
    }
    store.state().bucket(&input.bucket)?;
    object.key = input.key;
    object.content = store.keep(content)?;
    let object = store.put("ObjectCreated:Copy", &input.bucket, object, &WriteConditions::default())?;
    let result = CopyObjectResult {
        e_tag: Some(ETag::Strong(object.etag)),
        last_modified: Some(timestamp(object.modified)),
        ..Default::default()
    };
    Ok(S3Response::new(CopyObjectOutput {
        copy_object_result: Some(result),
        ..Default::default()
    }))
}

pub fn delete(store: &ObjectStore, input: DeleteObjectInput) -> S3Result<S3Response<DeleteObjectOutput>> {
    let conditions = WriteConditions {
        if_match: input.if_match,
        if_none_match: None,
    };
    store.delete(&input.bucket, &input.key, &conditions)?;
    Ok(S3Response::new(DeleteObjectOutput::default()))
}

pub fn delete_many(store: &ObjectStore, input: DeleteObjectsInput) -> S3Result<S3Response<DeleteObjectsOutput>> {
    store.state().bucket(&input.bucket)?;
    if input.delete.objects.is_empty() || input.delete.objects.len() > 1_000 {
        return Err(s3_error!(
            MalformedXML,
            "Between 1 and 1000 objects can be deleted at once."
        ));
    }
    let (mut deleted, mut errors) = (Vec::new(), Vec::new());
    for ObjectIdentifier { key, e_tag, .. } in input.delete.objects {
        let conditions = WriteConditions {
            if_match: e_tag.map(ETagCondition::ETag),
            if_none_match: None,
        };
        match store.delete(&input.bucket, &key, &conditions) {
            Ok(()) => deleted.push(DeletedObject {
                key: Some(key),
                ..Default::default()
            }),
            Err(error) => errors.push(Error {
                code: Some(error.code().as_str().to_owned()),
                message: error.message().map(str::to_owned),
                key: Some(key),
                ..Default::default()
            }),
        }
    }
    let quiet = input.delete.quiet.unwrap_or_default();
    Ok(S3Response::new(DeleteObjectsOutput {
        deleted: (!quiet).then_some(deleted),
        errors: (!errors.is_empty()).then_some(errors),
        ..Default::default()
    }))
}

pub fn checked(mut description: Description) -> S3Result<Description> {
    let bytes: usize = description
        .metadata
        .iter()
        .map(|(name, value)| name.len() + value.len())
        .sum();
    if bytes > MAX_METADATA_BYTES {
        return Err(s3_error!(MetadataTooLarge));
    }
    description
        .content_type
        .get_or_insert_with(|| "binary/octet-stream".to_owned());
    Ok(description)
}
