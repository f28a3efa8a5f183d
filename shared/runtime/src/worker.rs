//! Work that no client waits for: fed by tables, buckets and the clock, handed over at least once.

use std::future::Future;
use std::sync::Arc;
use std::time::Instant;

use futures_util::stream::{self, StreamExt};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::context::{Context, Platform};
use crate::function::Trigger;
use crate::need::Need;
use crate::problem::Problem;
use crate::telemetry::{LimiterRecord, RequestRecord};

/// One kind of later work. Every event may come twice: `handle` must stand that.
pub trait Worker: 'static {
    const NAME: &'static str;
    const SUMMARY: &'static str;
    const TRIGGER: Trigger;
    const NEEDS: &'static [Need];
    const MEMORY_MB: u16 = 256;
    const TIMEOUT_SECONDS: u16 = 30;

    type Event: WorkerEvent;

    fn handle(context: &Context, event: Self::Event) -> impl Future<Output = Result<(), Problem>> + Send;
}

/// One thing that happened, as an event source tells it.
pub trait WorkerEvent: Sized + Send {
    /// None for records of other happenings.
    fn from_record(record: serde_json::Value) -> Result<Option<Self>, Problem>;
}

/// What Lambda is told of a batch: from the first failed record on, all is handed over again.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Batch {
    pub batch_item_failures: Vec<FailedItem>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FailedItem {
    pub item_identifier: String,
}

#[derive(Deserialize)]
struct Records {
    #[serde(rename = "Records", default)]
    records: Vec<serde_json::Value>,
}

pub(crate) async fn run<W: Worker>(platform: Arc<Platform>, event: serde_json::Value) -> Result<Batch, Problem> {
    for record in records::<W>(event)? {
        let sequence_number = record
            .pointer("/dynamodb/SequenceNumber")
            .and_then(|value| value.as_str());
        let sequence_number = sequence_number.map(str::to_owned);
        if let Err(problem) = run_one::<W>(&platform, record).await {
            // Streams are told where to go on; other sources repeat the whole event.
            return match sequence_number {
                Some(item_identifier) => Ok(Batch {
                    batch_item_failures: vec![FailedItem { item_identifier }],
                }),
                None => Err(problem),
            };
        }
    }
    Ok(Batch::default())
}

/// A schedule's event is one record itself.
fn records<W: Worker>(event: serde_json::Value) -> Result<Vec<serde_json::Value>, Problem> {
    if matches!(W::TRIGGER, Trigger::Schedule { .. }) {
        return Ok(vec![event]);
    }
    let Records { records } = serde_json::from_value(event).map_err(|error| Problem::internal(error.to_string()))?;
    Ok(records)
}

async fn run_one<W: Worker>(platform: &Arc<Platform>, record: serde_json::Value) -> Result<(), Problem> {
    let Some(event) = W::Event::from_record(record)? else {
        return Ok(());
    };
    let started = Instant::now();
    let context = Context::for_event(platform);
    let outcome = W::handle(&context, event).await;
    let problem = outcome.as_ref().err();
    platform.telemetry.request(&RequestRecord {
        at: context.now,
        function: W::NAME,
        request_id: "",
        user: None,
        method: "EVENT",
        path: "",
        status: problem.map_or(200, |problem| problem.status.as_u16()),
        problem: problem.map(|problem| problem.code),
        cause: problem.and_then(|problem| problem.cause.as_deref()),
        outer_fault: context.outer_fault.get().map(String::as_str),
        took: started.elapsed(),
        usage: context.store.usage(),
        limiter: LimiterRecord::default(),
    });
    outcome
}

