//! Who notices that a service outside fails although nobody who asks does.

use runtime::telemetry::{DIMENSION, MetricName, NAMESPACE};
use serde_json::{Map, Value, json};

use super::Section;

const QUARTER_OF_AN_HOUR_IN_SECONDS: u32 = 15 * 60;
/// One or two are a hiccup; a service that is away, or a key that ran out, soon makes more even on a quiet day.
const TOO_MANY: u32 = 3;

pub fn section() -> Section {
    Section {
        heading: "Services outside that fail, while people are answered without them.".to_owned(),
        resources: Map::from_iter([("OuterFaultsAlarm".to_owned(), alarm())]),
    }
}

/// Of all functions together, by a query: each counts for itself.
fn alarm() -> Value {
    let query = format!(
        r#"SELECT SUM({:?}) FROM SCHEMA("{NAMESPACE}", "{DIMENSION}")"#,
        MetricName::OuterFaults
    );
    json!({
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmDescription": "A service outside fails; `outer_fault` in the log says which and why",
            "Metrics": [{
                "Id": "faults",
                "Expression": query,
                "Period": QUARTER_OF_AN_HOUR_IN_SECONDS,
                "ReturnData": true,
            }],
            "EvaluationPeriods": 1,
            "Threshold": TOO_MANY,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": "notBreaching",
        },
    })
}
