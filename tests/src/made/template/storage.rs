//! Tables and buckets. A stack that is deleted leaves both: they hold what cannot be had again.

use serde_json::{Map, Value, json};
use store::bucket::{Bucket, Expiry};
use store::table::{EXPIRY, PARTITION_KEY, SORT_KEY, Table};

use super::parameters::HAS_ORIGINS;
use super::policy::{bucket_arn, bucket_id, bucket_name, table_id};
use super::{Section, reference, sub};

pub fn tables() -> Section {
    Section {
        heading: "Tables: on demand, encrypted; all but the limits, the ledger and the sockets restorable to any second of the last 35 days."
            .to_owned(),
        resources: Table::ALL
            .into_iter()
            .map(|each| (table_id(each), table(each)))
            .collect(),
    }
}

fn table(table: Table) -> Value {
    let mut properties = json!({
        "TableName": sub(&format!("${{AWS::StackName}}-{}", table.name())),
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            { "AttributeName": PARTITION_KEY, "AttributeType": "S" },
            { "AttributeName": SORT_KEY, "AttributeType": "S" },
        ],
        "KeySchema": [
            { "AttributeName": PARTITION_KEY, "KeyType": "HASH" },
            { "AttributeName": SORT_KEY, "KeyType": "RANGE" },
        ],
        "TimeToLiveSpecification": { "AttributeName": EXPIRY, "Enabled": true },
        "PointInTimeRecoverySpecification": { "PointInTimeRecoveryEnabled": table.is_restorable() },
        "SSESpecification": { "SSEEnabled": true },
        "DeletionProtectionEnabled": true,
    });
    if table.has_stream() {
        properties["StreamSpecification"] = json!({ "StreamViewType": "NEW_IMAGE" });
    }
    kept("AWS::DynamoDB::Table", properties)
}

pub fn buckets() -> Section {
    let both = |each| {
        [
            (bucket_id(each), bucket(each)),
            (bucket_id(each) + "Policy", tls_only(each)),
        ]
    };
    Section {
        heading: "Buckets: private, encrypted, TLS only. Their names need a stack name in lower case.".to_owned(),
        resources: Bucket::ALL.into_iter().flat_map(both).collect(),
    }
}

fn bucket(bucket: Bucket) -> Value {
    let mut properties = json!({
        "BucketName": sub(&bucket_name(bucket)),
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [{ "ServerSideEncryptionByDefault": { "SSEAlgorithm": "AES256" } }],
        },
        "OwnershipControls": { "Rules": [{ "ObjectOwnership": "BucketOwnerEnforced" }] },
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": true,
            "BlockPublicPolicy": true,
            "IgnorePublicAcls": true,
            "RestrictPublicBuckets": true,
        },
        "LifecycleConfiguration": { "Rules": lifecycle(bucket) },
    });
    let methods = bucket.browser_methods();
    if !methods.is_empty() {
        let cors = json!({ "CorsRules": [browser_use(methods)] });
        properties["CorsConfiguration"] = json!({ "Fn::If": [HAS_ORIGINS, cors, reference("AWS::NoValue")] });
    }
    kept("AWS::S3::Bucket", properties)
}

fn lifecycle(bucket: Bucket) -> Vec<Value> {
    let mut rules = vec![json!({
        "Id": "AbortIncompleteUploads",
        "Status": "Enabled",
        "AbortIncompleteMultipartUpload": { "DaysAfterInitiation": 1 },
    })];
    if let Some(Expiry { prefix, days }) = bucket.expiry() {
        let mut rule = json!({ "Id": "Expire", "Status": "Enabled", "ExpirationInDays": days });
        if !prefix.is_empty() {
            rule["Prefix"] = prefix.into();
        }
        rules.push(rule);
    }
    rules
}

fn browser_use(methods: &[&str]) -> Value {
    json!({
        "AllowedOrigins": reference("CorsOrigins"),
        "AllowedMethods": methods,
        "AllowedHeaders": ["content-type", "content-md5", "x-amz-*"],
        "ExposedHeaders": ["ETag"],
        "MaxAge": runtime::cors::MAX_AGE_SECONDS,
    })
}

fn tls_only(bucket: Bucket) -> Value {
    json!({
        "Type": "AWS::S3::BucketPolicy",
        "Properties": {
            "Bucket": reference(&bucket_id(bucket)),
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [{
                    "Sid": "TlsOnly",
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "s3:*",
                    "Resource": [sub(&bucket_arn(bucket)), sub(&(bucket_arn(bucket) + "/*"))],
                    "Condition": { "Bool": { "aws:SecureTransport": "false" } },
                }],
            },
        },
    })
}

fn kept(kind: &str, properties: Value) -> Value {
    let mut resource = Map::new();
    resource.insert("Type".to_owned(), kind.into());
    resource.insert("DeletionPolicy".to_owned(), "Retain".into());
    resource.insert("UpdateReplacePolicy".to_owned(), "Retain".into());
    resource.insert("Properties".to_owned(), properties);
    resource.into()
}
