//! Buckets and their cross-origin rules.

use jiff::Timestamp;
use s3s::dto::*;
use s3s::{S3Response, S3Result, s3_error};

use super::read::timestamp;
use super::store::{Bucket, ObjectStore};

pub fn create(store: &ObjectStore, input: CreateBucketInput) -> S3Result<S3Response<CreateBucketOutput>> {
    let mut state = store.state();
    if state.buckets.contains_key(&input.bucket) {
        return Err(s3_error!(BucketAlreadyOwnedByYou));
    }
    let bucket = Bucket {
        created: Timestamp::now(),
        cors: Vec::new(),
        objects: Default::default(),
    };
    store.persist_bucket(&input.bucket, Some(&bucket))?;
    let location = Some(format!("/{}", input.bucket));
    state.buckets.insert(input.bucket, bucket);
    Ok(S3Response::new(CreateBucketOutput { location }))
}

pub fn delete(store: &ObjectStore, input: DeleteBucketInput) -> S3Result<S3Response<DeleteBucketOutput>> {
    let mut state = store.state();
    if !state.bucket(&input.bucket)?.objects.is_empty() {
        return Err(s3_error!(BucketNotEmpty));
    }
    store.persist_bucket(&input.bucket, None)?;
    state.buckets.remove(&input.bucket);
    Ok(S3Response::with_status(
        DeleteBucketOutput::default(),
        http::StatusCode::NO_CONTENT,
    ))
}

pub fn head(store: &ObjectStore, input: HeadBucketInput) -> S3Result<S3Response<HeadBucketOutput>> {
    if store.state().buckets.contains_key(&input.bucket) {
        return Ok(S3Response::new(HeadBucketOutput::default()));
    }
    let mut missing = s3s::S3Error::new(s3s::S3ErrorCode::Custom("NotFound".into()));
    missing.set_status_code(http::StatusCode::NOT_FOUND);
    Err(missing)
}

pub fn list(store: &ObjectStore) -> S3Response<ListBucketsOutput> {
    let state = store.state();
    let buckets = state.buckets.iter().map(|(name, bucket)| s3s::dto::Bucket {
        name: Some(name.clone()),
        creation_date: Some(timestamp(bucket.created)),
        ..Default::default()
    });
    S3Response::new(ListBucketsOutput {
        buckets: Some(buckets.collect()),
        ..Default::default()
    })
}

pub fn put_cors(store: &ObjectStore, input: PutBucketCorsInput) -> S3Result<S3Response<PutBucketCorsOutput>> {
    let mut state = store.state();
    let bucket = state.bucket(&input.bucket)?;
    bucket.cors = input
        .cors_configuration
        .cors_rules
        .into_iter()
        .map(Into::into)
        .collect();
    store.persist_bucket(&input.bucket, Some(bucket))?;
    Ok(S3Response::new(PutBucketCorsOutput::default()))
}

pub fn get_cors(store: &ObjectStore, input: &GetBucketCorsInput) -> S3Result<S3Response<GetBucketCorsOutput>> {
    let rules = store.state().bucket(&input.bucket)?.cors.clone();
    if rules.is_empty() {
        return Err(s3_error!(NoSuchCORSConfiguration));
    }
    let cors_rules = rules.into_iter().map(Into::into).collect();
    Ok(S3Response::new(GetBucketCorsOutput {
        cors_rules: Some(cors_rules),
    }))
}
