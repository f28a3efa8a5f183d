use aws_sdk_s3::primitives::DateTime;
use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumMode};

use super::*;

#[tokio::test]
async fn a_body_must_match_the_checksum_declared_for_it() {
    let (_cloud, s3) = bucket().await;
    let put = |sum: &str| {
        s3.put_object()
            .bucket(BUCKET)
            .key("a")
            .body(ByteStream::from_static(b"hello"))
            .checksum_sha256(sum)
            .send()
    };
    let right = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";
    put(right).await.unwrap();
    let wrong = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCA=";
    assert_eq!(refusal(put(wrong).await), (400, "BadDigest".to_owned()));
    let object = s3
        .get_object()
        .bucket(BUCKET)
        .key("a")
        .checksum_mode(ChecksumMode::Enabled)
        .send()
        .await
        .unwrap();
    assert_eq!(object.checksum_sha256(), Some(right));
    let md5 = s3
        .put_object()
        .bucket(BUCKET)
        .key("a")
        .body(ByteStream::from_static(b"x"));
    assert_eq!(
        refusal(md5.content_md5("XUFAKrxLKna5cZ2REBfFkg==").send().await),
        (400, "BadDigest".to_owned())
    );
    let crc = s3
        .put_object()
        .bucket(BUCKET)
        .key("c")
        .body(ByteStream::from_static(b"hello"));
    let crc = crc.checksum_algorithm(ChecksumAlgorithm::Crc32C).send().await.unwrap();
    assert_eq!(crc.checksum_crc32_c(), Some("mnG7TA=="));
}

#[tokio::test]
async fn a_write_may_depend_on_what_is_there() {
    let (_cloud, s3) = bucket().await;
    let put = |text: &'static str| {
        s3.put_object()
            .bucket(BUCKET)
            .key("a")
            .body(ByteStream::from_static(text.as_bytes()))
    };
    assert_eq!(
        refusal(put("0").if_match("\"00\"").send().await),
        (404, "NoSuchKey".to_owned())
    );
    let first = put("1").if_none_match("*").send().await.unwrap();
    assert_eq!(
        refusal(put("2").if_none_match("*").send().await),
        (412, "PreconditionFailed".to_owned())
    );
    put("3").if_match(first.e_tag().unwrap()).send().await.unwrap();
    let stale = put("4").if_match(first.e_tag().unwrap()).send().await;
    assert_eq!(refusal(stale), (412, "PreconditionFailed".to_owned()));
    assert_eq!(read(&s3, "a").await, "3");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_fifty_racers_for_a_new_key_exactly_one_wins() {
    let (_cloud, s3) = bucket().await;
    let race = (0..50).map(|racer: u8| {
        let put = s3
            .put_object()
            .bucket(BUCKET)
            .key("prize")
            .if_none_match("*")
            .body(ByteStream::from(vec![racer]));
        tokio::spawn(put.send())
    });
    let results = futures_util::future::join_all(race).await;
    let winners: Vec<_> = results
        .iter()
        .enumerate()
        .filter(|(_, result)| result.as_ref().unwrap().is_ok())
        .collect();
    assert_eq!(winners.len(), 1);
    assert_eq!(
        read(&s3, "prize").await.as_bytes(),
        [u8::try_from(winners[0].0).unwrap()]
    );
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
    assert_eq!(
        refusal(
            s3.head_object()
                .bucket(BUCKET)
                .key("a")
                .if_none_match(&etag)
                .send()
                .await
        )
        .0,
        304
    );
}
