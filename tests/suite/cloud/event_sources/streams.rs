use local::cloud::{Cloud, Storage};
use local::event_sources::stream::{self, TableStream};
use local::event_sources::{Feed, Retries};

use super::super::dynamodb::{self, create_table, n, put};
use super::super::{credentials, in_memory, start};
use super::*;

fn follow(cloud: &Cloud, position: Option<std::path::PathBuf>, invoke: Invoke) -> Feed {
    let mut stream = TableStream::new(&cloud.dynamodb_url, credentials(), dynamodb::TABLE, position, invoke);
    stream.retries = Retries {
        times: 2,
        first_wait: Duration::from_millis(1),
        longest_wait: Duration::from_millis(2),
    };
    stream::feed(stream)
}

/// The sort keys of all records of these events.
fn keys(events: &[Value]) -> Vec<Vec<String>> {
    let key = |record: &Value| record["dynamodb"]["Keys"]["sk"]["S"].as_str().unwrap().to_owned();
    events
        .iter()
        .map(|event| event["Records"].as_array().unwrap().iter().map(key).collect())
        .collect()
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
    assert_eq!(
        (&record["eventName"], &record["eventSource"]),
        (&json!("INSERT"), &json!("aws:dynamodb"))
    );
    assert_eq!(
        record["dynamodb"]["NewImage"],
        json!({ "pk": { "S": "p" }, "sk": { "S": "0" }, "v": { "N": "0" } })
    );
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
        Ok(if call == 0 {
            json!({ "batchItemFailures": [{ "itemIdentifier": second }] })
        } else {
            json!({})
        })
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
        let poisoned = event["Records"]
            .as_array()
            .unwrap()
            .iter()
            .any(|r| r["dynamodb"]["Keys"]["sk"]["S"] == "0");
        if poisoned {
            Err("boom".to_owned())
        } else {
            Ok(Value::Null)
        }
    });
    let _feed = follow(&cloud, None, invoke);
    let calls = keys(&worker.calls(5).await);
    assert_eq!(
        calls,
        [vec!["0", "1", "2"], vec!["0"], vec!["0"], vec!["0"], vec!["1", "2"]]
    );
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
