//! The handful of S3 calls that everything else is made of.

use std::time::{Duration, SystemTime};

use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use bytes::Bytes;
use jiff::Timestamp;

use crate::bucket::Bucket;
use crate::{Error, Store};

/// Name of the metadata entry that says whose an object is.
const OWNER: &str = "owner";

pub(crate) struct StoredObject {
    pub bytes: Bytes,
    pub owner: Option<String>,
}

/// An object that is read only if it is small enough.
pub enum Found {
    Whole(Bytes),
    TooLarge,
}

impl Store {
    pub(crate) async fn put_object(
        &self,
        bucket: Bucket,
        key: &str,
        content_type: &str,
        owner: &str,
        bytes: Vec<u8>,
    ) -> Result<(), Error> {
        self.meter.count_object_call();
        let put = self
            .s3()
            .put_object()
            .bucket(self.shared.names.bucket(bucket))
            .key(key)
            .content_type(content_type)
            .metadata(OWNER, owner)
            .set_content_disposition(bucket.disposition().map(str::to_owned))
            .if_none_match("*")
            .body(ByteStream::from(bytes));
        put.send().await.map_err(Error::from_sdk)?;
        Ok(())
    }

    /// None when there is no such object. Reads `limit` bytes at the most.
    pub(crate) async fn get_object(
        &self,
        bucket: Bucket,
        key: &str,
        limit: u64,
    ) -> Result<Option<StoredObject>, Error> {
        self.meter.count_object_call();
        let call = self.s3().get_object().bucket(self.shared.names.bucket(bucket)).key(key);
        let answer = match call.range(format!("bytes=0-{}", limit.saturating_sub(1))).send().await {
            Ok(answer) => answer,
            Err(error) if error.as_service_error().is_some_and(GetObjectError::is_no_such_key) => return Ok(None),
            Err(error) => return Err(Error::from_sdk(error)),
        };
        let owner = answer.metadata().and_then(|metadata| metadata.get(OWNER)).cloned();
        let bytes = answer
            .body
            .collect()
            .await
            .map_err(|error| Error::Unavailable(error.to_string()))?;
        Ok(Some(StoredObject {
            bytes: bytes.into_bytes(),
            owner,
        }))
    }

    /// None when there is no such object. One of more bytes than `most` is not read.
    pub(crate) async fn get_small_object(&self, bucket: Bucket, key: &str, most: u64) -> Result<Option<Found>, Error> {
        self.meter.count_object_call();
        let call = self.s3().get_object().bucket(self.shared.names.bucket(bucket)).key(key);
        let answer = match call.range(format!("bytes=0-{}", most.saturating_sub(1))).send().await {
            Ok(answer) => answer,
            Err(error) if error.as_service_error().is_some_and(GetObjectError::is_no_such_key) => return Ok(None),
            Err(error) => return Err(Error::from_sdk(error)),
        };
        let total = answer
            .content_range()
            .and_then(|range| range.rsplit('/').next()?.parse().ok());
        if total.is_some_and(|total: u64| total > most) {
            return Ok(Some(Found::TooLarge));
        }
        let bytes = answer.body.collect().await;
        let bytes = bytes.map_err(|error| Error::Unavailable(error.to_string()))?;
        Ok(Some(Found::Whole(bytes.into_bytes())))
    }

    /// Under a name that is made from the bytes: what is there already is the same.
    pub(crate) async fn put_content(
        &self,
        bucket: Bucket,
        key: &str,
        content_type: &str,
        bytes: Vec<u8>,
    ) -> Result<(), Error> {
        self.meter.count_object_call();
        let put = self
            .s3()
            .put_object()
            .bucket(self.shared.names.bucket(bucket))
            .key(key)
            .content_type(content_type)
            .if_none_match("*")
            .body(ByteStream::from(bytes));
        match put.send().await {
            Err(error) if error.code() == Some("PreconditionFailed") => Ok(()),
            outcome => outcome.map(|_| ()).map_err(Error::from_sdk),
        }
    }

    /// The bytes from the first to the last, both included. None when there is no such object.
    pub(crate) async fn get_object_part(
        &self,
        bucket: Bucket,
        key: &str,
        first: u64,
        last: u64,
    ) -> Result<Option<Bytes>, Error> {
        self.meter.count_object_call();
        let call = self.s3().get_object().bucket(self.shared.names.bucket(bucket)).key(key);
        let answer = match call.range(format!("bytes={first}-{last}")).send().await {
            Ok(answer) => answer,
            Err(error) if error.as_service_error().is_some_and(GetObjectError::is_no_such_key) => return Ok(None),
            Err(error) => return Err(Error::from_sdk(error)),
        };
        let bytes = answer.body.collect().await;
        let bytes = bytes.map_err(|error| Error::Unavailable(error.to_string()))?;
        Ok(Some(bytes.into_bytes()))
    }

    pub(crate) async fn delete_object(&self, bucket: Bucket, key: &str) -> Result<(), Error> {
        self.meter.count_object_call();
        self.s3()
            .delete_object()
            .bucket(self.shared.names.bucket(bucket))
            .key(key)
            .send()
            .await
            .map_err(Error::from_sdk)?;
        Ok(())
    }

    /// Keys and sizes in bytes of the objects whose keys begin so: of the first thousand.
    pub(crate) async fn list_objects(&self, bucket: Bucket, prefix: &str) -> Result<Vec<(String, u64)>, Error> {
        self.meter.count_object_call();
        let call = self.s3().list_objects_v2().bucket(self.shared.names.bucket(bucket));
        let answer = call.prefix(prefix).send().await.map_err(Error::from_sdk)?;
        let object = |object: aws_sdk_s3::types::Object| {
            let size = object.size().and_then(|size| u64::try_from(size).ok());
            object.key.zip(size)
        };
        Ok(answer
            .contents
            .unwrap_or_default()
            .into_iter()
            .filter_map(object)
            .collect())
    }

    /// An address that takes exactly one file of exactly this size, for a while.
    pub(crate) async fn presign_put(
        &self,
        bucket: Bucket,
        key: &str,
        size_bytes: u64,
        life: Duration,
    ) -> Result<String, Error> {
        let size = i64::try_from(size_bytes).map_err(|error| Error::Rejected(error.to_string()))?;
        let config = PresigningConfig::expires_in(life).map_err(|error| Error::Rejected(error.to_string()))?;
        let request = self
            .s3()
            .put_object()
            .bucket(self.shared.names.bucket(bucket))
            .key(key)
            .content_length(size)
            .presigned(config)
            .await
            .map_err(Error::from_sdk)?;
        Ok(request.uri().to_owned())
    }

    /// An address that gives an object to whoever has it, from `now` for a while. No call is made for it.
    pub(crate) async fn presign_get(
        &self,
        bucket: Bucket,
        key: &str,
        now: Timestamp,
        life: Duration,
    ) -> Result<String, Error> {
        let seconds = Duration::from_secs(now.as_second().max(0).unsigned_abs());
        let config = PresigningConfig::builder()
            .start_time(SystemTime::UNIX_EPOCH + seconds)
            .expires_in(life);
        let config = config.build().map_err(|error| Error::Rejected(error.to_string()))?;
        let request = self
            .s3()
            .get_object()
            .bucket(self.shared.names.bucket(bucket))
            .key(key)
            .presigned(config)
            .await
            .map_err(Error::from_sdk)?;
        Ok(request.uri().to_owned())
    }
}
