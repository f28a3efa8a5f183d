use aws_sdk_s3::primitives::{ByteStream, DateTime};
use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumMode, CorsConfiguration, CorsRule, Delete, MetadataDirective};
use aws_sdk_s3::types::{ObjectIdentifier, Tag, Tagging};

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
    assert_eq!(put.send().await.unwrap().e_tag(), Some("\"5d41402abc4b2a76b9719d911017c592\""));
    let object = s3.get_object().bucket(BUCKET).key("a/b.txt").send().await.unwrap();
    assert_eq!(object.content_type(), Some("text/plain"));
    assert_eq!(object.cache_control(), Some("no-store"));
    assert_eq!(object.content_length(), Some(5));
    assert_eq!(object.metadata().unwrap()["owner"], "p-42");
    let head = s3.head_object().bucket(BUCKET).key("a/b.txt").send().await.unwrap();
    assert_eq!((head.content_length(), head.e_tag()), (object.content_length(), object.e_tag()));
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
    assert!(s3.head_bucket().bucket("nowhere").send().await.unwrap_err().as_service_error().unwrap().is_not_found());
    assert_eq!(refusal(s3.create_bucket().bucket(BUCKET).send().await).1, "BucketAlreadyOwnedByYou");
}

#[tokio::test]
async fn a_wrong_secret_or_no_signature_is_refused() {
    let (cloud, s3) = bucket().await;
    put(&s3, "a", "1").await;
    let stranger = client_with_secret(&cloud, "another-secret");
    let answer = stranger.get_object().bucket(BUCKET).key("a").send().await;
    assert_eq!(refusal(answer), (403, "SignatureDoesNotMatch".to_owned()));
    let anonymous = reqwest::get(format!("{}/{BUCKET}/a", cloud.s3_url)).await.unwrap();
    assert_eq!(anonymous.status(), 403);
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
        let object = s3.get_object().bucket(BUCKET).key("a").range(range).send().await.unwrap();
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
    assert_eq!(s3.list_objects_v2().bucket(BUCKET).send().await.unwrap().key_count(), Some(4));
}

#[tokio::test]
async fn a_body_must_match_the_checksum_declared_for_it() {
    let (_cloud, s3) = bucket().await;
    let put = |sum: &str| {
        s3.put_object().bucket(BUCKET).key("a").body(ByteStream::from_static(b"hello")).checksum_sha256(sum).send()
    };
    let right = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";
    put(right).await.unwrap();
    let wrong = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCA=";
    assert_eq!(refusal(put(wrong).await), (400, "BadDigest".to_owned()));
    let object = s3.get_object().bucket(BUCKET).key("a").checksum_mode(ChecksumMode::Enabled).send().await.unwrap();
    assert_eq!(object.checksum_sha256(), Some(right));
    let md5 = s3.put_object().bucket(BUCKET).key("a").body(ByteStream::from_static(b"x"));
    assert_eq!(refusal(md5.content_md5("XUFAKrxLKna5cZ2REBfFkg==").send().await), (400, "BadDigest".to_owned()));
    let crc = s3.put_object().bucket(BUCKET).key("c").body(ByteStream::from_static(b"hello"));
    let crc = crc.checksum_algorithm(ChecksumAlgorithm::Crc32C).send().await.unwrap();
    assert_eq!(crc.checksum_crc32_c(), Some("mnG7TA=="));
}

