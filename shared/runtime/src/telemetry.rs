//! One line per request or batch: JSON that is a log and, in CloudWatch's embedded metric format, a metric at once.
//!
//! Never bodies, query strings, addresses, phones, tokens or names. A person is a hash that tells callers apart
//! within the log.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use domain::id::UserId;
use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};
use store::Usage;

/// Of all metrics.
pub const NAMESPACE: &str = "Polyclinic";
/// What they are told apart by: the name of the function.
pub const DIMENSION: &str = "function";

/// Where the lines go.
#[derive(Clone)]
pub enum Telemetry {
    /// JSON to the standard output, which CloudWatch reads.
    CloudWatch,
    /// To whoever shows them, such as the local product.
    To(Arc<dyn Fn(&RequestRecord<'_>) + Send + Sync>),
}

/// What is worth knowing about one answered request.
pub struct RequestRecord<'a> {
    pub at: Timestamp,
    pub function: &'static str,
    pub request_id: &'a str,
    pub user: Option<UserId>,
    pub method: &'a str,
    /// For people at a terminal; left out of the cloud's log, where a path may hold a name.
    pub path: &'a str,
    pub status: u16,
    pub problem: Option<&'static str>,
    /// What failed inside, for 5xx.
    pub cause: Option<&'a str>,
    /// What failed outside, and was done without.
    pub outer_fault: Option<&'a str>,
    pub took: Duration,
    /// Without the limiter's.
    pub usage: Usage,
    pub limiter: LimiterRecord<'a>,
}

/// What counting the call took.
#[derive(Debug, Clone, Copy, Default)]
pub struct LimiterRecord<'a> {
    /// They run while the caller is being found.
    pub round_trips: u32,
    /// Why the call could not be counted.
    pub fault: Option<&'a str>,
}

impl Telemetry {
    pub fn request(&self, record: &RequestRecord<'_>) {
        match self {
            Telemetry::CloudWatch => write_line(record.to_line()),
            Telemetry::To(show) => show(record),
        }
    }
}

impl RequestRecord<'_> {
    /// As it stands in the cloud's log.
    pub fn to_line(&self) -> String {
        serde_json::to_string(&Line::new(self)).unwrap_or_default()
    }
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(rename = "_aws")]
    embedded_metrics: EmbeddedMetrics,
    level: &'static str,
    function: &'static str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    caller: Option<String>,
    method: &'a str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outer_fault: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limiter_fault: Option<&'a str>,
    #[serde(rename = "Latency")]
    latency_ms: f64,
    #[serde(rename = "Faults")]
    faults: u8,
    #[serde(rename = "RoundTrips")]
    round_trips: u32,
    #[serde(rename = "ReadUnits")]
    read_units: f64,
    #[serde(rename = "WriteUnits")]
    write_units: f64,
    #[serde(rename = "LimiterRoundTrips")]
    limiter_round_trips: u32,
    /// Calls that could not be counted: they passed, or were refused where credentials are guarded.
    #[serde(rename = "LimiterFaults")]
    limiter_faults: u8,
    #[serde(rename = "OuterFaults")]
    outer_faults: u8,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct EmbeddedMetrics {
    /// Milliseconds since 1970.
    timestamp: i64,
    cloud_watch_metrics: [MetricSet; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct MetricSet {
    namespace: &'static str,
    dimensions: [[&'static str; 1]; 1],
    metrics: [Metric; 8],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Metric {
    name: MetricName,
    unit: Unit,
}

/// Every metric there is; each is a member of a line.
#[derive(Debug, Clone, Copy, Serialize)]
pub enum MetricName {
    Latency,
    Faults,
    RoundTrips,
    ReadUnits,
    WriteUnits,
    LimiterRoundTrips,
    LimiterFaults,
    OuterFaults,
}

#[derive(Serialize)]
enum Unit {
    Milliseconds,
    Count,
}

impl<'a> Line<'a> {
    fn new(record: &RequestRecord<'a>) -> Self {
        let is_fault = record.status >= 500;
        Self {
            embedded_metrics: EmbeddedMetrics::at(record.at),
            level: if is_fault { "error" } else { "info" },
            function: record.function,
            request_id: record.request_id,
            caller: record.user.map(hash),
            method: record.method,
            status: record.status,
            problem: record.problem,
            cause: record.cause,
            latency_ms: record.took.as_secs_f64() * 1000.0,
            faults: u8::from(is_fault),
            round_trips: record.usage.round_trips,
            read_units: record.usage.read_units,
            write_units: record.usage.write_units,
            limiter_fault: record.limiter.fault,
            limiter_round_trips: record.limiter.round_trips,
            limiter_faults: u8::from(record.limiter.fault.is_some()),
            outer_fault: record.outer_fault,
            outer_faults: u8::from(record.outer_fault.is_some()),
        }
    }
}

impl EmbeddedMetrics {
    fn at(now: Timestamp) -> Self {
        let metric = |name, unit| Metric { name, unit };
        let metrics = [
            metric(MetricName::Latency, Unit::Milliseconds),
            metric(MetricName::Faults, Unit::Count),
            metric(MetricName::RoundTrips, Unit::Count),
            metric(MetricName::ReadUnits, Unit::Count),
            metric(MetricName::WriteUnits, Unit::Count),
            metric(MetricName::LimiterRoundTrips, Unit::Count),
            metric(MetricName::LimiterFaults, Unit::Count),
            metric(MetricName::OuterFaults, Unit::Count),
        ];
        Self {
            timestamp: now.as_millisecond(),
            cloud_watch_metrics: [MetricSet {
                namespace: NAMESPACE,
                dimensions: [[DIMENSION]],
                metrics,
            }],
        }
    }
}

fn hash(user: UserId) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(user.to_string())[..8])
}

/// A line that cannot be written must not fail the request.
fn write_line(mut line: String) {
    line.push('\n');
    let _ = std::io::stdout().lock().write_all(line.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_log_and_a_metric_and_names_nobody() {
        let user: UserId = "0123456789abcdef01234567".parse().unwrap();
        let record = RequestRecord {
            at: "2026-11-25T10:00:00Z".parse().unwrap(),
            function: "log-in",
            request_id: "r-1",
            user: Some(user),
            method: "POST",
            path: "/users/ana",
            status: 503,
            problem: Some("unavailable"),
            cause: Some("dns"),
            outer_fault: None,
            took: Duration::from_micros(1500),
            usage: Usage::default(),
            limiter: LimiterRecord::default(),
        };
        let text = record.to_line();
        let line: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert!(!text.contains("0123456789abcdef01234567") && !text.contains("ana"));
        let metrics = line["_aws"]["CloudWatchMetrics"][0]["Metrics"]
            .as_array()
            .unwrap()
            .clone();
        for metric in metrics {
            assert!(line[metric["Name"].as_str().unwrap()].is_number(), "{metric}");
        }
        assert_eq!(line["Latency"], 1.5);
        assert_eq!(line["Faults"], 1);
    }
}
