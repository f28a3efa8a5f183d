//! Makes the tables and buckets that are missing: what `template.yaml` does in the cloud, for the local product.

use aws_sdk_dynamodb::operation::create_table::CreateTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType, StreamSpecification,
    StreamViewType, TimeToLiveSpecification,
};
use aws_sdk_s3::operation::create_bucket::CreateBucketError;
use aws_sdk_s3::types::{CorsConfiguration, CorsRule};

use crate::bucket::Bucket;
use crate::table::{EXPIRY, PARTITION_KEY, SORT_KEY, Table};
use crate::{Error, Store};

/// Safe to call at every start: what is there stays as it is. Pages of `origins` may use those buckets that browsers use
/// directly.
pub async fn provision(store: &Store, origins: &[String]) -> Result<(), Error> {
    for table in Table::ALL {
        create_table(store, table).await?;
    }
    for bucket in Bucket::ALL {
        create_bucket(store, bucket).await?;
        if !bucket.browser_methods().is_empty() && !origins.is_empty() {
            allow_browsers(store, bucket, origins).await?;
        }
    }
    Ok(())
}

async fn create_table(store: &Store, table: Table) -> Result<(), Error> {
    let name = store.shared.names.table(table);
    let stream = table.has_stream().then(|| {
        StreamSpecification::builder()
            .stream_enabled(true)
            .stream_view_type(StreamViewType::NewImage)
            .build()
    });
    let stream = stream.transpose().map_err(invalid)?;
    let created = store
        .dynamodb()
        .create_table()
        .table_name(&name)
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(attribute(PARTITION_KEY)?)
        .attribute_definitions(attribute(SORT_KEY)?)
        .key_schema(key(PARTITION_KEY, KeyType::Hash)?)
        .key_schema(key(SORT_KEY, KeyType::Range)?)
        .set_stream_specification(stream)
        .send()
        .await;
    match created {
        Ok(_) => {}
        Err(error)
            if error
                .as_service_error()
                .is_some_and(CreateTableError::is_resource_in_use_exception) =>
        {
            return Ok(());
        }
        Err(error) => return Err(Error::from_sdk(error)),
    }
    let expiry = TimeToLiveSpecification::builder()
        .enabled(true)
        .attribute_name(EXPIRY)
        .build()
        .map_err(invalid)?;
    let call = store
        .dynamodb()
        .update_time_to_live()
        .table_name(name)
        .time_to_live_specification(expiry);
    call.send().await.map_err(Error::from_sdk)?;
    Ok(())
}

async fn create_bucket(store: &Store, bucket: Bucket) -> Result<(), Error> {
    let call = store.s3().create_bucket().bucket(store.shared.names.bucket(bucket));
    match call.send().await {
        Err(error)
            if error
                .as_service_error()
                .is_some_and(CreateBucketError::is_bucket_already_owned_by_you) =>
        {
            Ok(())
        }
        Err(error) => Err(Error::from_sdk(error)),
        Ok(_) => Ok(()),
    }
}

async fn allow_browsers(store: &Store, bucket: Bucket, origins: &[String]) -> Result<(), Error> {
    let methods = bucket.browser_methods().iter().map(ToString::to_string).collect();
    let rule = CorsRule::builder()
        .set_allowed_methods(Some(methods))
        .allowed_headers("*")
        .set_allowed_origins(Some(origins.to_vec()))
        .build()
        .map_err(invalid)?;
    let rules = CorsConfiguration::builder().cors_rules(rule).build().map_err(invalid)?;
    let call = store
        .s3()
        .put_bucket_cors()
        .bucket(store.shared.names.bucket(bucket))
        .cors_configuration(rules);
    call.send().await.map_err(Error::from_sdk)?;
    Ok(())
}

fn attribute(name: &str) -> Result<AttributeDefinition, Error> {
    let builder = AttributeDefinition::builder()
        .attribute_name(name)
        .attribute_type(ScalarAttributeType::S);
    builder.build().map_err(invalid)
}

fn key(name: &str, kind: KeyType) -> Result<KeySchemaElement, Error> {
    KeySchemaElement::builder()
        .attribute_name(name)
        .key_type(kind)
        .build()
        .map_err(invalid)
}

fn invalid(error: aws_sdk_dynamodb::error::BuildError) -> Error {
    Error::Rejected(error.to_string())
}
