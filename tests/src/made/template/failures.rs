//! Where events go that no worker could handle, and who notices.

use serde_json::{Map, Value, json};

use super::{Section, attribute};

pub const QUEUE: &str = "FailedEvents";

const TWO_WEEKS_IN_SECONDS: u32 = 14 * 24 * 60 * 60;

pub fn section() -> Section {
    Section {
        heading: "Events that no worker could handle wait here for a person.".to_owned(),
        resources: Map::from_iter([(QUEUE.to_owned(), queue()), (QUEUE.to_owned() + "Alarm", alarm())]),
    }
}

pub fn queue_arn() -> Value {
    attribute(QUEUE, "Arn")
}

fn queue() -> Value {
    json!({
        "Type": "AWS::SQS::Queue",
        "Properties": { "MessageRetentionPeriod": TWO_WEEKS_IN_SECONDS, "SqsManagedSseEnabled": true },
    })
}

fn alarm() -> Value {
    json!({
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmDescription": "A worker gave up on an event",
            "Namespace": "AWS/SQS",
            "MetricName": "ApproximateNumberOfMessagesVisible",
            "Dimensions": [{ "Name": "QueueName", "Value": attribute(QUEUE, "QueueName") }],
            "Statistic": "Maximum",
            "Period": 300,
            "EvaluationPeriods": 1,
            "Threshold": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": "notBreaching",
        },
    })
}
