//! Reads a stream by the AWS SDK and writes its records the way Lambda shows them.

use std::collections::HashMap;

use aws_sdk_dynamodbstreams::config::{BehaviorVersion, Credentials as SdkCredentials, Region, retry::RetryConfig};
use aws_sdk_dynamodbstreams::error::DisplayErrorContext;
use aws_sdk_dynamodbstreams::types::{AttributeValue, Record as SdkRecord, ShardIteratorType, StreamRecord};
use aws_sdk_dynamodbstreams::{Client, Config};
use data_encoding::BASE64;
use serde_json::{Map, Value, json};

use super::Record;
use crate::cloud::{Credentials, REGION};

pub struct Reader {
    client: Client,
    table: String,
    place: Option<Place>,
}

/// The embedded DynamoDB has one shard per stream, which never closes.
#[derive(Clone)]
struct Place {
    arn: String,
    iterator: String,
}

impl Reader {
    pub fn new(endpoint: &str, credentials: &Credentials, table: &str) -> Self {
        let credentials = SdkCredentials::new(
            &credentials.access_key,
            &credentials.secret_key,
            None,
            None,
            "local cloud",
        );
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(endpoint)
            .region(Region::new(REGION))
            .credentials_provider(credentials)
            .retry_config(RetryConfig::disabled())
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build();
        Self {
            client: Client::from_conf(config),
            table: table.to_owned(),
            place: None,
        }
    }

    /// What is new behind `after`, or behind what was read last. After an error, the place is looked up again.
    pub async fn next(&mut self, after: Option<&str>) -> Result<Vec<Record>, String> {
        let place = match self.place.take() {
            Some(place) => place,
            None => self.find(after).await?,
        };
        let request = self.client.get_records().shard_iterator(&place.iterator);
        let answer = request
            .send()
            .await
            .map_err(|error| DisplayErrorContext(error).to_string())?;
        let records = answer
            .records()
            .iter()
            .filter_map(|record| shown(record, &place.arn))
            .collect();
        let iterator = answer.next_shard_iterator;
        self.place = iterator.map(|iterator| Place {
            arn: place.arn,
            iterator,
        });
        Ok(records)
    }

    async fn find(&self, after: Option<&str>) -> Result<Place, String> {
        let streams = self.client.list_streams().table_name(&self.table).send().await;
        let streams = streams.map_err(|error| DisplayErrorContext(error).to_string())?;
        let arn = streams
            .streams()
            .last()
            .and_then(|stream| stream.stream_arn())
            .ok_or("it has no stream")?;
        let described = self.client.describe_stream().stream_arn(arn).send().await;
        let described = described.map_err(|error| DisplayErrorContext(error).to_string())?;
        let shards = described
            .stream_description()
            .map(|stream| stream.shards())
            .unwrap_or_default();
        let shard = shards
            .first()
            .and_then(|shard| shard.shard_id())
            .ok_or("its stream has no shard")?;
        let iterator = self.iterator(arn, shard, after).await?;
        Ok(Place {
            arn: arn.to_owned(),
            iterator,
        })
    }

    /// A number the stream does not know is from before the data was reset: begin again.
    async fn iterator(&self, arn: &str, shard: &str, after: Option<&str>) -> Result<String, String> {
        let request = || self.client.get_shard_iterator().stream_arn(arn).shard_id(shard);
        if let Some(after) = after {
            let request = request()
                .shard_iterator_type(ShardIteratorType::AfterSequenceNumber)
                .sequence_number(after);
            if let Ok(answer) = request.send().await
                && let Some(iterator) = answer.shard_iterator
            {
                return Ok(iterator);
            }
        }
        let answer = request()
            .shard_iterator_type(ShardIteratorType::TrimHorizon)
            .send()
            .await;
        let answer = answer.map_err(|error| DisplayErrorContext(error).to_string())?;
        answer.shard_iterator.ok_or_else(|| "no iterator was given".to_owned())
    }
}

fn shown(record: &SdkRecord, arn: &str) -> Option<Record> {
    let change = record.dynamodb()?;
    let sequence = change.sequence_number()?.to_owned();
    let mut json = json!({
        "eventID": record.event_id(),
        "eventName": record.event_name().map(|name| name.as_str()),
        "eventVersion": record.event_version().unwrap_or("1.1"),
        "eventSource": "aws:dynamodb",
        "awsRegion": REGION,
        "dynamodb": dynamodb(change),
        "eventSourceARN": arn,
    });
    // Only the service itself is named, when it removed an expired item.
    if let Some(identity) = record.user_identity() {
        json["userIdentity"] = json!({ "type": identity.r#type(), "principalId": identity.principal_id() });
    }
    Some(Record { sequence, json })
}

fn dynamodb(change: &StreamRecord) -> Value {
    let mut json = json!({
        "ApproximateCreationDateTime": change.approximate_creation_date_time().map(|time| time.secs()),
        "SequenceNumber": change.sequence_number(),
        "SizeBytes": change.size_bytes(),
        "StreamViewType": change.stream_view_type().map(|view| view.as_str()),
    });
    let images = [
        ("Keys", change.keys()),
        ("NewImage", change.new_image()),
        ("OldImage", change.old_image()),
    ];
    for (name, image) in images {
        if let Some(image) = image.filter(|image| !image.is_empty()) {
            json[name] = item(image);
        }
    }
    json
}

fn item(attributes: &HashMap<String, AttributeValue>) -> Value {
    let mut names: Vec<&String> = attributes.keys().collect();
    names.sort_unstable();
    let pairs = names
        .into_iter()
        .filter_map(|name| Some((name.clone(), value(attributes.get(name)?))));
    Value::Object(pairs.collect::<Map<_, _>>())
}

fn value(attribute: &AttributeValue) -> Value {
    let base64 = |bytes: &[u8]| BASE64.encode(bytes);
    match attribute {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Bool(yes) => json!({ "BOOL": yes }),
        AttributeValue::Null(_) => json!({ "NULL": true }),
        AttributeValue::B(bytes) => json!({ "B": base64(bytes.as_ref()) }),
        AttributeValue::Ss(texts) => json!({ "SS": texts }),
        AttributeValue::Ns(numbers) => json!({ "NS": numbers }),
        AttributeValue::Bs(many) => {
            json!({ "BS": many.iter().map(|b| base64(b.as_ref())).collect::<Vec<_>>() })
        }
        AttributeValue::L(list) => json!({ "L": list.iter().map(value).collect::<Vec<_>>() }),
        AttributeValue::M(map) => json!({ "M": item(map) }),
        // A type invented after this was written.
        _ => Value::Null,
    }
}
