//! ListObjectsV2 and its elder sister: keys in order, folded at a delimiter, a page at a time.

use std::ops::Bound;

use data_encoding::BASE64URL_NOPAD;
use s3s::dto::*;
use s3s::{S3Response, S3Result, s3_error};

use super::read::timestamp;
use super::store::{Bucket, ObjectStore};

const MAX_KEYS: i32 = 1_000;

#[derive(Default)]
struct Page {
    objects: Vec<Object>,
    prefixes: Vec<CommonPrefix>,
    /// The last key or common prefix given, when there is more behind it.
    last: Option<String>,
}

pub fn list_v2(store: &ObjectStore, input: ListObjectsV2Input) -> S3Result<S3Response<ListObjectsV2Output>> {
    let after = match &input.continuation_token {
        Some(token) => Some(decode(token)?),
        None => input.start_after.clone(),
    };
    let max_keys = input.max_keys.unwrap_or(MAX_KEYS).clamp(0, MAX_KEYS);
    let mut state = store.state();
    let bucket = state.bucket(&input.bucket)?;
    let page = page(
        bucket,
        input.prefix.as_deref(),
        input.delimiter.as_deref(),
        after.as_deref(),
        max_keys,
    );
    let count = page.objects.len() + page.prefixes.len();
    Ok(S3Response::new(ListObjectsV2Output {
        name: Some(input.bucket),
        prefix: Some(input.prefix.unwrap_or_default()),
        max_keys: Some(max_keys),
        key_count: i32::try_from(count).ok(),
        continuation_token: input.continuation_token,
        is_truncated: Some(page.last.is_some()),
        next_continuation_token: page.last.map(|key| BASE64URL_NOPAD.encode(key.as_bytes())),
        contents: Some(page.objects),
        common_prefixes: Some(page.prefixes),
        delimiter: input.delimiter,
        start_after: input.start_after,
        ..Default::default()
    }))
}

pub fn list_v1(store: &ObjectStore, input: ListObjectsInput) -> S3Result<S3Response<ListObjectsOutput>> {
    let max_keys = input.max_keys.unwrap_or(MAX_KEYS).clamp(0, MAX_KEYS);
    let mut state = store.state();
    let bucket = state.bucket(&input.bucket)?;
    let (prefix, delimiter) = (input.prefix.as_deref(), input.delimiter.as_deref());
    let page = page(bucket, prefix, delimiter, input.marker.as_deref(), max_keys);
    Ok(S3Response::new(ListObjectsOutput {
        name: Some(input.bucket),
        prefix: Some(input.prefix.unwrap_or_default()),
        marker: Some(input.marker.unwrap_or_default()),
        max_keys: Some(max_keys),
        is_truncated: Some(page.last.is_some()),
        next_marker: page.last.filter(|_| input.delimiter.is_some()),
        contents: Some(page.objects),
        common_prefixes: Some(page.prefixes),
        delimiter: input.delimiter,
        ..Default::default()
    }))
}

fn page(bucket: &Bucket, prefix: Option<&str>, delimiter: Option<&str>, after: Option<&str>, max_keys: i32) -> Page {
    let (prefix, after) = (prefix.unwrap_or_default(), after.unwrap_or_default());
    let delimiter = delimiter.filter(|delimiter| !delimiter.is_empty());
    let max_keys = usize::try_from(max_keys).unwrap_or_default();
    let mut page = Page::default();
    let mut last = String::new();
    let start = if after > prefix {
        Bound::Excluded(after)
    } else {
        Bound::Included(prefix)
    };
    for (key, object) in bucket.objects.range::<str, _>((start, Bound::Unbounded)) {
        let Some(rest) = key.strip_prefix(prefix) else {
            break;
        };
        let folded = delimiter.and_then(|d| rest.find(d).map(|at| &key[..prefix.len() + at + d.len()]));
        // A common prefix counts once, on this page or on the one before.
        if folded.is_some_and(|folded| folded == last || folded == after) {
            continue;
        }
        if page.objects.len() + page.prefixes.len() == max_keys {
            page.last = (max_keys > 0).then_some(last);
            break;
        }
        match folded {
            Some(folded) => page.prefixes.push(CommonPrefix {
                prefix: Some(folded.to_owned()),
            }),
            None => page.objects.push(entry(object)),
        }
        last = folded.unwrap_or(key).to_owned();
    }
    page
}

fn entry(object: &super::object::Object) -> Object {
    Object {
        key: Some(object.key.clone()),
        size: i64::try_from(object.size).ok(),
        e_tag: Some(ETag::Strong(object.etag.clone())),
        last_modified: Some(timestamp(object.modified)),
        storage_class: Some(ObjectStorageClass::from_static(ObjectStorageClass::STANDARD)),
        ..Default::default()
    }
}

fn decode(token: &str) -> S3Result<String> {
    let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok();
    let key = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    key.ok_or_else(|| s3_error!(InvalidArgument, "The continuation token provided is incorrect."))
}
