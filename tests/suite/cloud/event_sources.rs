//! The event sources: who is invoked, with what, how often, and what a restart does not lose.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_s3::primitives::ByteStream;
use futures_util::FutureExt;
use local::cloud::{Cloud, Storage};
use local::event_sources::objects::{self, ObjectSubscription};
use local::event_sources::schedule::{self, Schedule};
use local::event_sources::stream::{self, TableStream};
use local::event_sources::{Feed, Invoke, Retries};
use serde_json::{Value, json};

use super::dynamodb::{create_table, n, put};
use super::{credentials, dynamodb, eventually, in_memory, s3, start};

/// A worker that remembers its events and answers by a rule.
#[derive(Clone, Default)]
struct Worker(Arc<Mutex<Vec<Value>>>);

impl Worker {
    fn answering(&self, rule: impl Fn(usize, &Value) -> Result<Value, String> + Send + Sync + 'static) -> Invoke {
        let events = self.0.clone();
        Arc::new(move |event| {
            let mut events = events.lock().unwrap();
            let answer = rule(events.len(), &event);
            events.push(event);
            async move { answer }.boxed()
        })
    }

    fn content(&self) -> Invoke {
        self.answering(|_, _| Ok(Value::Null))
    }

    fn events(&self) -> Vec<Value> {
        self.0.lock().unwrap().clone()
    }

    async fn calls(&self, count: usize) -> Vec<Value> {
        let look = || async { Some(self.events()).filter(|events| events.len() >= count) };
        eventually(&format!("{count} invocations"), look).await
    }
}

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
    client.delete_object().bucket(s3::BUCKET).key("p-42/my report ä.pdf").send().await.unwrap();
    let record = &created.calls(1).await[0]["Records"][0];
    assert_eq!((&record["eventName"], &record["eventSource"]), (&json!("ObjectCreated:Put"), &json!("aws:s3")));
    let object = &record["s3"]["object"];
    assert_eq!(object["key"], "p-42/my+report+%C3%A4.pdf");
    assert_eq!((&object["size"], &object["eTag"]), (&json!(5), &json!("5d41402abc4b2a76b9719d911017c592")));
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
    client.copy_object().bucket(s3::BUCKET).key("b").copy_source(format!("{}/a", s3::BUCKET)).send().await.unwrap();
    client.delete_object().bucket(s3::BUCKET).key("never").send().await.unwrap();
    let refused = client.put_object().bucket(s3::BUCKET).key("a").if_none_match("*").body(ByteStream::from_static(b"2"));
    refused.send().await.unwrap_err();
    client.delete_object().bucket(s3::BUCKET).key("b").send().await.unwrap();
    let mut names = Vec::new();
    while let Ok(event) = events.try_recv() {
        names.push(event.name);
    }
    assert_eq!(names, ["ObjectCreated:Put", "ObjectCreated:Copy", "ObjectRemoved:Delete"]);
}

#[tokio::test]
async fn a_failed_notification_is_tried_three_times_in_all() {
    let (mut cloud, client) = s3::bucket().await;
    let worker = Worker::default();
    let failing = worker.answering(|call, _| if call < 3 { Err("boom".to_owned()) } else { Ok(Value::Null) });
    let _feed = objects::feed(cloud.take_object_events(), vec![subscription("", "ObjectCreated:", failing)]);
    s3::put(&client, "a", "1").await;
    let events = worker.calls(3).await;
    assert!(events.iter().all(|event| *event == events[0]));
    s3::put(&client, "b", "1").await;
    let keys: Vec<_> = worker.calls(4).await.iter().map(|e| e["Records"][0]["s3"]["object"]["key"].clone()).collect();
    assert_eq!(keys, ["a", "a", "a", "b"]);
}

fn follow(cloud: &Cloud, position: Option<std::path::PathBuf>, invoke: Invoke) -> Feed {
    let mut stream = TableStream::new(&cloud.dynamodb_url, credentials(), dynamodb::TABLE, position, invoke);
    stream.retries = Retries { times: 2, first_wait: Duration::from_millis(1), longest_wait: Duration::from_millis(2) };
    stream::feed(stream)
}

/// The sort keys of all records of these events.
fn keys(events: &[Value]) -> Vec<Vec<String>> {
    let key = |record: &Value| record["dynamodb"]["Keys"]["sk"]["S"].as_str().unwrap().to_owned();
    events.iter().map(|event| event["Records"].as_array().unwrap().iter().map(key).collect()).collect()
}

#[tokio::test]
async fn a_stream_arrives_in_order_in_the_shape_of_lambda() {
    let (cloud, db) = dynamodb::table().await;
    let worker = Worker::default();
    let _feed = follow(&cloud, None, worker.content());
    for number in 0..3 {
        put(&db, "p", &number.to_string(), &[("v", n(number))]).await;
    }
    let look = || async { Some(keys(&worker.events()).concat()).filter(|keys| keys.len() == 3) };
    assert_eq!(eventually("three records", look).await, ["0", "1", "2"]);
    let record = &worker.events()[0]["Records"][0];
    assert_eq!((&record["eventName"], &record["eventSource"]), (&json!("INSERT"), &json!("aws:dynamodb")));
    assert_eq!(record["dynamodb"]["NewImage"], json!({ "pk": { "S": "p" }, "sk": { "S": "0" }, "v": { "N": "0" } }));
    assert_eq!(record["dynamodb"]["StreamViewType"], "NEW_AND_OLD_IMAGES");
    assert!(record["dynamodb"]["SequenceNumber"].is_string());
    assert!(record["dynamodb"]["ApproximateCreationDateTime"].is_i64());
    assert!(record["eventSourceARN"].as_str().unwrap().contains("/stream/"));
    assert!(record["dynamodb"].get("OldImage").is_none());
}

