//! S3 notifications: a worker subscribes to the changes of a bucket, or of a part of it.

use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::sync::mpsc::UnboundedReceiver;

use super::{Feed, Invoke, Retries, deliver};
use crate::cloud::{ObjectEvent, REGION};

/// Lambda runs asynchronous invocations side by side; a laptop should not run a thousand.
const CONCURRENCY: usize = 8;
/// S3 leaves these as they are; a space becomes a plus.
const FORM_KEY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'*')
    .remove(b'/')
    .remove(b' ');

pub struct ObjectSubscription {
    /// For the log, and the `configurationId` of the event.
    pub name: String,
    pub bucket: String,
    pub key_prefix: String,
    /// `ObjectCreated:` for every way to create; the full name for one.
    pub event_prefix: String,
    pub invoke: Invoke,
}

/// Must be called within a runtime.
pub fn feed(mut events: UnboundedReceiver<ObjectEvent>, subscriptions: Vec<ObjectSubscription>) -> Feed {
    Feed::start(async move {
        let places = Arc::new(Semaphore::new(CONCURRENCY));
        let mut running = tokio::task::JoinSet::new();
        while let Some(event) = events.recv().await {
            for subscription in subscriptions.iter().filter(|subscription| subscription.wants(&event)) {
                let Ok(place) = places.clone().acquire_owned().await else {
                    return;
                };
                let (name, invoke) = (subscription.name.clone(), subscription.invoke.clone());
                let event = notification(&subscription.name, &event);
                running.spawn(async move {
                    deliver(&name, &invoke, event, Retries::ASYNCHRONOUS).await;
                    drop(place);
                });
            }
            while running.try_join_next().is_some() {}
        }
        running.join_all().await;
    })
}

impl ObjectSubscription {
    fn wants(&self, event: &ObjectEvent) -> bool {
        event.bucket == self.bucket
            && event.key.starts_with(&self.key_prefix)
            && event.name.starts_with(&self.event_prefix)
    }
}

/// The document S3 sends. Keys are form-encoded: a reader that forgets to decode fails here too.
pub fn notification(configuration: &str, event: &ObjectEvent) -> Value {
    let key = utf8_percent_encode(&event.key, FORM_KEY).to_string().replace(' ', "+");
    let mut object = json!({ "key": key, "sequencer": event.sequencer });
    if !event.name.starts_with("ObjectRemoved") {
        object["size"] = event.size.into();
        object["eTag"] = event.etag.clone().into();
    }
    json!({ "Records": [{
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": REGION,
        "eventTime": format!("{:.3}", event.time),
        "eventName": event.name,
        "userIdentity": { "principalId": "AWS:AROALOCAL:polyclinic" },
        "requestParameters": { "sourceIPAddress": "127.0.0.1" },
        "responseElements": { "x-amz-request-id": event.sequencer, "x-amz-id-2": event.sequencer },
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": configuration,
            "bucket": {
                "name": event.bucket,
                "ownerIdentity": { "principalId": "LOCAL" },
                "arn": format!("arn:aws:s3:::{}", event.bucket),
            },
            "object": object,
        }
    }]})
}
