use aws_sdk_s3::primitives::ByteStream;
use local::event_sources::objects::{self, ObjectSubscription};

use super::super::s3;
use super::*;

fn subscription(prefix: &str, event_prefix: &str, invoke: Invoke) -> ObjectSubscription {
    ObjectSubscription {
        name: "scan".to_owned(),
        bucket: s3::BUCKET.to_owned(),
        key_prefix: prefix.to_owned(),
        event_prefix: event_prefix.to_owned(),
        invoke,
    }
}

#[tokio::test]
async fn a_worker_hears_of_the_objects_it_subscribed_to_in_the_shape_of_s3() {
    let (mut cloud, client) = s3::bucket().await;
    let (created, removed) = (Worker::default(), Worker::default());
    let _feed = objects::feed(
        cloud.take_object_events(),
        vec![
            subscription("p-42/", "ObjectCreated:", created.content()),
            subscription("", "ObjectRemoved:", removed.content()),
        ],
    );
    s3::put(&client, "elsewhere", "1").await;
    s3::put(&client, "p-42/my report ä.pdf", "hello").await;
    client
        .delete_object()
        .bucket(s3::BUCKET)
        .key("p-42/my report ä.pdf")
        .send()
        .await
        .unwrap();
    let record = &created.calls(1).await[0]["Records"][0];
    assert_eq!(
        (&record["eventName"], &record["eventSource"]),
        (&json!("ObjectCreated:Put"), &json!("aws:s3"))
    );
    let object = &record["s3"]["object"];
    assert_eq!(object["key"], "p-42/my+report+%C3%A4.pdf");
    assert_eq!(
        (&object["size"], &object["eTag"]),
        (&json!(5), &json!("5d41402abc4b2a76b9719d911017c592"))
    );
    assert_eq!(record["s3"]["bucket"]["name"], s3::BUCKET);
    let gone = &removed.calls(1).await[0]["Records"][0];
    assert_eq!(gone["eventName"], "ObjectRemoved:Delete");
    assert!(gone["s3"]["object"]["sequencer"].as_str() > object["sequencer"].as_str());
    assert_eq!(created.events().len(), 1);
}

#[tokio::test]
async fn every_way_to_create_an_object_has_its_event_name() {
    let (mut cloud, client) = s3::bucket().await;
    let mut events = cloud.take_object_events();
    s3::put(&client, "a", "1").await;
    client
        .copy_object()
        .bucket(s3::BUCKET)
        .key("b")
        .copy_source(format!("{}/a", s3::BUCKET))
        .send()
        .await
        .unwrap();
    client
        .delete_object()
        .bucket(s3::BUCKET)
        .key("never")
        .send()
        .await
        .unwrap();
    let refused = client
        .put_object()
        .bucket(s3::BUCKET)
        .key("a")
        .if_none_match("*")
        .body(ByteStream::from_static(b"2"));
    refused.send().await.unwrap_err();
    client.delete_object().bucket(s3::BUCKET).key("b").send().await.unwrap();
    let mut names = Vec::new();
    while let Ok(event) = events.try_recv() {
        names.push(event.name);
    }
    assert_eq!(
        names,
        ["ObjectCreated:Put", "ObjectCreated:Copy", "ObjectRemoved:Delete"]
    );
}

#[tokio::test]
async fn a_failed_notification_is_tried_three_times_in_all() {
    let (mut cloud, client) = s3::bucket().await;
    let worker = Worker::default();
    let failing = worker.answering(|call, _| {
        if call < 3 {
            Err("boom".to_owned())
        } else {
            Ok(Value::Null)
        }
    });
    let _feed = objects::feed(
        cloud.take_object_events(),
        vec![subscription("", "ObjectCreated:", failing)],
    );
    s3::put(&client, "a", "1").await;
    let events = worker.calls(3).await;
    assert!(events.iter().all(|event| *event == events[0]));
    s3::put(&client, "b", "1").await;
    let keys: Vec<_> = worker
        .calls(4)
        .await
        .iter()
        .map(|e| e["Records"][0]["s3"]["object"]["key"].clone())
        .collect();
    assert_eq!(keys, ["a", "a", "a", "b"]);
}
