//! The key that wraps the keys of personal fields. Without it nothing sealed can be read again, so it is kept.

use serde_json::{Map, json};

use super::{Section, sub};

pub const KEY: &str = "FieldKey";

pub fn section() -> Section {
    let key = json!({
        "Type": "AWS::KMS::Key",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "Description": "Wraps the keys that personal fields are sealed with",
            "EnableKeyRotation": true,
            "KeyPolicy": {
                "Version": "2012-10-17",
                "Statement": [{
                    "Sid": "AccountDecides",
                    "Effect": "Allow",
                    "Principal": { "AWS": sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root") },
                    "Action": "kms:*",
                    "Resource": "*",
                }],
            },
        },
    });
    Section {
        heading: "The key that wraps the keys of personal fields.".to_owned(),
        resources: Map::from_iter([(KEY.to_owned(), key)]),
    }
}
