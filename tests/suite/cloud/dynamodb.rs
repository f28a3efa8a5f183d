//! DynamoDB: what the store relies on, checked against the embedded one.

mod items;
mod streams;
mod transactions;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, StreamSpecification, StreamViewType, TimeToLiveSpecification,
};
use local::cloud::Cloud;

use super::{SECRET_KEY, in_memory, sdk};

pub const TABLE: &str = "people";

pub fn client(cloud: &Cloud) -> Client {
    Client::from_conf(sdk!(aws_sdk_dynamodb, &cloud.dynamodb_url, SECRET_KEY).build())
}

pub fn s(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

pub fn n(number: impl ToString) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

fn key(name: &str, kind: KeyType) -> KeySchemaElement {
    KeySchemaElement::builder()
        .attribute_name(name)
        .key_type(kind)
        .build()
        .unwrap()
}

fn text(name: &str) -> AttributeDefinition {
    let text = AttributeDefinition::builder()
        .attribute_name(name)
        .attribute_type(ScalarAttributeType::S);
    text.build().unwrap()
}

/// Partition key `pk`, sort key `sk`, an index by `email`, a stream, expiry by `ttl`.
pub async fn create_table(db: &Client) {
    let index = GlobalSecondaryIndex::builder()
        .index_name("by-email")
        .key_schema(key("email", KeyType::Hash));
    let all = Projection::builder().projection_type(ProjectionType::All).build();
    let stream = StreamSpecification::builder()
        .stream_enabled(true)
        .stream_view_type(StreamViewType::NewAndOldImages);
    db.create_table()
        .table_name(TABLE)
        .billing_mode(BillingMode::PayPerRequest)
        .key_schema(key("pk", KeyType::Hash))
        .key_schema(key("sk", KeyType::Range))
        .set_attribute_definitions(Some(["pk", "sk", "email"].map(text).to_vec()))
        .global_secondary_indexes(index.projection(all).build().unwrap())
        .stream_specification(stream.build().unwrap())
        .send()
        .await
        .unwrap();
    let expiry = TimeToLiveSpecification::builder()
        .enabled(true)
        .attribute_name("ttl")
        .build()
        .unwrap();
    db.update_time_to_live()
        .table_name(TABLE)
        .time_to_live_specification(expiry)
        .send()
        .await
        .unwrap();
}

pub async fn table() -> (Cloud, Client) {
    let cloud = in_memory();
    let db = client(&cloud);
    create_table(&db).await;
    (cloud, db)
}

pub async fn put(db: &Client, pk: &str, sk: &str, more: &[(&str, AttributeValue)]) {
    let put = db.put_item().table_name(TABLE).item("pk", s(pk)).item("sk", s(sk));
    more.iter()
        .fold(put, |put, (name, value)| put.item(*name, value.clone()))
        .send()
        .await
        .unwrap();
}

pub async fn get(db: &Client, pk: &str, sk: &str) -> Option<std::collections::HashMap<String, AttributeValue>> {
    db.get_item()
        .table_name(TABLE)
        .key("pk", s(pk))
        .key("sk", s(sk))
        .send()
        .await
        .unwrap()
        .item
}
