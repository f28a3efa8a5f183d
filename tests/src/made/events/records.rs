//! What workers are handed: records of a table's stream and of a bucket, and times that have come.

use serde_json::{Map, Value, json};
use store::bucket::Bucket;
use store::table::{PARTITION_KEY, SORT_KEY, Table};

use crate::made::samples::{self, AT};

/// <https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html>
pub fn new_item(worker: &str, table: Table) -> Value {
    let (partition, sort, item) = samples::new_item(worker)
        .unwrap_or_else(|| panic!("{worker} has no sample: add its item to `new_item` in tests/src/made/samples.rs"));
    let keys = json!({ PARTITION_KEY: { "S": partition }, SORT_KEY: { "S": sort } });
    let mut image: Map<String, Value> = keys.as_object().cloned().unwrap_or_default();
    for (name, value) in item.as_object().expect("an item is an object") {
        image.insert(name.clone(), attribute(value));
    }
    json!({
        "Records": [{
            "eventID": "c4ca4238a0b923820dcc509a6f75849b",
            "eventName": "INSERT",
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "awsRegion": "eu-central-1",
            "dynamodb": {
                "ApproximateCreationDateTime": AT.as_second(),
                "Keys": keys,
                "NewImage": image,
                "SequenceNumber": "100000000000000000001",
                "SizeBytes": 210,
                "StreamViewType": "NEW_IMAGE",
            },
            "eventSourceARN": format!(
                "arn:aws:dynamodb:eu-central-1:123456789012:table/polyclinic-{}/stream/2026-11-01T00:00:00.000",
                table.name()
            ),
        }]
    })
}

/// A value with DynamoDB's name for its type.
fn attribute(value: &Value) -> Value {
    match value {
        Value::Null => json!({ "NULL": true }),
        Value::Bool(value) => json!({ "BOOL": value }),
        Value::Number(number) => json!({ "N": number.to_string() }),
        Value::String(text) => json!({ "S": text }),
        Value::Array(items) => json!({ "L": items.iter().map(attribute).collect::<Vec<_>>() }),
        Value::Object(members) => {
            let members: Map<_, _> = members
                .iter()
                .map(|(name, value)| (name.clone(), attribute(value)))
                .collect();
            json!({ "M": members })
        }
    }
}

/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html>
pub fn new_object(worker: &str, bucket: Bucket) -> Value {
    let (key, size) = samples::new_object(worker).unwrap_or_else(|| {
        panic!("{worker} has no sample: add its object to `new_object` in tests/src/made/samples.rs")
    });
    let bucket = format!("polyclinic-123456789012-{}", bucket.name());
    json!({
        "Records": [{
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "awsRegion": "eu-central-1",
            "eventTime": format!("{AT:.3}"),
            "eventName": "ObjectCreated:Put",
            "userIdentity": { "principalId": "AWS:AROAEXAMPLE:session" },
            "requestParameters": { "sourceIPAddress": "203.0.113.7" },
            "responseElements": {
                "x-amz-request-id": "C3D13FE58DE4C810",
                "x-amz-id-2": "FMyUVURIY8/IgAtTv8xRjskZQpcIZ9KG4V5Wp6S7S/JRWeUWerMUE5JgHvANOjpD",
            },
            "s3": {
                "s3SchemaVersion": "1.0",
                "configurationId": worker,
                "bucket": {
                    "name": bucket,
                    "ownerIdentity": { "principalId": "A3NL1KOZZKExample" },
                    "arn": format!("arn:aws:s3:::{bucket}"),
                },
                "object": {
                    "key": key,
                    "size": size,
                    "eTag": "d41d8cd98f00b204e9800998ecf8427e",
                    "sequencer": "0A1B2C3D4E5F678901",
                },
            },
        }]
    })
}

/// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html>
pub fn time_came(worker: &str) -> Value {
    json!({
        "version": "0",
        "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": format!("{AT:.0}"),
        "region": "eu-central-1",
        "resources": [format!("arn:aws:events:eu-central-1:123456789012:rule/polyclinic-{worker}")],
        "detail": {},
    })
}
