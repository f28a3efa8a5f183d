//! S3: objects, conditions, presigned requests, form uploads, parts.

mod access;
mod conditions;
mod forms;
mod listing;
mod multipart;
mod objects;
mod persistence;
mod presigned;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStream;
use local::cloud::Cloud;

use super::{SECRET_KEY, in_memory, sdk};

pub const BUCKET: &str = "records";

pub fn client_with_secret(cloud: &Cloud, secret: &str) -> Client {
    Client::from_conf(sdk!(aws_sdk_s3, &cloud.s3_url, secret).force_path_style(true).build())
}

pub fn client(cloud: &Cloud) -> Client {
    client_with_secret(cloud, SECRET_KEY)
}

/// A cloud with one empty bucket.
pub async fn bucket() -> (Cloud, Client) {
    let cloud = in_memory();
    let s3 = client(&cloud);
    s3.create_bucket().bucket(BUCKET).send().await.unwrap();
    (cloud, s3)
}

pub async fn put(s3: &Client, key: &str, text: &str) {
    let body = ByteStream::from(text.as_bytes().to_vec());
    s3.put_object().bucket(BUCKET).key(key).body(body).send().await.unwrap();
}

pub async fn read(s3: &Client, key: &str) -> String {
    let object = s3.get_object().bucket(BUCKET).key(key).send().await.unwrap();
    String::from_utf8(object.body.collect().await.unwrap().to_vec()).unwrap()
}

/// The HTTP status and the error code of a refusal.
pub fn refusal<T, E: ProvideErrorMetadata + std::fmt::Debug>(
    answer: Result<T, SdkError<E, aws_sdk_s3::config::http::HttpResponse>>,
) -> (u16, String) {
    let Err(error) = answer else {
        panic!("this should have been refused")
    };
    let status = error.raw_response().map_or(0, |response| response.status().as_u16());
    (status, error.code().unwrap_or_default().to_owned())
}
