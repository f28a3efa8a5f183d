//! Tags of objects, in their two forms: a header like a query string, and XML.

use s3s::dto::*;
use s3s::{S3Response, S3Result, s3_error};

use super::object::Tags;
use super::store::ObjectStore;

const MAX_TAGS: usize = 10;

pub fn parse(header: Option<&str>) -> S3Result<Tags> {
    let Some(header) = header else {
        return Ok(Tags::new());
    };
    let pairs: Vec<(String, String)> = serde_html_form::from_str(header).map_err(|_| s3_error!(InvalidArgument))?;
    collect(pairs)
}

pub fn put(store: &ObjectStore, input: PutObjectTaggingInput) -> S3Result<S3Response<PutObjectTaggingOutput>> {
    let pairs = input.tagging.tag_set.into_iter();
    let tags = collect(pairs.map(|tag| (tag.key.unwrap_or_default(), tag.value.unwrap_or_default())))?;
    store.set_tags(&input.bucket, &input.key, tags)?;
    Ok(S3Response::new(PutObjectTaggingOutput::default()))
}

pub fn get(store: &ObjectStore, input: GetObjectTaggingInput) -> S3Result<S3Response<GetObjectTaggingOutput>> {
    let tags = store.state().object(&input.bucket, &input.key)?.tags.clone();
    let tag_set = tags
        .into_iter()
        .map(|(key, value)| Tag {
            key: Some(key),
            value: Some(value),
        })
        .collect();
    Ok(S3Response::new(GetObjectTaggingOutput {
        tag_set,
        version_id: None,
    }))
}

pub fn delete(store: &ObjectStore, input: DeleteObjectTaggingInput) -> S3Result<S3Response<DeleteObjectTaggingOutput>> {
    store.set_tags(&input.bucket, &input.key, Tags::new())?;
    Ok(S3Response::with_status(
        DeleteObjectTaggingOutput::default(),
        http::StatusCode::NO_CONTENT,
    ))
}

fn collect(pairs: impl IntoIterator<Item = (String, String)>) -> S3Result<Tags> {
    let mut tags = Tags::new();
    for (key, value) in pairs {
        if key.is_empty() || key.chars().count() > 128 || value.chars().count() > 256 {
            return Err(s3_error!(
                InvalidTag,
                "A tag has a key of 1 to 128 and a value of up to 256 characters."
            ));
        }
        if tags.insert(key, value).is_some() {
            return Err(s3_error!(InvalidTag, "A key is used twice."));
        }
    }
    if tags.len() > MAX_TAGS {
        return Err(s3_error!(InvalidTag, "An object has at most 10 tags."));
    }
    Ok(tags)
}