/// An item that was put into a table.
pub struct Inserted<T>(pub T);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StreamRecord {
    event_name: String,
    dynamodb: StreamChange,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StreamChange {
    new_image: Option<serde_dynamo::Item>,
}

impl<T: DeserializeOwned + Send> WorkerEvent for Inserted<T> {
    fn from_record(record: serde_json::Value) -> Result<Option<Self>, Problem> {
        let record: StreamRecord =
            serde_json::from_value(record).map_err(|error| Problem::internal(error.to_string()))?;
        match record.dynamodb.new_image {
            Some(image) if record.event_name == "INSERT" => Ok(Some(Self(store::from_stream_image(image)?))),
            _ => Ok(None),
        }
    }
}

/// An object that was put into a bucket.
#[derive(Debug, PartialEq, Eq)]
pub struct ObjectCreated {
    /// Decoded: events carry it form-encoded.
    pub key: String,
    pub size_bytes: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ObjectRecord {
    event_name: String,
    s3: ObjectPlace,
}

#[derive(Deserialize)]
struct ObjectPlace {
    object: ObjectEntity,
}

#[derive(Deserialize)]
struct ObjectEntity {
    key: String,
    #[serde(default)]
    size: u64,
}

impl WorkerEvent for ObjectCreated {
    fn from_record(record: serde_json::Value) -> Result<Option<Self>, Problem> {
        let record: ObjectRecord =
            serde_json::from_value(record).map_err(|error| Problem::internal(error.to_string()))?;
        if !record.event_name.starts_with("ObjectCreated:") {
            return Ok(None);
        }
        let spaced = record.s3.object.key.replace('+', " ");
        let key = percent_encoding::percent_decode_str(&spaced)
            .decode_utf8_lossy()
            .into_owned();
        Ok(Some(Self {
            key,
            size_bytes: record.s3.object.size,
        }))
    }
}

/// A time that has come.
#[derive(Debug, PartialEq, Eq)]
pub struct TimeCame;

impl WorkerEvent for TimeCame {
    fn from_record(record: serde_json::Value) -> Result<Option<Self>, Problem> {
        Ok((record["detail-type"] == "Scheduled Event").then_some(Self))
    }
}

/// Does something with each, so many beside one another. One that fails holds up no other: what fails time and again must not
/// keep what stands behind it in a queue from being done. Fails as the first that did.
pub async fn for_each<T, F>(items: Vec<T>, at_once: usize, run: impl Fn(T) -> F) -> Result<(), Problem>
where
    F: Future<Output = Result<(), Problem>>,
{
    let mut outcomes = stream::iter(items).map(run).buffer_unordered(at_once);
    let mut first = Ok(());
    while let Some(outcome) = outcomes.next().await {
        first = first.and(outcome);
    }
    first
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn an_objects_key_is_form_decoded() {
        let record = serde_json::json!({
            "eventName": "ObjectCreated:Put",
            "s3": { "object": { "key": "a+b/%C3%BC%2B.jpg", "size": 3 } }
        });
        let event = ObjectCreated::from_record(record).unwrap().unwrap();
        assert_eq!(event.key, "a b/ü+.jpg");
    }

    #[test]
    fn a_schedule_is_told_by_its_event() {
        let event = serde_json::json!({ "source": "aws.events", "detail-type": "Scheduled Event", "detail": {} });
        assert_eq!(TimeCame::from_record(event).unwrap(), Some(TimeCame));
        assert_eq!(
            TimeCame::from_record(serde_json::json!({ "Records": [] })).unwrap(),
            None
        );
    }

    #[test]
    fn removals_are_not_insertions() {
        let record = serde_json::json!({ "eventName": "REMOVE", "dynamodb": { "SequenceNumber": "1" } });
        assert!(Inserted::<u8>::from_record(record).unwrap().is_none());
    }

    #[tokio::test]
    async fn what_fails_holds_up_nothing_behind_it_and_is_told() {
        let done = AtomicUsize::new(0);
        let run = async |number: usize| {
            done.fetch_add(1, Ordering::SeqCst);
            match number {
                3 | 5 => Err(Problem::internal(number.to_string())),
                _ => Ok(()),
            }
        };
        let failed = for_each((0..20).collect(), 1, &run).await.unwrap_err();
        assert_eq!(failed.cause.as_deref(), Some("3"));
        assert_eq!(done.load(Ordering::SeqCst), 20);
        assert!(for_each(vec![0, 1], 4, run).await.is_ok());
    }
}
