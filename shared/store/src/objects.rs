//! The handful of S3 calls that everything else is made of.

use std::time::Duration;

use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use bytes::Bytes;

use crate::bucket::Bucket;
use crate::{Error, Store};

/// Name of the metadata entry that says whose an object is.
const OWNER: &str = "owner";

pub(crate) struct StoredObject {
    pub bytes: Bytes,
    pub owner: Option<String>,
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
        self.s3()
            .put_object()
            .bucket(self.shared.names.bucket(bucket))
            .key(key)
            .content_type(content_type)
            .metadata(OWNER, owner)
            .if_none_match("*")
            .body(ByteStream::from(bytes))
            .send()
            .await
            .map_err(Error::from_sdk)?;
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
}
