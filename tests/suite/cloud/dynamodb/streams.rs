use aws_sdk_dynamodbstreams::types::{OperationType, Record, ShardIteratorType};
use local::cloud::Storage;

use super::super::start;
use super::*;

/// The whole stream, from its beginning.
async fn stream(cloud: &Cloud) -> Vec<Record> {
    let streams = aws_sdk_dynamodbstreams::Client::from_conf(
        sdk!(aws_sdk_dynamodbstreams, &cloud.dynamodb_url, SECRET_KEY).build(),
    );
    let listed = streams.list_streams().table_name(TABLE).send().await.unwrap();
    let arn = listed.streams()[0].stream_arn().unwrap().to_owned();
    let described = streams.describe_stream().stream_arn(&arn).send().await.unwrap();
    let shard = described.stream_description().unwrap().shards()[0]
        .shard_id()
        .unwrap()
        .to_owned();
    let iterator = streams.get_shard_iterator().stream_arn(arn).shard_id(shard);
    let iterator = iterator
        .shard_iterator_type(ShardIteratorType::TrimHorizon)
        .send()
        .await
        .unwrap();
    let records = streams
        .get_records()
        .shard_iterator(iterator.shard_iterator.unwrap())
        .send()
        .await
        .unwrap();
    records.records.unwrap_or_default()
}

#[tokio::test]
async fn the_stream_tells_every_change_in_order_with_both_images() {
    let (cloud, db) = table().await;
    put(&db, "p", "1", &[("v", n(1))]).await;
    put(&db, "p", "1", &[("v", n(2))]).await;
    db.delete_item()
        .table_name(TABLE)
        .key("pk", s("p"))
        .key("sk", s("1"))
        .send()
        .await
        .unwrap();
    let records = stream(&cloud).await;
    let names: Vec<_> = records
        .iter()
        .map(|record| record.event_name().unwrap().clone())
        .collect();
    assert_eq!(
        names,
        [OperationType::Insert, OperationType::Modify, OperationType::Remove]
    );
    let images: Vec<_> = records
        .iter()
        .map(|record| {
            let change = record.dynamodb().unwrap();
            let v =
                |image: Option<&std::collections::HashMap<String, aws_sdk_dynamodbstreams::types::AttributeValue>>| {
                    image
                        .and_then(|image| image.get("v"))
                        .map(|v| v.as_n().unwrap().clone())
                };
            (v(change.old_image()), v(change.new_image()))
        })
        .collect();
    let (one, two) = (Some("1".to_owned()), Some("2".to_owned()));
    assert_eq!(images, [(None, one.clone()), (one, two.clone()), (two, None)]);
    let numbers: Vec<_> = records
        .iter()
        .map(|record| record.dynamodb().unwrap().sequence_number().unwrap())
        .collect();
    assert!(numbers.is_sorted_by(|a, b| a < b));
}

#[tokio::test]
async fn items_and_their_stream_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let open = || start(Storage::Directory(folder.path().to_owned()));
    let cloud = open();
    let db = client(&cloud);
    create_table(&db).await;
    put(&db, "p", "1", &[("v", n(1))]).await;
    cloud.shutdown().await;
    let cloud = open();
    assert_eq!(get(&client(&cloud), "p", "1").await.unwrap()["v"], n(1));
    assert_eq!(stream(&cloud).await.len(), 1);
}
