use std::time::Duration;

use aws_sdk_s3::presigning::{PresignedRequest, PresigningConfig};
use reqwest::{Method, Response};

use super::*;

/// Sends a presigned request as a browser would: with the signed headers and nothing else.
async fn send(request: &PresignedRequest, uri: &str, body: &'static str, headers: &[(&str, &str)]) -> Response {
    let method = Method::from_bytes(request.method().as_bytes()).unwrap();
    let mut http = reqwest::Client::new().request(method, uri);
    for (name, value) in request
        .headers()
        .filter(|(name, _)| headers.iter().all(|(other, _)| other != name))
    {
        http = http.header(name, value);
    }
    for (name, value) in headers {
        http = http.header(*name, *value);
    }
    http.body(body).send().await.unwrap()
}

fn valid_for(seconds: u64) -> PresigningConfig {
    PresigningConfig::expires_in(Duration::from_secs(seconds)).unwrap()
}

#[tokio::test]
async fn a_presigned_link_reads_one_object_and_only_unchanged() {
    let (_cloud, s3) = bucket().await;
    put(&s3, "mine.txt", "secret").await;
    put(&s3, "yours.txt", "other").await;
    let link = s3
        .get_object()
        .bucket(BUCKET)
        .key("mine.txt")
        .response_content_type("text/x-own");
    let link = link.presigned(valid_for(60)).await.unwrap();
    let answer = send(&link, link.uri(), "", &[]).await;
    assert_eq!(answer.headers()["content-type"], "text/x-own");
    assert_eq!(answer.text().await.unwrap(), "secret");
    for forged in [
        link.uri().replace("mine.txt", "yours.txt"),
        link.uri().replace("X-Amz-Expires=60", "X-Amz-Expires=6000"),
        link.uri().replace("text%2Fx-own", "text%2Fhtml"),
    ] {
        assert_ne!(forged, link.uri());
        assert_eq!(send(&link, &forged, "", &[]).await.status(), 403);
    }
    assert_eq!(
        send(&link, link.uri(), "", &[("range", "bytes=0-1")]).await.status(),
        206
    );
}

/// As S3 does it: whoever sends a header beside the signature gets nothing.
#[tokio::test]
async fn a_presigned_link_goes_without_an_authorization_header() {
    let (_cloud, s3) = bucket().await;
    put(&s3, "a", "1").await;
    let link = s3.get_object().bucket(BUCKET).key("a");
    let link = link.presigned(valid_for(60)).await.unwrap();
    let twice = send(&link, link.uri(), "", &[("authorization", "Bearer token")]).await;
    assert_eq!(twice.status(), 400);
    assert!(twice.text().await.unwrap().contains("<Code>InvalidArgument</Code>"));
}

#[tokio::test]
async fn a_presigned_link_expires() {
    let (_cloud, s3) = bucket().await;
    put(&s3, "a", "1").await;
    let an_hour_ago = std::time::SystemTime::now() - Duration::from_secs(3_600);
    let config = PresigningConfig::builder()
        .start_time(an_hour_ago)
        .expires_in(Duration::from_secs(60));
    let link = s3
        .get_object()
        .bucket(BUCKET)
        .key("a")
        .presigned(config.build().unwrap())
        .await
        .unwrap();
    let answer = send(&link, link.uri(), "", &[]).await;
    assert_eq!(answer.status(), 403);
    assert!(answer.text().await.unwrap().contains("expired"));
}

#[tokio::test]
async fn a_presigned_upload_takes_exactly_what_was_signed() {
    let (_cloud, s3) = bucket().await;
    let sha256 = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";
    let upload = s3
        .put_object()
        .bucket(BUCKET)
        .key("a")
        .content_type("image/png")
        .content_length(5);
    let upload = upload.checksum_sha256(sha256).presigned(valid_for(60)).await.unwrap();
    assert_eq!(
        send(&upload, upload.uri(), "hello", &[("content-type", "text/html")])
            .await
            .status(),
        403
    );
    assert_eq!(
        send(&upload, upload.uri(), "hello!", &[("content-length", "6")])
            .await
            .status(),
        403
    );
    assert_eq!(send(&upload, upload.uri(), "HELLO", &[]).await.status(), 400);
    assert_eq!(send(&upload, upload.uri(), "hello", &[]).await.status(), 200);
    assert_eq!(read(&s3, "a").await, "hello");
}

#[tokio::test]
async fn a_link_signed_with_another_secret_is_refused() {
    let (cloud, s3) = bucket().await;
    put(&s3, "a", "1").await;
    let stranger = client_with_secret(&cloud, "another-secret");
    let link = stranger
        .get_object()
        .bucket(BUCKET)
        .key("a")
        .presigned(valid_for(60))
        .await
        .unwrap();
    assert_eq!(send(&link, link.uri(), "", &[]).await.status(), 403);
}
