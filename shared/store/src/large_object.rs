//! An object of any size, put piece by piece: it is there as a whole once the last piece is, or not at all.

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};

use crate::bucket::Bucket;
use crate::{Error, Store};

pub(crate) struct LargeObject {
    store: Store,
    bucket: Bucket,
    key: String,
    upload: String,
    parts: Vec<CompletedPart>,
}

/// How the object is handed out.
pub(crate) struct Label<'a> {
    pub content_type: &'a str,
    /// What browsers call the file.
    pub file_name: &'a str,
}

impl LargeObject {
    pub async fn begin(store: &Store, bucket: Bucket, key: String, label: Label<'_>) -> Result<Self, Error> {
        store.meter.count_object_call();
        let call = store
            .s3()
            .create_multipart_upload()
            .bucket(store.shared.names.bucket(bucket))
            .key(&key)
            .content_type(label.content_type)
            .content_disposition(format!("attachment; filename=\"{}\"", label.file_name));
        let answer = call.send().await.map_err(Error::from_sdk)?;
        let upload = answer.upload_id;
        Ok(Self {
            store: store.clone(),
            bucket,
            key,
            upload: upload.ok_or_else(|| Error::Rejected("an upload has no name".to_owned()))?,
            parts: Vec::new(),
        })
    }

    /// All but the last must have 5 MiB at least, and there may be ten thousand.
    pub async fn add(&mut self, bytes: Vec<u8>) -> Result<(), Error> {
        self.store.meter.count_object_call();
        let number = i32::try_from(self.parts.len() + 1).unwrap_or(i32::MAX);
        let call = self
            .store
            .s3()
            .upload_part()
            .bucket(self.store.shared.names.bucket(self.bucket))
            .key(&self.key)
            .upload_id(&self.upload)
            .part_number(number)
            .body(ByteStream::from(bytes));
        let answer = call.send().await.map_err(Error::from_sdk)?;
        // The checksum that the SDK adds must be named again when the parts are joined.
        let part = CompletedPart::builder()
            .part_number(number)
            .set_e_tag(answer.e_tag)
            .set_checksum_crc32(answer.checksum_crc32);
        self.parts.push(part.build());
        Ok(())
    }

    /// From here on the object is there.
    pub async fn finish(self) -> Result<(), Error> {
        self.store.meter.count_object_call();
        let parts = CompletedMultipartUpload::builder().set_parts(Some(self.parts));
        let call = self
            .store
            .s3()
            .complete_multipart_upload()
            .bucket(self.store.shared.names.bucket(self.bucket))
            .key(&self.key)
            .upload_id(&self.upload)
            .multipart_upload(parts.build());
        call.send().await.map_err(Error::from_sdk)?;
        Ok(())
    }

    /// What came so far goes. What is not given up the bucket forgets after a day.
    pub async fn give_up(self) -> Result<(), Error> {
        self.store.meter.count_object_call();
        let call = self
            .store
            .s3()
            .abort_multipart_upload()
            .bucket(self.store.shared.names.bucket(self.bucket))
            .key(&self.key)
            .upload_id(&self.upload);
        call.send().await.map_err(Error::from_sdk)?;
        Ok(())
    }
}
