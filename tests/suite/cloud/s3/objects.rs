use aws_sdk_s3::types::MetadataDirective;

use super::*;

#[tokio::test]
async fn an_object_comes_back_with_everything_that_was_said_about_it() {
    let (_cloud, s3) = bucket().await;
    let put = s3
        .put_object()
        .bucket(BUCKET)
        .key("a/b.txt")
        .body(ByteStream::from_static(b"hello"))
        .content_type("text/plain")
        .cache_control("no-store")
        .metadata("owner", "p-42");
    assert_eq!(
        put.send().await.unwrap().e_tag(),
        Some("\"5d41402abc4b2a76b9719d911017c592\"")
    );
    let object = s3.get_object().bucket(BUCKET).key("a/b.txt").send().await.unwrap();
    assert_eq!(object.content_type(), Some("text/plain"));
    assert_eq!(object.cache_control(), Some("no-store"));
    assert_eq!(object.content_length(), Some(5));
    assert_eq!(object.metadata().unwrap()["owner"], "p-42");
    let head = s3.head_object().bucket(BUCKET).key("a/b.txt").send().await.unwrap();
    assert_eq!(
        (head.content_length(), head.e_tag()),
        (object.content_length(), object.e_tag())
    );
    assert_eq!(object.body.collect().await.unwrap().to_vec(), b"hello");
}

#[tokio::test]
async fn what_does_not_exist_is_named_by_its_own_error() {
    let (_cloud, s3) = bucket().await;
    let get = s3.get_object().bucket(BUCKET).key("none").send().await;
    assert!(get.as_ref().unwrap_err().as_service_error().unwrap().is_no_such_key());
    assert_eq!(refusal(get), (404, "NoSuchKey".to_owned()));
    let head = s3.head_object().bucket(BUCKET).key("none").send().await;
    assert!(head.as_ref().unwrap_err().as_service_error().unwrap().is_not_found());
    let other = s3.get_object().bucket("nowhere").key("none").send().await;
    assert_eq!(refusal(other), (404, "NoSuchBucket".to_owned()));
    assert!(
        s3.head_bucket()
            .bucket("nowhere")
            .send()
            .await
            .unwrap_err()
            .as_service_error()
            .unwrap()
            .is_not_found()
    );
    assert_eq!(
        refusal(s3.create_bucket().bucket(BUCKET).send().await).1,
        "BucketAlreadyOwnedByYou"
    );
}

#[tokio::test]
async fn ranges_give_a_part_and_impossible_ones_are_refused() {
    let (_cloud, s3) = bucket().await;
    put(&s3, "a", "0123456789").await;
    for (range, part, header) in [
        ("bytes=2-4", "234", "bytes 2-4/10"),
        ("bytes=7-", "789", "bytes 7-9/10"),
        ("bytes=-2", "89", "bytes 8-9/10"),
        ("bytes=8-99", "89", "bytes 8-9/10"),
    ] {
        let object = s3
            .get_object()
            .bucket(BUCKET)
            .key("a")
            .range(range)
            .send()
            .await
            .unwrap();
        assert_eq!(object.content_range(), Some(header));
        assert_eq!(object.body.collect().await.unwrap().to_vec(), part.as_bytes());
    }
    let beyond = s3.get_object().bucket(BUCKET).key("a").range("bytes=10-").send().await;
    assert_eq!(refusal(beyond), (416, "InvalidRange".to_owned()));
}

#[tokio::test]
async fn keys_may_hold_any_characters() {
    let (_cloud, s3) = bucket().await;
    for key in ["p-42/my report ä.pdf", "日本/語+plus%25.txt", "a//b/", "q?x=1&y#z"] {
        put(&s3, key, key).await;
        assert_eq!(read(&s3, key).await, key);
    }
    assert_eq!(
        s3.list_objects_v2().bucket(BUCKET).send().await.unwrap().key_count(),
        Some(4)
    );
}

#[tokio::test]
async fn a_copy_keeps_or_replaces_what_is_said_about_the_object() {
    let (_cloud, s3) = bucket().await;
    let original = s3
        .put_object()
        .bucket(BUCKET)
        .key("my file")
        .body(ByteStream::from_static(b"1"));
    original.metadata("a", "1").tagging("kind=x").send().await.unwrap();
    let copy = |key: &str| {
        s3.copy_object()
            .bucket(BUCKET)
            .key(key)
            .copy_source(format!("{BUCKET}/my%20file"))
    };
    copy("kept").send().await.unwrap();
    let replaced = copy("replaced")
        .metadata_directive(MetadataDirective::Replace)
        .metadata("b", "2");
    replaced.send().await.unwrap();
    let metadata = |key: &'static str| s3.head_object().bucket(BUCKET).key(key).send();
    assert_eq!(metadata("kept").await.unwrap().metadata().unwrap()["a"], "1");
    let replaced = metadata("replaced").await.unwrap();
    assert!(replaced.metadata().unwrap().contains_key("b") && !replaced.metadata().unwrap().contains_key("a"));
    assert_eq!(read(&s3, "kept").await, "1");
    assert_eq!(
        refusal(copy("my file").send().await),
        (400, "InvalidRequest".to_owned())
    );
    let missing = s3
        .copy_object()
        .bucket(BUCKET)
        .key("x")
        .copy_source(format!("{BUCKET}/none"))
        .send()
        .await;
    assert_eq!(refusal(missing), (404, "NoSuchKey".to_owned()));
}