/// Three records that are there before the stream is followed, so that they come as one batch.
async fn three_records() -> (Cloud, Worker) {
    let (cloud, db) = dynamodb::table().await;
    for number in 0..3 {
        put(&db, "p", &number.to_string(), &[]).await;
    }
    (cloud, Worker::default())
}

#[tokio::test]
async fn after_a_partial_failure_the_batch_goes_on_at_the_failed_record() {
    let (cloud, worker) = three_records().await;
    let invoke = worker.answering(|call, event| {
        let second = event["Records"][1]["dynamodb"]["SequenceNumber"].clone();
        Ok(if call == 0 { json!({ "batchItemFailures": [{ "itemIdentifier": second }] }) } else { json!({}) })
    });
    let _feed = follow(&cloud, None, invoke);
    assert_eq!(keys(&worker.calls(2).await), [vec!["0", "1", "2"], vec!["1", "2"]]);
}

#[tokio::test]
async fn a_record_that_keeps_failing_is_parked_and_the_stream_goes_on() {
    let (cloud, worker) = three_records().await;
    let invoke = worker.answering(|_, event| {
        let mut poisoned = event["Records"].as_array().unwrap().iter();
        let poisoned = poisoned.find(|record| record["dynamodb"]["Keys"]["sk"]["S"] == "1");
        let failures = poisoned.map(|record| json!({ "itemIdentifier": record["dynamodb"]["SequenceNumber"] }));
        Ok(json!({ "batchItemFailures": failures.into_iter().collect::<Vec<_>>() }))
    });
    let _feed = follow(&cloud, None, invoke);
    let calls = keys(&worker.calls(4).await);
    // All but the first come after what went well before the record.
    assert_eq!(calls, [vec!["0", "1", "2"], vec!["1", "2"], vec!["1", "2"], vec!["2"]]);
}

#[tokio::test]
async fn a_function_that_fails_as_a_whole_gets_smaller_batches_until_the_culprit_stands_alone() {
    let (cloud, worker) = three_records().await;
    let invoke = worker.answering(|_, event| {
        let poisoned = event["Records"].as_array().unwrap().iter().any(|r| r["dynamodb"]["Keys"]["sk"]["S"] == "0");
        if poisoned { Err("boom".to_owned()) } else { Ok(Value::Null) }
    });
    let _feed = follow(&cloud, None, invoke);
    let calls = keys(&worker.calls(5).await);
    assert_eq!(calls, [vec!["0", "1", "2"], vec!["0"], vec!["0"], vec!["0"], vec!["1", "2"]]);
}

#[tokio::test]
async fn after_a_restart_the_stream_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let position = folder.path().join("people.position");
    let open = || start(Storage::Directory(folder.path().join("cloud")));
    let cloud = open();
    let db = dynamodb::client(&cloud);
    create_table(&db).await;
    let before = Worker::default();
    let feed = follow(&cloud, Some(position.clone()), before.content());
    put(&db, "p", "1", &[]).await;
    before.calls(1).await;
    let kept = || async { std::fs::read_to_string(&position).ok() };
    eventually("the position kept", kept).await;
    drop(feed);
    put(&db, "p", "2", &[]).await;
    cloud.shutdown().await;

    let cloud = open();
    let after = Worker::default();
    let _feed = follow(&cloud, Some(position), after.content());
    assert_eq!(keys(&after.calls(1).await), [["2"]]);
}

#[tokio::test]
async fn a_stream_that_appears_later_is_picked_up() {
    let cloud = in_memory();
    let worker = Worker::default();
    let _feed = follow(&cloud, None, worker.content());
    let db = dynamodb::client(&cloud);
    create_table(&db).await;
    put(&db, "p", "1", &[]).await;
    assert_eq!(keys(&worker.calls(1).await), [["1"]]);
}

#[tokio::test]
async fn a_schedule_invokes_at_its_rate_with_the_event_of_a_rule() {
    let worker = Worker::default();
    let every = Duration::from_millis(5);
    let feed = schedule::feed(Schedule { rule: "poll-dexcom".to_owned(), every, invoke: worker.content() });
    let events = worker.calls(3).await;
    drop(feed);
    assert_eq!((&events[0]["detail-type"], &events[0]["source"]), (&json!("Scheduled Event"), &json!("aws.events")));
    assert_eq!(events[0]["resources"], json!(["arn:aws:events:us-east-1:123456789012:rule/poll-dexcom"]));
    assert_ne!(events[0]["id"], events[1]["id"]);
}
