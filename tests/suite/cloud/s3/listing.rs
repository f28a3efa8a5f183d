use aws_sdk_s3::types::{Delete, ObjectIdentifier, Tag, Tagging};

use super::*;

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
    assert_eq!(
        s3.list_objects_v2().bucket(BUCKET).send().await.unwrap().key_count(),
        Some(0)
    );
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
        let list = s3
            .list_objects_v2()
            .bucket(BUCKET)
            .delimiter("/")
            .max_keys(2)
            .set_continuation_token(token);
        let page = list.send().await.unwrap();
        assert!(page.key_count().unwrap() <= 2);
        seen.extend(
            page.common_prefixes()
                .iter()
                .filter_map(|prefix| prefix.prefix())
                .map(str::to_owned),
        );
        seen.extend(
            page.contents()
                .iter()
                .filter_map(|object| object.key())
                .map(str::to_owned),
        );
        token = page.next_continuation_token().map(str::to_owned);
        if token.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["a/", "b", "c/", "d"]);
    let below = s3
        .list_objects_v2()
        .bucket(BUCKET)
        .prefix("a/")
        .start_after("a/1")
        .send()
        .await
        .unwrap();
    assert_eq!(
        below.contents().iter().filter_map(|o| o.key()).collect::<Vec<_>>(),
        ["a/2"]
    );
    let broken = s3
        .list_objects_v2()
        .bucket(BUCKET)
        .continuation_token("???")
        .send()
        .await;
    assert_eq!(refusal(broken), (400, "InvalidArgument".to_owned()));
}

#[tokio::test]
async fn tags_can_be_set_with_the_object_and_later() {
    let (_cloud, s3) = bucket().await;
    let put = s3
        .put_object()
        .bucket(BUCKET)
        .key("a")
        .body(ByteStream::from_static(b"1"))
        .tagging("k=v%20w");
    put.send().await.unwrap();
    let tags = || async {
        s3.get_object_tagging()
            .bucket(BUCKET)
            .key("a")
            .send()
            .await
            .unwrap()
            .tag_set
    };
    let tag = |key: &str, value: &str| Tag::builder().key(key).value(value).build().unwrap();
    assert_eq!(tags().await, [tag("k", "v w")]);
    let tagging = Tagging::builder()
        .tag_set(tag("a", "1"))
        .tag_set(tag("b", "2"))
        .build()
        .unwrap();
    s3.put_object_tagging()
        .bucket(BUCKET)
        .key("a")
        .tagging(tagging)
        .send()
        .await
        .unwrap();
    assert_eq!(tags().await, [tag("a", "1"), tag("b", "2")]);
    s3.delete_object_tagging().bucket(BUCKET).key("a").send().await.unwrap();
    assert!(tags().await.is_empty());
}