#[tokio::test]
async fn a_write_may_depend_on_what_is_there() {
    let (_cloud, s3) = bucket().await;
    let put = |text: &'static str| s3.put_object().bucket(BUCKET).key("a").body(ByteStream::from_static(text.as_bytes()));
    assert_eq!(refusal(put("0").if_match("\"00\"").send().await), (404, "NoSuchKey".to_owned()));
    let first = put("1").if_none_match("*").send().await.unwrap();
    assert_eq!(refusal(put("2").if_none_match("*").send().await), (412, "PreconditionFailed".to_owned()));
    put("3").if_match(first.e_tag().unwrap()).send().await.unwrap();
    let stale = put("4").if_match(first.e_tag().unwrap()).send().await;
    assert_eq!(refusal(stale), (412, "PreconditionFailed".to_owned()));
    assert_eq!(read(&s3, "a").await, "3");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_fifty_racers_for_a_new_key_exactly_one_wins() {
    let (_cloud, s3) = bucket().await;
    let race = (0..50).map(|racer: u8| {
        let put = s3.put_object().bucket(BUCKET).key("prize").if_none_match("*").body(ByteStream::from(vec![racer]));
        tokio::spawn(put.send())
    });
    let results = futures_util::future::join_all(race).await;
    let winners: Vec<_> = results.iter().enumerate().filter(|(_, result)| result.as_ref().unwrap().is_ok()).collect();
    assert_eq!(winners.len(), 1);
    assert_eq!(read(&s3, "prize").await.as_bytes(), [u8::try_from(winners[0].0).unwrap()]);
}

#[tokio::test]
async fn a_read_can_be_saved_when_nothing_changed() {
    let (_cloud, s3) = bucket().await;
    put(&s3, "a", "1").await;
    let get = || s3.get_object().bucket(BUCKET).key("a");
    let etag = get().send().await.unwrap().e_tag().unwrap().to_owned();
    assert_eq!(refusal(get().if_none_match(&etag).send().await).0, 304);
    assert_eq!(refusal(get().if_match("\"00\"").send().await).0, 412);
    get().if_match(&etag).send().await.unwrap();
    get().if_none_match("\"00\"").send().await.unwrap();
    let past = DateTime::from_secs(1_000_000_000);
    let future = DateTime::from_secs(4_000_000_000);
    assert_eq!(refusal(get().if_modified_since(future).send().await).0, 304);
    assert_eq!(refusal(get().if_unmodified_since(past).send().await).0, 412);
    get().if_modified_since(past).send().await.unwrap();
    assert_eq!(refusal(s3.head_object().bucket(BUCKET).key("a").if_none_match(&etag).send().await).0, 304);
}

#[tokio::test]
async fn a_copy_keeps_or_replaces_what_is_said_about_the_object() {
    let (_cloud, s3) = bucket().await;
    let original = s3.put_object().bucket(BUCKET).key("my file").body(ByteStream::from_static(b"1"));
    original.metadata("a", "1").tagging("kind=x").send().await.unwrap();
    let copy = |key: &str| s3.copy_object().bucket(BUCKET).key(key).copy_source(format!("{BUCKET}/my%20file"));
    copy("kept").send().await.unwrap();
    let replaced = copy("replaced").metadata_directive(MetadataDirective::Replace).metadata("b", "2");
    replaced.send().await.unwrap();
    let metadata = |key: &'static str| s3.head_object().bucket(BUCKET).key(key).send();
    assert_eq!(metadata("kept").await.unwrap().metadata().unwrap()["a"], "1");
    let replaced = metadata("replaced").await.unwrap();
    assert!(replaced.metadata().unwrap().contains_key("b") && !replaced.metadata().unwrap().contains_key("a"));
    assert_eq!(read(&s3, "kept").await, "1");
    assert_eq!(refusal(copy("my file").send().await), (400, "InvalidRequest".to_owned()));
    let missing = s3.copy_object().bucket(BUCKET).key("x").copy_source(format!("{BUCKET}/none")).send().await;
    assert_eq!(refusal(missing), (404, "NoSuchKey".to_owned()));
}

#[tokio::test]
async fn deleting_is_idempotent_alone_and_in_bulk() {
    let (_cloud, s3) = bucket().await;
    for key in ["a", "b", "c"] {
        put(&s3, key, "1").await;
    }
    for _ in 0..2 {
        s3.delete_object().bucket(BUCKET).key("a").send().await.unwrap();
    }
    let objects = ["b", "c", "never"].map(|key| ObjectIdentifier::builder().key(key).build().unwrap());
    let delete = Delete::builder().set_objects(Some(objects.to_vec())).build().unwrap();
    let deleted = s3.delete_objects().bucket(BUCKET).delete(delete).send().await.unwrap();
    assert_eq!((deleted.deleted().len(), deleted.errors().len()), (3, 0));
    assert_eq!(s3.list_objects_v2().bucket(BUCKET).send().await.unwrap().key_count(), Some(0));
    s3.delete_bucket().bucket(BUCKET).send().await.unwrap();
}

#[tokio::test]
async fn lists_are_ordered_folded_and_given_in_pages() {
    let (_cloud, s3) = bucket().await;
    for key in ["a/1", "a/2", "b", "c/1", "d"] {
        put(&s3, key, "1").await;
    }
    let mut seen = Vec::new();
    let mut token = None;
    loop {
        let list = s3.list_objects_v2().bucket(BUCKET).delimiter("/").max_keys(2).set_continuation_token(token);
        let page = list.send().await.unwrap();
        assert!(page.key_count().unwrap() <= 2);
        seen.extend(page.common_prefixes().iter().filter_map(|prefix| prefix.prefix()).map(str::to_owned));
        seen.extend(page.contents().iter().filter_map(|object| object.key()).map(str::to_owned));
        token = page.next_continuation_token().map(str::to_owned);
        if token.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["a/", "b", "c/", "d"]);
    let below = s3.list_objects_v2().bucket(BUCKET).prefix("a/").start_after("a/1").send().await.unwrap();
    assert_eq!(below.contents().iter().filter_map(|o| o.key()).collect::<Vec<_>>(), ["a/2"]);
    let broken = s3.list_objects_v2().bucket(BUCKET).continuation_token("???").send().await;
    assert_eq!(refusal(broken), (400, "InvalidArgument".to_owned()));
}

#[tokio::test]
async fn tags_can_be_set_with_the_object_and_later() {
    let (_cloud, s3) = bucket().await;
    let put = s3.put_object().bucket(BUCKET).key("a").body(ByteStream::from_static(b"1")).tagging("k=v%20w");
    put.send().await.unwrap();
    let tags = || async { s3.get_object_tagging().bucket(BUCKET).key("a").send().await.unwrap().tag_set };
    let tag = |key: &str, value: &str| Tag::builder().key(key).value(value).build().unwrap();
    assert_eq!(tags().await, [tag("k", "v w")]);
    let tagging = Tagging::builder().tag_set(tag("a", "1")).tag_set(tag("b", "2")).build().unwrap();
    s3.put_object_tagging().bucket(BUCKET).key("a").tagging(tagging).send().await.unwrap();
    assert_eq!(tags().await, [tag("a", "1"), tag("b", "2")]);
    s3.delete_object_tagging().bucket(BUCKET).key("a").send().await.unwrap();
    assert!(tags().await.is_empty());
}

#[tokio::test]
async fn browsers_of_other_origins_get_in_only_by_a_rule_of_the_bucket() {
    let (cloud, s3) = bucket().await;
    let preflight = |origin: &str| {
        reqwest::Client::new()
            .request(reqwest::Method::OPTIONS, format!("{}/{BUCKET}/a", cloud.s3_url))
            .header("origin", origin)
            .header("access-control-request-method", "PUT")
            .header("access-control-request-headers", "content-type")
            .send()
    };
    assert_eq!(preflight("https://clinic.example").await.unwrap().status(), 403);
    let rule = CorsRule::builder().allowed_origins("https://*.example").allowed_methods("PUT").allowed_headers("*");
    let rule = rule.expose_headers("ETag").build().unwrap();
    let rules = CorsConfiguration::builder().cors_rules(rule).build().unwrap();
    s3.put_bucket_cors().bucket(BUCKET).cors_configuration(rules).send().await.unwrap();
    let allowed = preflight("https://clinic.example").await.unwrap();
    assert_eq!(allowed.status(), 200);
    assert_eq!(allowed.headers()["access-control-allow-origin"], "https://clinic.example");
    assert_eq!(allowed.headers()["access-control-allow-headers"], "content-type");
    assert_eq!(preflight("https://clinic.test").await.unwrap().status(), 403);
}
